#include <doctest/doctest.h>

#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>
#include <functional>

using namespace adgenome::imaging;
using adgenome::creative::Box;
using adgenome::creative::Rgb;

namespace {

using Paint = std::function<Rgb(double x, double y)>;

// A picture of what `paint` says of each pixel, over 4x4 samples a pixel so that edges are smooth.
Image painted(int width, int height, const Paint& paint) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int red = 0, green = 0, blue = 0;
      for (int i = 0; i < 16; ++i) {
        const Rgb color = paint(x + (i % 4 + 0.5) / 4, y + (i / 4 + 0.5) / 4);
        red += color.red;
        green += color.green;
        blue += color.blue;
      }
      for (const int sum : {red, green, blue}) {
        image.rgba.push_back(static_cast<std::uint8_t>((sum + 8) / 16));
      }
      image.rgba.push_back(255);
    }
  }
  return image;
}

constexpr Rgb kWhite{255, 255, 255};
constexpr Rgb kBlack{0, 0, 0};
constexpr Rgb kTeal{20, 120, 130};

// A bottle with a label, in shares of its own box.
std::optional<Rgb> bottle(double u, double v) {
  if (u < 0 || v < 0 || u > 1 || v > 1) return std::nullopt;
  if (v < 0.15) return u > 0.35 && u < 0.65 ? std::optional(Rgb{60, 60, 70}) : std::nullopt;
  if (v > 0.45 && v < 0.75) {
    return std::hypot(u - 0.5, (v - 0.6) * 2) < 0.2 ? Rgb{210, 60, 40} : Rgb{245, 240, 225};
  }
  return Rgb{static_cast<std::uint8_t>(30 + 90 * u), 110, static_cast<std::uint8_t>(90 + 60 * v)};
}

Image bottle_picture() {
  Image image = painted(
      120, 200, [](double x, double y) { return bottle(x / 120, y / 200).value_or(kWhite); });
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 120; ++x) {
      if (!bottle((x + 0.5) / 120, (y + 0.5) / 200)) {
        image.rgba[4 * static_cast<std::size_t>(y * 120 + x) + 3] = 0;
      }
    }
  }
  return image;
}

// An ad of 400x400 that shows the bottle in `box`.
Image ad_with_bottle(const Box& box, const std::function<Rgb(Rgb)>& tint = {}) {
  return painted(400, 400, [&](double x, double y) {
    const auto color = bottle((x - box.x) / box.width, (y - box.y) / box.height);
    if (!color) return Rgb{235, 225, static_cast<std::uint8_t>(190 + y / 10)};
    return tint ? tint(*color) : *color;
  });
}

Gray gray_from(int width, int height, const std::function<double(int, int)>& value) {
  Gray gray{width, height};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      gray.values.push_back(static_cast<std::uint8_t>(std::clamp(value(x, y), 0.0, 255.0)));
    }
  }
  return gray;
}

// Bars of an ink on a ground, as letters are.
Image bars(Rgb ink, const Paint& ground) {
  return painted(200, 60, [&](double x, double y) {
    return std::fmod(x, 20) < 6 && y > 10 && y < 50 ? ink : ground(x, y);
  });
}

}  // namespace

TEST_CASE("contrast is measured on the pixels") {
  const Box all{0, 0, 200, 60};
  const auto plain = [](Rgb color) { return [color](double, double) { return color; }; };
  CHECK(*text_contrast(bars(kBlack, plain(kWhite)), all, kBlack, 30) == doctest::Approx(21));
  CHECK(*text_contrast(bars(kWhite, plain(kTeal)), all, kWhite, 30) ==
        doctest::Approx(adgenome::creative::contrast(kWhite, kTeal)).epsilon(0.02));
  const Rgb pale{200, 200, 200};
  CHECK(*text_contrast(bars(kWhite, plain(pale)), all, kWhite, 30) < 2);
  // Meant to be black, drawn in a pale gray.
  CHECK(*text_contrast(bars(pale, plain(kWhite)), all, kBlack, 30) < 2);
  // The worst of an uneven ground counts, not its mean.
  const auto half = [](double x, double) { return x < 150 ? kBlack : Rgb{180, 180, 180}; };
  CHECK(*text_contrast(bars(kWhite, half), all, kWhite, 30) < 3);
  CHECK_FALSE(text_contrast(bars(kBlack, plain(kWhite)), {300, 0, 50, 50}, kBlack, 30));
}

TEST_CASE("structural similarity tells the same from the changed") {
  const Gray one =
      gray_from(64, 64, [](int x, int y) { return 128 + 80 * std::sin(x * 0.4 + y * 0.2); });
  CHECK(*structural_similarity(one, one, {}) == doctest::Approx(1));
  Gray brighter = one;
  for (auto& value : brighter.values) value = static_cast<std::uint8_t>(value + 10);
  const double shifted = *structural_similarity(one, brighter, {});
  CHECK(shifted > 0.95);
  CHECK(shifted < 1);
  const Gray flat = gray_from(64, 64, [](int, int) { return 128; });
  CHECK(*structural_similarity(one, flat, {}) < 0.1);
  const Gray other =
      gray_from(64, 64, [](int x, int y) { return 128 + 80 * std::sin(y * 0.9 - x * 0.3); });
  CHECK(*structural_similarity(one, other, {}) < 0.2);
  // Where only the equal half counts, they are equal.
  Gray mixed = one;
  for (int y = 32; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) mixed.values[static_cast<std::size_t>(y * 64 + x)] = 0;
  }
  const Gray upper = gray_from(64, 64, [](int, int y) { return y < 32 ? 255 : 0; });
  CHECK(*structural_similarity(one, mixed, upper) == doctest::Approx(1));
  CHECK_FALSE(structural_similarity(one, mixed, gray_from(64, 64, [](int, int) { return 0; })));
}

