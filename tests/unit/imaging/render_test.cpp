#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "scene_fixture.hpp"

namespace adgenome::imaging {
namespace {

TEST_CASE("a plain backdrop is cut away, a scene is left alone") {
  const Picture whole = can();
  const Image cut = cut_out(whole.image);
  CHECK(cut.width < whole.image.width);
  CHECK(cut.height < whole.image.height);
  CHECK(cut.width >= 215);
  CHECK(cut.height >= 425);
  CHECK(cut.pixel(cut.width / 2, cut.height / 2)[3] == 255);
  Image scene = whole.image;
  for (std::size_t i = 0; i < scene.rgba.size(); i += 4)
    scene.rgba[i] = static_cast<std::uint8_t>(i / 997 % 256);
  CHECK(cut_out(scene).rgba == scene.rgba);
}

TEST_CASE(
    "every layout at every size: headline and button are there, inside, clear of the zones "
    "that a story's controls cover, and readable") {
  Fixture fixture;
  const auto renderer = make_renderer();
  for (const std::string& name : creative::layout_names()) {
    for (const auto& size : kSizes) {
      CAPTURE(name);
      CAPTURE(size[0]);
      CAPTURE(size[1]);
      const Drawing drawing = renderer->render(fixture.with(name, size[0], size[1]));
      CHECK(drawing.image.width == size[0]);
      CHECK(drawing.image.height == size[1]);
      const creative::Rendering& rendering = drawing.rendering;
      const creative::PlacedText* headline = find_text(rendering, "headline");
      REQUIRE(headline);
      CHECK(headline->text == fixture.scene.content.headline);
      CHECK(headline->font_px >= 0.04 * std::min(size[0], size[1]));
      REQUIRE(find_text(rendering, "cta"));
      CHECK(find_text(rendering, "cta")->lines == 1);
      CHECK(rendering.product);
      for (const creative::PlacedText& text : rendering.texts) {
        CAPTURE(text.text);
        CHECK(text.box.x >= 0.02 * size[0]);
        CHECK(text.box.x + text.box.width <= 0.98 * size[0]);
        CHECK(text.box.y >= (size[1] == 1920 ? creative::kStorySafeTop * 1920 : 0.02 * size[1]));
        CHECK(text.box.y + text.box.height <=
              (size[1] == 1920 ? (1 - creative::kStorySafeBottom) * 1920 : 0.98 * size[1]) + 0.5);
        CHECK(text.font_px >= 0.0175 * std::min(size[0], size[1]));
      }
    }
  }
}

/// Share of an ink's pixels under the text: it was drawn where the rendering says.
double share_of_ink(const Image& image, const creative::PlacedText& text) {
  const creative::Rgb ink = *creative::parse_hex(text.ink);
  int same = 0;
  int all = 0;
  for (int y = static_cast<int>(text.box.y); y < text.box.y + text.box.height; ++y) {
    for (int x = static_cast<int>(text.box.x); x < text.box.x + text.box.width; ++x, ++all) {
      const std::uint8_t* p = image.pixel(x, y);
      same += creative::Rgb{p[0], p[1], p[2]} == ink ? 1 : 0;
    }
  }
  return static_cast<double>(same) / std::max(all, 1);
}

TEST_CASE("the rendering says where the text is, and texts do not lie on each other") {
  Fixture fixture;
  const auto renderer = make_renderer();
  for (const std::string& name : creative::layout_names()) {
    for (const auto& size : kSizes) {
      CAPTURE(name);
      CAPTURE(size[0]);
      CAPTURE(size[1]);
      const Drawing drawing = renderer->render(fixture.with(name, size[0], size[1]));
      const auto& texts = drawing.rendering.texts;
      CHECK(share_of_ink(drawing.image, *find_text(drawing.rendering, "headline")) > 0.06);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          CAPTURE(texts[i].text);
          CAPTURE(texts[j].text);
          const creative::Box& a = texts[i].box;
          const creative::Box& b = texts[j].box;
          const bool is_apart = a.x + a.width <= b.x || b.x + b.width <= a.x ||
                                a.y + a.height <= b.y || b.y + b.height <= a.y;
          CHECK(is_apart);
        }
      }
    }
  }
}

TEST_CASE("the same scene gives the same pixels, in any thread") {
  Fixture fixture;
  const auto renderer = make_renderer();
  const Scene& scene = fixture.with("testimonial", 1080, 1080);
  const Drawing first = renderer->render(scene);
  Drawing second;
  std::thread([&] { second = renderer->render(scene); }).join();
  CHECK(first.image.rgba == second.image.rgba);
}

