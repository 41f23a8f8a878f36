#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <nlohmann/json.hpp>

#include "scene_fixture.hpp"

namespace adgenome::imaging {
namespace {

/// Pixels that differ between two drawings, inside a box and outside it.
struct Differences {
  int inside = 0;
  int outside = 0;
};

Differences differences(const Image& one, const Image& other, const creative::Box& box) {
  Differences found;
  for (int y = 0; y < one.height; ++y) {
    for (int x = 0; x < one.width; ++x) {
      const std::uint8_t* a = one.pixel(x, y);
      const std::uint8_t* b = other.pixel(x, y);
      if (a[0] == b[0] && a[1] == b[1] && a[2] == b[2]) continue;
      const bool is_inside = x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 &&
                             y <= box.y + box.height + 1;
      ++(is_inside ? found.inside : found.outside);
    }
  }
  return found;
}

/// A layout of one headline on a plain ground, in a box of 0.8 x 0.5.
creative::Layout plain(const std::string& font) {
  const core::Json document = {
      {"name", "plain"},
      {"elements",
       {{{"kind", "shape"}, {"fill", "light"}},
        {{"kind", "stack"},
         {"box", {0.1, 0.2, 0.8, 0.5}},
         {"items", {{{"kind", "headline"}, {"font", font}, {"ink", "dark"}, {"size", 0.12}}}}}}}};
  return creative::parse_layout(document, "plain");
}

struct Script {
  const char* name;
  const char* headline;
  bool is_right_to_left = false;
};

constexpr Script kScripts[] = {
    {"Latin", "Cold brew that is ready before you are"},
    {"accents", "Żółty łabędź à Œuvre, naïve Ångström"},
    {"German compounds",
     "Donaudampfschifffahrtsgesellschaftskapitänsmütze trifft Geschwindigkeitsbegrenzung"},
    {"Greek", "Κρύος καφές, έτοιμος πριν από σένα"},
    {"Cyrillic", "Холодный кофе, готовый раньше тебя"},
    {"Arabic", "قهوة باردة جاهزة قبل أن تستيقظ من نومك", true},
    {"Hebrew", "קפה קר שמוכן עוד לפני שאתה קם", true},
    {"Japanese", "朝いちばんに、冷たいコーヒーを。もう並ばなくていい。"},
    {"Korean", "당신보다 먼저 준비되는 콜드브루"},
    {"Chinese", "比你更早准备好的冷萃咖啡"},
    {"emoji", "Cold brew 😀 ready ☕ before you are 👩‍🚀"},
};

TEST_CASE("every script is shaped, stays in its box and is wholly drawn") {
  const auto renderer = make_renderer();
  for (const char* font : {"display", "serif"}) {
    Fixture fixture;
    fixture.layout = plain(font);
    fixture.scene.layout = &fixture.layout;
    fixture.scene.width = fixture.scene.height = 540;
    fixture.scene.content.headline = ".";
    const Drawing ground = renderer->render(fixture.scene);
    for (const Script& script : kScripts) {
      CAPTURE(font);
      CAPTURE(script.name);
      fixture.scene.content.headline = script.headline;
      const Drawing drawing = renderer->render(fixture.scene);
      REQUIRE(drawing.rendering.texts.size() == 1);
      const creative::PlacedText& text = drawing.rendering.texts[0];
      // Soft hyphens are of the picture and not of the text.
      CHECK(text.text == script.headline);
      CHECK(text.lines <= 4);
      CHECK(text.font_px >= 0.05 * 540);
      CHECK(text.box.x >= 0.1 * 540 - 2);
      CHECK(text.box.x + text.box.width <= 0.9 * 540 + 2);
      CHECK(text.box.y >= 0.2 * 540 - 2);
      CHECK(text.box.y + text.box.height <= 0.7 * 540 + 2);
      if (script.is_right_to_left) {
        CHECK(text.box.x + text.box.width >= 0.9 * 540 - 12);
      } else {
        CHECK(text.box.x <= 0.1 * 540 + 12);
      }
      const Differences drawn = differences(drawing.image, ground.image, text.box);
      CHECK(drawn.inside > 800);
      const creative::Box& period = ground.rendering.texts[0].box;
      CHECK(drawn.outside <= (period.width + 2) * (period.height + 2));
    }
  }
}

TEST_CASE("letters of Arabic are joined: the word is narrower than its letters apart") {
  const auto renderer = make_renderer();
  Fixture fixture;
  fixture.layout = plain("display");
  fixture.scene.layout = &fixture.layout;
  fixture.scene.width = fixture.scene.height = 540;
  const auto width_of = [&](const char* headline) {
    fixture.scene.content.headline = headline;
    const Drawing drawing = renderer->render(fixture.scene);
    return drawing.rendering.texts.at(0).box.width / drawing.rendering.texts.at(0).font_px;
  };
  // The same letters kept apart by zero-width non-joiners.
  CHECK(width_of("بيتنا") < 0.85 * width_of("ب\u200cي\u200cت\u200cن\u200cا"));
}

TEST_CASE("figures are of the font that the letters are of") {
  const auto renderer = make_renderer();
  for (const char* font : {"display", "serif"}) {
    Fixture fixture;
    fixture.layout = plain(font);
    fixture.scene.layout = &fixture.layout;
    fixture.scene.width = fixture.scene.height = 540;
    const auto width_of = [&](const char* headline) {
      fixture.scene.content.headline = headline;
      const Drawing drawing = renderer->render(fixture.scene);
      return drawing.rendering.texts.at(0).box.width / drawing.rendering.texts.at(0).font_px;
    };
    // Figures of an emoji font are twice as wide, and so are its blanks.
    CHECK(width_of("for 4 to 8") < 1.2 * width_of("for a to b"));
  }
}

TEST_CASE("a compound that is too long for its line is parted where its language parts it") {
  const auto renderer = make_renderer();
  Fixture fixture;
  fixture.layout = plain("display");
  fixture.scene.layout = &fixture.layout;
  fixture.scene.width = fixture.scene.height = 540;
  fixture.scene.content.headline = "Die Geschwindigkeitsbegrenzungsaufhebung";
  const Drawing drawing = renderer->render(fixture.scene);
  const creative::PlacedText& text = drawing.rendering.texts.at(0);
  CHECK(text.lines >= 3);
  // Whole, the word allows 19 px in this box.
  CHECK(text.font_px >= 40);
}

TEST_CASE("characters that no font has are an error that names them and the text") {
  const auto renderer = make_renderer();
  Fixture fixture;
  const auto message = [&]() -> std::string {
    try {
      renderer->render(fixture.with("product-focus", 540, 540));
    } catch (const core::InvalidInput& error) {
      return error.what();
    }
    return "drawn";
  };
  fixture.scene.content.headline = "Cold \U000f1234 brew";
  CHECK(message() == "no font has U+F1234 of the headline \"Cold \U000f1234 brew\"");
  fixture.scene.content.headline = "Cold brew";
  fixture.scene.content.call_to_action = "Buy \U00012345\uabcd now";  // both unassigned or rare
  CHECK((message() == "drawn" || message().starts_with("no font has ")));
}

TEST_CASE("a headline of 5,000 characters is refused by a message that can be read") {
  const auto renderer = make_renderer();
  Fixture fixture;
  while (fixture.scene.content.headline.size() < 5000) fixture.scene.content.headline += " more";
  try {
    renderer->render(fixture.with("testimonial", 1080, 1080));
    FAIL("accepted");
  } catch (const core::InvalidInput& error) {
    CHECK(std::string(error.what()).size() < 160);
    CHECK(std::string(error.what()).find("...\" does not fit at ") != std::string::npos);
  }
}

TEST_CASE("Japanese breaks between its phrases") {
  Fixture fixture;
  const auto renderer = make_renderer();
  // Phrases of 2, 2, 5 and 4 characters: the even break, after 7, would part one.
  fixture.scene.content.headline = "朝の氷が真夜中まで溶けない";
  for (const char* name : {"product-focus", "professional", "problem-solution"}) {
    for (const auto& size : kSizes) {
      const Drawing drawing = renderer->render(fixture.with(name, size[0], size[1]));
      const creative::PlacedText* headline = find_text(drawing.rendering, "headline");
      REQUIRE(headline);
      const auto longest = std::lround(headline->box.width / headline->font_px);
      INFO(name, " ", size[0], "x", size[1], ": ", longest);
      CHECK((longest == 13 || longest == 9 || longest == 5 || longest == 4));
    }
  }
}

}  // namespace
}  // namespace adgenome::imaging