TEST_CASE("blurred edges are less steep") {
  const auto disc = [](double softness) {
    return gray_from(200, 200, [softness](int x, int y) {
      return 255 / (1 + std::exp((std::hypot(x - 100, y - 100) - 60) / softness));
    });
  };
  const double crisp = *edge_sharpness(disc(0.3));
  const double soft = *edge_sharpness(disc(3));
  CHECK(crisp > 0.5);
  CHECK(soft < 0.3);
  CHECK_FALSE(edge_sharpness(gray_from(50, 50, [](int, int) { return 90; })));
}

TEST_CASE("blocks show") {
  const auto slope = [](int x, int y) { return 40 + x * 0.5 + y * 0.3; };
  const auto blocks = [&](int x, int y) { return slope(x / 8 * 8, y / 8 * 8); };
  CHECK(blocking(gray_from(160, 160, slope)) < 1.2);
  CHECK(blocking(gray_from(160, 160, blocks)) > 2);
  CHECK(blocking(gray_from(160, 160, [](int, int) { return 7; })) == doctest::Approx(1));
}

TEST_CASE("a palette is kept or not") {
  const std::vector<Rgb> teal{kTeal, kWhite};
  const auto ad = [](Rgb ground) {
    return painted(200, 200, [ground](double x, double) { return x < 120 ? ground : kWhite; });
  };
  CHECK(*palette_distance(ad(kTeal), teal, {}, {}) < 3);
  CHECK(*palette_distance(ad({200, 40, 40}), teal, {}, {}) > 15);
  // What is covered has colors of its own.
  const std::vector<Box> covered{{0, 0, 125, 200}};
  CHECK(*palette_distance(ad({200, 40, 40}), teal, covered, {}) < 3);
  // What is shown of it counts again.
  CHECK(*palette_distance(ad({200, 40, 40}), teal, covered, covered) > 15);
  CHECK_FALSE(palette_distance(ad(kTeal), {}, {}, {}));
  CHECK_FALSE(palette_distance(painted(100, 100,
                                       [](double x, double y) {
                                         const auto shade = static_cast<std::uint8_t>(
                                             static_cast<int>(x) * 83 % 251 +
                                             static_cast<int>(y) % 5);
                                         return Rgb{shade, shade, shade};
                                       }),
                               teal, {}, {}));
}

TEST_CASE("a product is found where it is, in its proportions") {
  const Image product = bottle_picture();
  const Box place{140, 60, 150, 250};
  const auto exact = locate(ad_with_bottle(place), product, place, true, {});
  REQUIRE(exact);
  CHECK(exact->correlation > 0.95);
  CHECK(exact->structural_similarity > 0.8);
  CHECK(exact->color_difference < 2);
  CHECK(exact->box.width / exact->box.height == doctest::Approx(0.6).epsilon(0.02));

  // Drawn smaller inside the area it was given.
  const auto inside = locate(ad_with_bottle({160, 100, 114, 190}), product, place, true, {});
  REQUIRE(inside);
  CHECK(inside->box.width == doctest::Approx(114).epsilon(0.03));
  CHECK(inside->box.x == doctest::Approx(160).epsilon(0.03));

  const auto squashed = locate(ad_with_bottle({140, 110, 150, 160}), product, place, true, {});
  REQUIRE(squashed);
  CHECK(squashed->box.width / squashed->box.height / 0.6 > 1.3);

  const auto red = [](Rgb color) { return Rgb{color.green, color.red, color.red}; };
  const auto recolored = locate(ad_with_bottle(place, red), product, place, true, {});
  REQUIRE(recolored);
  CHECK(recolored->color_difference > 10);

  const auto stranger =
      locate(painted(400, 400, [](double, double y) { return y < 200 ? kWhite : kTeal; }), product,
             place, true, {});
  if (stranger) {
    CHECK(stranger->correlation < 0.75);
    CHECK(stranger->structural_similarity < 0.7);  // plain halves are like plain parts of it
    CHECK(stranger->color_difference > 15);
  }
  CHECK_FALSE(locate(ad_with_bottle(place), product, {0, 0, 1, 1}, true, {}));
}

TEST_CASE("a product is found without knowing where it is, in its proportions") {
  const Image product = bottle_picture();
  for (const Box& place : {Box{140, 60, 150, 250}, Box{20, 180, 90, 150}, Box{250, 20, 120, 200}}) {
    CAPTURE(place.x);
    const auto found = locate_anywhere(ad_with_bottle(place), product, {});
    REQUIRE(found);
    CHECK(found->structural_similarity > 0.9);
    CHECK(found->box.x == doctest::Approx(place.x).epsilon(0.03));
    CHECK(found->box.width == doctest::Approx(place.width).epsilon(0.04));
    CHECK(found->box.width / found->box.height == doctest::Approx(0.6).epsilon(0.04));
  }
  const auto squashed = locate_anywhere(ad_with_bottle({120, 110, 160, 170}), product, {});
  REQUIRE(squashed);
  CHECK(squashed->box.width / squashed->box.height / 0.6 > 1.3);

  const auto stranger = locate_anywhere(
      painted(400, 400, [](double, double y) { return y < 200 ? kWhite : kTeal; }), product, {});
  if (stranger) CHECK(std::min(stranger->correlation, stranger->structural_similarity) < 0.8);
}
