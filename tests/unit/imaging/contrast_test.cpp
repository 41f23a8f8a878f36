#include <doctest/doctest.h>

#include <adgenome/core/files.hpp>
#include <adgenome/imaging/measures.hpp>
#include <atomic>
#include <mutex>
#include <thread>

#include "scene_fixture.hpp"

namespace adgenome::imaging {
namespace {

Picture demo_picture(const std::string& name, bool is_product) {
  const std::string file = std::string(TEST_SOURCE_DIR) + "/../demo-assets/" + name;
  Picture picture{name, decode(core::read_all(file), name)};
  if (is_product) picture.image = cut_out(picture.image);
  return picture;
}

/// The palettes of all demo templates differ; these are the hard ones: middle tones, pale
/// accents, nearly gray, and the brand's own.
const std::vector<std::vector<const char*>> kPalettes{
    {"#17413c", "#f3ebdd", "#e2683c", "#12211f", "#cfe0dc"},
    {"#dfe8ea", "#1f4b57", "#f2a65a", "#10232a"},
    {"#f3c6b5", "#8a7f78", "#f2b5a0"},
    {"#7f7f7f", "#808a80", "#9a9a9a"},
    {"#ffe14d", "#ff7ab8", "#27e0c8"},
};

std::vector<creative::Rgb> colors_of(const std::vector<const char*>& hex) {
  std::vector<creative::Rgb> colors;
  for (const char* text : hex) colors.push_back(*creative::parse_hex(text));
  return colors;
}

struct Case {
  std::string layout;
  int width = 0;
  int height = 0;
  std::vector<creative::Rgb> colors;
  bool is_ember = false;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  std::size_t next = 0;
  for (const std::string& layout : creative::layout_names()) {
    for (const auto& size : kSizes) {
      for (const bool is_ember : {false, true}) {
        // Each palette as it is and turned, in every layout and size over both products.
        for (int i = 0; i < 3; ++i, ++next) {
          std::vector<creative::Rgb> colors = colors_of(kPalettes[next % kPalettes.size()]);
          if (i % 2 == 1) colors = creative::complementary_colors(colors);
          all.push_back({layout, size[0], size[1], colors, is_ember});
        }
      }
    }
  }
  return all;
}

TEST_CASE("every text of every layout reads on the pixels that were drawn") {
  const auto renderer = make_renderer();
  const Picture logo = demo_picture("logo.png", false);
  const Picture products[] = {demo_picture("ridge-front.png", true),
                              demo_picture("ember-front.png", true)};
  const Picture photos[] = {demo_picture("ridge-lake.png", false),
                            demo_picture("ember-desk.png", false)};
  const std::vector<Case> all = cases();
  CHECK(all.size() == 288);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> texts = 0;
  std::mutex reporting;
  const auto work = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      const Case& one = all[i];
      Fixture fixture;
      fixture.scene.palette = creative::make_palette(one.colors);
      fixture.scene.product = &products[one.is_ember ? 1 : 0];
      fixture.scene.photo = &photos[one.is_ember ? 1 : 0];
      fixture.scene.logo = &logo;
      fixture.scene.content.disclaimer = "Tested at 20 °C room temperature.";
      const Drawing drawing = renderer->render(fixture.with(one.layout, one.width, one.height));
      for (const creative::PlacedText& text : drawing.rendering.texts) {
        const auto contrast =
            text_contrast(drawing.image, text.box, *creative::parse_hex(text.ink), text.font_px);
        const double required = creative::required_contrast(text.font_px, text.is_bold);
        ++texts;
        const std::lock_guard lock(reporting);
        CAPTURE(one.layout);
        CAPTURE(one.width);
        CAPTURE(one.height);
        CAPTURE(text.text);
        CAPTURE(creative::to_hex(one.colors[0]));
        REQUIRE(contrast);
        CHECK(*contrast >= required);
      }
    }
  };
  {
    const std::jthread one(work);
    const std::jthread other(work);
  }
  CHECK(texts.load() > 1000);
}

TEST_CASE("a color of middle lightness carries text too") {
  // Neither white nor a dark that is not quite black reads on this gray.
  const creative::Rgb gray{118, 118, 118};
  const creative::Palette palette = creative::make_palette(std::vector<creative::Rgb>{gray});
  const creative::Rgb inks[] = {{255, 255, 255}, palette.dark, {0, 0, 0}};
  for (int level = 0; level < 256; ++level) {
    const auto value = static_cast<std::uint8_t>(level);
    const creative::Rgb ground{value, value, value};
    CHECK(creative::contrast(creative::readable_ink(inks, ground, 4.5), ground) >= 4.5);
  }
}

}  // namespace
}  // namespace adgenome::imaging
