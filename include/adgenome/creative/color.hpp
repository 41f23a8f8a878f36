#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace adgenome::creative {

/// A color of the sRGB space, 8 bits a channel.
struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Rgb&) const = default;
};

/// OKLab (Ottosson 2020): lightness 0 to 1, and two opponent axes; distances are perceptual.
struct Oklab {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

/// OKLab in polar form; the hue is in degrees from 0 up to 360.
struct Oklch {
  double lightness = 0;
  double chroma = 0;
  double hue = 0;
};

Oklab to_oklab(Rgb color);
Oklch to_oklch(Oklab color);
Oklab to_oklab(Oklch color);

/// The nearest color that sRGB can show: chroma is reduced, lightness and hue are kept.
Rgb to_rgb(Oklch color);

double distance(Oklab one, Oklab other);          ///< Euclidean
double hue_distance(double one, double other);    ///< degrees, 0 to 180
Rgb mix(Rgb one, Rgb other, double share_other);  ///< in OKLab

/// WCAG 2.1 relative luminance, 0 to 1.
double relative_luminance(Rgb color);
/// WCAG 2.1 contrast ratio, 1 to 21; the order does not matter.
double contrast(Rgb one, Rgb other);
double contrast_of_luminances(double one, double other);

/// What text needs against its background (WCAG 2.1, 1.4.3, level AA; large: 24 px bold).
double required_contrast(double font_px, bool is_bold);

/// `#rrggbb` or `#rgb`; nothing for any other text.
std::optional<Rgb> parse_hex(std::string_view text);
std::string to_hex(Rgb color);

}  // namespace adgenome::creative
