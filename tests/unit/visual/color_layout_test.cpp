#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <array>
#include <cmath>

using namespace adgenome;

namespace {

using Color = std::array<std::uint8_t, 4>;

/// An image whose left part, up to `split` of its width, has another color than its right part.
std::vector<std::uint8_t> halves(int width, int height, int split, Color left, Color right) {
  std::vector<std::uint8_t> rgba;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Color& color = x < split ? left : right;
      rgba.insert(rgba.end(), color.begin(), color.end());
    }
  }
  return rgba;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

constexpr Color kRed{255, 0, 0, 255};
constexpr Color kBlue{0, 0, 255, 255};
constexpr Color kWhite{255, 255, 255, 255};

}  // namespace

TEST_CASE("color layout: known colors in OKLab, unit length") {
  // White is (1, 0, 0): every cell (0.5, 0, 0), over the length 8 * 0.5.
  const std::vector<float> white = visual::color_layout(16, 16, halves(16, 16, 0, kWhite, kWhite));
  REQUIRE(white.size() == visual::kColorLayoutDimensions);
  CHECK(white[0] == doctest::Approx(0.125));
  CHECK(white[1] == doctest::Approx(0).epsilon(1e-6));
  CHECK(white[191] == doctest::Approx(0).epsilon(1e-6));
  // Red is (0.62796, 0.22486, 0.12585) in Ottosson's published table.
  const std::vector<float> red = visual::color_layout(8, 8, halves(8, 8, 8, kRed, kRed));
  CHECK(red[1] / red[0] == doctest::Approx(2 * 0.22486 / 0.12796).epsilon(1e-4));
  CHECK(red[2] / red[0] == doctest::Approx(2 * 0.12585 / 0.12796).epsilon(1e-4));
  CHECK(dot(red, red) == doctest::Approx(1));
}

TEST_CASE("color layout: says what stands where, at any size") {
  const auto layout = [](int size, Color left, Color right) {
    return visual::color_layout(size, size, halves(size, size, size / 2, left, right));
  };
  const std::vector<float> small = layout(16, kRed, kBlue);
  CHECK(dot(small, layout(640, kRed, kBlue)) == doctest::Approx(1));
  CHECK(dot(small, layout(16, kBlue, kRed)) < 0.9);
  CHECK(dot(small, layout(16, {250, 8, 4, 255}, kBlue)) > 0.99);
  // Smaller than the grid, and sides that the grid does not divide.
  CHECK(visual::color_layout(1, 3, halves(1, 3, 1, kRed, kRed)).size() == 192);
  CHECK(dot(visual::color_layout(13, 29, halves(13, 29, 13, kRed, kRed)),
            visual::color_layout(1, 1, halves(1, 1, 1, kRed, kRed))) == doctest::Approx(1));
}

TEST_CASE("color layout: transparent is white, colors mix in linear light") {
  const Color clear{0, 0, 0, 0};
  CHECK(visual::color_layout(8, 8, halves(8, 8, 8, clear, clear)) ==
        visual::color_layout(8, 8, halves(8, 8, 8, kWhite, kWhite)));
  // Left a fine pattern of black and white, right the grey of the same light (sRGB 188, not 128).
  std::vector<std::uint8_t> pattern;
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      const auto value = static_cast<std::uint8_t>(x >= 16 ? 188 : (x + y) % 2 == 0 ? 0 : 255);
      pattern.insert(pattern.end(), {value, value, value, 255});
    }
  }
  const std::vector<float> mixed = visual::color_layout(32, 32, pattern);
  CHECK(mixed[0] == doctest::Approx(mixed[21]).epsilon(0.01));
}

TEST_CASE("color layout: bytes that are not the image are refused") {
  const std::vector<std::uint8_t> bytes(16);
  CHECK_THROWS_AS(visual::color_layout(2, 3, bytes), core::InvalidInput);
  CHECK_THROWS_AS(visual::color_layout(0, 0, {}), core::InvalidInput);
  CHECK_THROWS_AS(visual::color_layout(-2, -2, bytes), core::InvalidInput);
}
