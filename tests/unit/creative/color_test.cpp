#include <doctest/doctest.h>

#include <adgenome/creative/color.hpp>
#include <adgenome/creative/palette.hpp>
#include <cmath>

namespace adgenome::creative {
namespace {

TEST_CASE("OKLab of the reference colors") {
  // From tests/reference/oklab.py (NumPy, matrices of the definition's XYZ form).
  struct Row {
    const char* hex;
    double lightness, a, b;
  };
  const Row rows[] = {
#include "oklab_reference.inc"
  };
  for (const Row& row : rows) {
    CAPTURE(row.hex);
    const Oklab found = to_oklab(*parse_hex(row.hex));
    CHECK(found.lightness == doctest::Approx(row.lightness).epsilon(2e-4));
    CHECK(std::abs(found.a - row.a) < 2e-4);
    CHECK(std::abs(found.b - row.b) < 2e-4);
  }
}

TEST_CASE("every grid color survives the way to OKLCH and back") {
  for (int r = 0; r < 256; r += 15) {
    for (int g = 0; g < 256; g += 15) {
      for (int b = 0; b < 256; b += 15) {
        const Rgb color{static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                        static_cast<std::uint8_t>(b)};
        REQUIRE(to_rgb(to_oklch(to_oklab(color))) == color);
      }
    }
  }
}

TEST_CASE("contrast as WCAG states it") {
  CHECK(contrast({0, 0, 0}, {255, 255, 255}) == doctest::Approx(21));
  CHECK(contrast({118, 118, 118}, {255, 255, 255}) == doctest::Approx(4.54).epsilon(1e-3));
  CHECK(required_contrast(24, true) == 3.0);
  CHECK(required_contrast(24, false) == 4.5);
  CHECK(required_contrast(23.5, true) == 4.5);
}

TEST_CASE("hex colors") {
  CHECK(to_hex(*parse_hex("#0aF")) == "#00aaff");
  CHECK_FALSE(parse_hex("0aF"));
  CHECK_FALSE(parse_hex("#12345g"));
  CHECK_FALSE(parse_hex("#12345"));
}

TEST_CASE("dominant colors come by share and do not depend on luck") {
  std::vector<Rgb> pixels(600, Rgb{20, 60, 200});
  pixels.insert(pixels.end(), 300, Rgb{250, 240, 230});
  pixels.insert(pixels.end(), 100, Rgb{240, 120, 20});
  const std::vector<Rgb> colors = dominant_colors(pixels, 5);
  REQUIRE(colors.size() == 3);
  CHECK(colors[0] == Rgb{20, 60, 200});
  CHECK(colors[1] == Rgb{250, 240, 230});
  CHECK(colors[2] == Rgb{240, 120, 20});
  CHECK(dominant_colors({}, 5).empty());
}

TEST_CASE("complementary colors turn the hue and keep every contrast") {
  const std::vector<Rgb> colors{{20, 60, 200}, {240, 120, 20}, {250, 240, 230}, {12, 20, 30}};
  const std::vector<Rgb> turned = complementary_colors(colors);
  REQUIRE(turned.size() == colors.size());
  const double hue = to_oklch(to_oklab(colors[0])).hue;
  CHECK(hue_distance(to_oklch(to_oklab(turned[0])).hue, hue) > 165);
  for (std::size_t i = 0; i < colors.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      CHECK(contrast(turned[i], turned[j]) ==
            doctest::Approx(contrast(colors[i], colors[j])).epsilon(0.03));
    }
  }
}

TEST_CASE("the roles of any palette can carry text") {
  for (int hue = 0; hue < 360; hue += 20) {
    for (const double lightness : {0.3, 0.5, 0.7, 0.9}) {
      const std::vector<Rgb> colors{to_rgb({lightness, 0.15, static_cast<double>(hue)})};
      const Palette palette = make_palette(colors);
      CHECK(contrast(palette.dark, palette.light) >= 7);
      CHECK(contrast(palette.dark, palette.soft) >= 7);
      CHECK(contrast({255, 255, 255}, palette.deep) >= 4.5);
      for (const Rgb background : {palette.primary, palette.accent}) {
        const std::vector<Rgb> inks{{255, 255, 255}, palette.dark};
        CHECK(contrast(readable_ink(inks, background, 4.5), background) >= 3.9);
      }
    }
  }
}

TEST_CASE("the accent stands apart where the palette has such a color") {
  const std::vector<Rgb> colors{{20, 60, 200}, {30, 70, 220}, {240, 120, 20}};
  CHECK(make_palette(colors).accent == colors[2]);
  CHECK(make_palette(std::span(colors).first(2)).accent == colors[0]);
}

}  // namespace
}  // namespace adgenome::creative
