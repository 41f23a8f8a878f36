#include <adgenome/creative/color.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace adgenome::creative {
namespace {

constexpr double kDegreesPerRadian = 180.0 / std::numbers::pi;

struct Linear {
  double red;
  double green;
  double blue;
};

double decode_channel(std::uint8_t value) {
  const double v = value / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

const std::array<double, 256>& linear_table() {
  static const std::array<double, 256> table = [] {
    std::array<double, 256> values{};
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = decode_channel(static_cast<std::uint8_t>(i));
    return values;
  }();
  return table;
}

std::uint8_t encode_channel(double linear) {
  const double v = std::clamp(linear, 0.0, 1.0);
  const double coded = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(coded * 255));
}

Linear to_linear(Rgb color) {
  const auto& table = linear_table();
  return {table[color.red], table[color.green], table[color.blue]};
}

// Matrices of https://bottosson.github.io/posts/oklab/ (version of 2021-01-25).
Linear to_linear(Oklab c) {
  const double l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
  const double m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
  const double s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool is_in_gamut(Linear c) {
  constexpr double kSlack = 1e-4;
  const auto inside = [](double v) { return v >= -kSlack && v <= 1 + kSlack; };
  return inside(c.red) && inside(c.green) && inside(c.blue);
}

}  // namespace

Oklab to_oklab(Rgb color) {
  const Linear c = to_linear(color);
  const double l = std::cbrt(0.4122214708 * c.red + 0.5363325363 * c.green + 0.0514459929 * c.blue);
  const double m = std::cbrt(0.2119034982 * c.red + 0.6806995451 * c.green + 0.1073969566 * c.blue);
  const double s = std::cbrt(0.0883024619 * c.red + 0.2817188376 * c.green + 0.6299787005 * c.blue);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Oklch to_oklch(Oklab color) {
  double hue = std::atan2(color.b, color.a) * kDegreesPerRadian;
  if (hue < 0) hue += 360;
  return {color.lightness, std::hypot(color.a, color.b), hue};
}

Oklab to_oklab(Oklch color) {
  const double angle = color.hue / kDegreesPerRadian;
  return {color.lightness, color.chroma * std::cos(angle), color.chroma * std::sin(angle)};
}

Rgb to_rgb(Oklch color) {
  color.lightness = std::clamp(color.lightness, 0.0, 1.0);
  Linear linear = to_linear(to_oklab(color));
  if (!is_in_gamut(linear)) {
    double low = 0;
    double high = color.chroma;
    for (int i = 0; i < 24; ++i) {
      color.chroma = (low + high) / 2;
      linear = to_linear(to_oklab(color));
      (is_in_gamut(linear) ? low : high) = color.chroma;
    }
    color.chroma = low;
    linear = to_linear(to_oklab(color));
  }
  return {encode_channel(linear.red), encode_channel(linear.green), encode_channel(linear.blue)};
}

double distance(Oklab one, Oklab other) {
  return std::hypot(one.lightness - other.lightness, one.a - other.a, one.b - other.b);
}

double hue_distance(double one, double other) {
  const double d = std::fmod(std::abs(one - other), 360.0);
  return d > 180 ? 360 - d : d;
}

Rgb mix(Rgb one, Rgb other, double share_other) {
  const Oklab a = to_oklab(one);
  const Oklab b = to_oklab(other);
  const auto between = [&](double x, double y) { return x + (y - x) * share_other; };
  return to_rgb(
      to_oklch(Oklab{between(a.lightness, b.lightness), between(a.a, b.a), between(a.b, b.b)}));
}

double relative_luminance(Rgb color) {
  const Linear c = to_linear(color);
  return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue;
}

double contrast_of_luminances(double one, double other) {
  return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

double contrast(Rgb one, Rgb other) {
  return contrast_of_luminances(relative_luminance(one), relative_luminance(other));
}

double required_contrast(double font_px, bool is_bold) {
  return is_bold && font_px >= 24 ? 3.0 : 4.5;
}

std::optional<Rgb> parse_hex(std::string_view text) {
  if (text.empty() || text[0] != '#' || (text.size() != 7 && text.size() != 4)) return {};
  const bool is_short = text.size() == 4;
  std::array<int, 3> channels{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const char c = text[is_short ? 1 + i : 1 + 2 * i + j];
      int digit = 0;
      if (c >= '0' && c <= '9') {
        digit = c - '0';
      } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
      } else if (c >= 'A' && c <= 'F') {
        digit = c - 'A' + 10;
      } else {
        return {};
      }
      channels[i] = channels[i] * 16 + digit;
    }
  }
  return Rgb{static_cast<std::uint8_t>(channels[0]), static_cast<std::uint8_t>(channels[1]),
             static_cast<std::uint8_t>(channels[2])};
}

std::string to_hex(Rgb color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t channel : {color.red, color.green, color.blue}) {
    text += kDigits[channel >> 4];
    text += kDigits[channel & 15];
  }
  return text;
}

}  // namespace adgenome::creative
