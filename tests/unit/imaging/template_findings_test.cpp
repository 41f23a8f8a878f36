#include <doctest/doctest.h>

#include <adgenome/imaging/template_findings.hpp>
#include <nlohmann/json.hpp>

#include "scene_fixture.hpp"

namespace adgenome::imaging {
namespace {

double intersection_over_union(const creative::Box& a, const creative::Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (a.width * a.height + b.width * b.height - width * height);
}

const TextArea* find_role(const TemplateFindings& findings, const std::string& role) {
  const auto found = std::ranges::find(*findings.texts, role, &TextArea::role);
  return found == findings.texts->end() ? nullptr : &*found;
}

/// A mark beside four letters, as logos are: 200 x 50 pixels, dark on nothing.
Picture mark() {
  Picture picture{"mark.png", {200, 50, {}}};
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 200; ++x) {
      const bool is_mark = x < 50 && std::hypot(x - 25, y - 25) < 24 && std::abs(y - 25) > 4;
      const bool is_stem = x >= 66 && (x - 66) % 34 < 9 && y > 10 && y < 40;
      const bool is_bar = x >= 66 && (x - 66) % 34 < 24 && (y > 32 && y < 40);
      for (const int v : {20, 60, 60, is_mark || is_stem || is_bar ? 255 : 0})
        picture.image.rgba.push_back(static_cast<std::uint8_t>(v));
    }
  }
  return picture;
}

TEST_CASE("what the project draws is found again: headline, button, logo, palette") {
  const auto renderer = make_renderer();
  const auto reader = open_text_reader();
  const Picture logo = mark();
  int headlines = 0;
  int buttons = 0;
  int drawn_logos = 0;
  int found_logos = 0;
  for (const std::string& name : creative::layout_names()) {
    CAPTURE(name);
    Fixture fixture;
    fixture.scene.logo = &logo;
    const Drawing drawing = renderer->render(fixture.with(name, 1080, 1080));
    const TemplateFindings findings = find_parts(drawing.image, reader.get());
    REQUIRE(findings.texts);
    const TextArea* headline = find_role(findings, "headline");
    const creative::PlacedText& meant = *find_text(drawing.rendering, "headline");
    if (headline && intersection_over_union(headline->box, meant.box) > 0.6) {
      ++headlines;
      const auto characters = static_cast<std::int64_t>(meant.text.size());
      CHECK(headline->most_characters >= characters * 9 / 10);
      CHECK(headline->most_characters <= characters * 2);
      CHECK(headline->confidence > 0.7);
    }
    const TextArea* button = find_role(findings, "cta");
    if (button && button->text == "Shop now") ++buttons;
    if (drawing.rendering.logo) {
      ++drawn_logos;
      found_logos += std::ranges::any_of(findings.logos, [&](const LogoArea& area) {
        return intersection_over_union(area.box, *drawing.rendering.logo) > 0.4;
      });
    }
    CHECK(findings.palette.size() >= 2);
    CHECK(findings.palette_confidence > 0.7);
  }
  CHECK(headlines >= 11);
  CHECK(buttons >= 11);
  CHECK(found_logos * 10 >= drawn_logos * 7);
}

TEST_CASE("a picture without text has areas that are empty, one that is not read has none") {
  const auto reader = open_text_reader();
  Image plain{200, 200, std::vector<std::uint8_t>(160000, 200)};
  const TemplateFindings read = find_parts(plain, reader.get());
  REQUIRE(read.texts);
  CHECK(read.texts->empty());
  CHECK(read.logos.empty());
  REQUIRE(read.palette.size() == 1);
  CHECK(creative::to_hex(read.palette[0]) == "#c8c8c8");
  CHECK(read.palette_confidence == 1);
  CHECK_FALSE(find_parts(plain, nullptr).texts);
}

}  // namespace
}  // namespace adgenome::imaging
