#pragma once

#include <adgenome/creative/color.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// What a layout paints with. `colors` are the ones asked for, most important first; the rest is
/// what every layout can count on, derived from them.
struct Palette {
  std::vector<Rgb> colors;
  Rgb primary;  ///< the color that the ad is remembered by
  Rgb accent;   ///< buttons and badges; the primary where no other color stands apart from it
  Rgb deep;     ///< the primary, darkened: light text reads on it
  Rgb dark;     ///< nearly black, with the primary's hue
  Rgb soft;     ///< a clear tint of the primary
  Rgb light;    ///< a faint tint of the primary: quiet backgrounds
  Rgb surface;  ///< nearly white: cards

  /// The color of a role by its name ("primary", "white", "black"); nothing for another name.
  std::optional<Rgb> role(std::string_view name) const;
};

/// The names that Palette::role knows, for messages.
std::span<const std::string> palette_roles();

/// The `count` colors that stand for the pixels, by share, most frequent first: k-means in OKLab,
/// begun at the fullest cells of a coarse grid so that the same pixels give the same colors.
/// Colors nearer to each other than 0.06 are one. Empty for no pixels.
std::vector<Rgb> dominant_colors(std::span<const Rgb> pixels, std::size_t count);

/// Roles from colors (at least one, most important first).
Palette make_palette(std::span<const Rgb> colors);

/// The colors with their hues turned by half a circle in OKLCH. Each keeps its relative luminance,
/// so that the contrast of any two stays what it was.
std::vector<Rgb> complementary_colors(std::span<const Rgb> colors);

/// The first of `inks` whose contrast to `background` is enough, else the one with the most.
Rgb readable_ink(std::span<const Rgb> inks, Rgb background, double least_contrast);

}  // namespace adgenome::creative