TEST_CASE("text on any ground can be read: the ink changes, or a scrim is laid") {
  Fixture fixture;
  const auto renderer = make_renderer();
  // A photo of stark stripes, on which no ink reads by itself.
  Picture photo{"stripes.png", {200, 200, {}}};
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      const int v = x / 8 % 2 == 0 ? 20 : 235;
      for (const int value : {v, v, v, 255})
        photo.image.rgba.push_back(static_cast<std::uint8_t>(value));
    }
  }
  fixture.scene.photo = &photo;
  creative::Layout layout =
      creative::parse_layout(core::parse_json(R"({"name": "t", "elements": [{"kind": "photo"},
        {"kind": "stack", "box": [0.1, 0.2, 0.8, 0.3], "items": [{"kind": "headline"}]}]})",
                                              "t"),
                             "t");
  fixture.scene.layout = &layout;
  fixture.scene.width = fixture.scene.height = 540;
  const Drawing drawing = renderer->render(fixture.scene);
  const creative::PlacedText& text = drawing.rendering.texts.at(0);
  const creative::Rgb ink = *creative::parse_hex(text.ink);
  // Along the box's upper edge there is ground and no ink.
  for (int x = static_cast<int>(text.box.x); x < text.box.x + text.box.width; ++x) {
    const std::uint8_t* p = drawing.image.pixel(x, static_cast<int>(text.box.y) - 4);
    REQUIRE(creative::contrast(ink, {p[0], p[1], p[2]}) >= 2.9);
  }
}

TEST_CASE("a headline that cannot fit is refused by its text and size") {
  Fixture fixture;
  const auto renderer = make_renderer();
  std::string endless;
  for (int i = 0; i < 60; ++i) endless += "Donaudampfschifffahrt ";
  fixture.scene.content.headline = endless;
  try {
    renderer->render(fixture.with("minimal-text", 1080, 1080));
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(std::string(error.what()).starts_with("the headline \"Donaudampfschifffahrt"));
    CHECK(std::string(error.what()).ends_with("does not fit at 37 px"));
  }
}

bool is_at(const Image& image, double x, double y, creative::Rgb color) {
  const std::uint8_t* p = image.pixel(static_cast<int>(x), static_cast<int>(y));
  return creative::Rgb{p[0], p[1], p[2]} == color;
}

TEST_CASE("long rows of a list are set smaller before they are left out") {
  Fixture fixture;
  const auto renderer = make_renderer();
  fixture.scene.content.headline = "Nicht ohne diese Flasche";
  fixture.scene.content.benefits = {"24 Stunden eiskalt", "Geschmacksneutral",
                                    "Auslaufsicherer Schraubverschluss"};
  for (const char* name : {"infographic", "comparison"}) {
    for (const auto& size : kSizes) {
      const Drawing drawing = renderer->render(fixture.with(name, size[0], size[1]));
      const auto& texts = drawing.rendering.texts;
      INFO(name, " ", size[0], "x", size[1]);
      CHECK(std::count_if(texts.begin(), texts.end(),
                          [](const auto& text) { return text.role == "benefit"; }) == 3);
    }
  }
}

TEST_CASE("a card is painted for a text, and none without") {
  Fixture fixture;
  const auto renderer = make_renderer();
  // Inside the fourth card, beside its text.
  constexpr double kX = 0.72 * 1080;
  constexpr double kY = 0.635 * 1080;
  const creative::Rgb surface = fixture.scene.palette.surface;
  CHECK(is_at(renderer->render(fixture.with("infographic", 1080, 1080)).image, kX, kY, surface));
  fixture.scene.content.benefits.pop_back();
  CHECK_FALSE(
      is_at(renderer->render(fixture.with("infographic", 1080, 1080)).image, kX, kY, surface));
}

TEST_CASE("only what somebody said stands under a quotation mark") {
  Fixture fixture;
  const auto renderer = make_renderer();
  fixture.scene.content.rating.reset();
  const auto count_accents = [&](const char* headline) {
    fixture.scene.content.headline = headline;
    const Image image = renderer->render(fixture.with("testimonial", 1080, 1080)).image;
    int count = 0;
    for (int y = 0; y < 500; ++y) {
      for (int x = 0; x < 1080; ++x) count += is_at(image, x, y, fixture.scene.palette.accent);
    }
    return count;
  };
  CHECK(count_accents("“I drink it cold”") > 500);
  CHECK(count_accents("I drink it cold") == 0);
}

TEST_CASE("an ad without pictures, offer, rating or logo is still an ad") {
  Fixture fixture;
  const auto renderer = make_renderer();
  fixture.scene.content = {};
  fixture.scene.content.headline = "Short";
  fixture.scene.content.brand_name = "Dawnline";
  fixture.scene.product = nullptr;
  for (const std::string& name : creative::layout_names()) {
    for (const auto& size : kSizes) {
      const Drawing drawing = renderer->render(fixture.with(name, size[0], size[1]));
      CHECK(find_text(drawing.rendering, "headline"));
      CHECK_FALSE(drawing.rendering.product);
      CHECK_FALSE(find_text(drawing.rendering, "cta"));
    }
  }
}

}  // namespace
}  // namespace adgenome::imaging
