#pragma once

#include <adgenome/creative/color.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/imaging/gray.hpp>
#include <adgenome/imaging/image.hpp>
#include <optional>
#include <span>

namespace adgenome::imaging {

/// The part of `box` that lies on the picture, in whole pixels; empty where none does.
creative::Box visible_part(const creative::Box& box, const Image& picture);

/// Luma (BT.601) of an area over white; what is outside the picture is left out.
Gray gray_of(const Image& picture, const creative::Box& area);

/// How far each pixel of an area is from a color, 0 for the color itself: the text in that ink
/// alone, black on white, whatever lies behind it.
Gray ink_of(const Image& picture, const creative::Box& area, creative::Rgb ink);

/// Another size: averages where smaller, bilinear where larger.
Gray resized(const Gray& picture, int width, int height);

/// The contrast (WCAG 2.1) of text against what is behind it, on the pixels of its area: that of
/// the worst tenth of the ground near the letters. `ink` is the color that was meant; where it
/// hardly occurs, the two halves of the area's range are taken for ink and ground. Nothing for an
/// area off the picture.
std::optional<double> text_contrast(const Image& picture, const creative::Box& area,
                                    creative::Rgb ink, double font_px);

/// Structural similarity of two pictures of one size: the mean over windows of 8x8, weighted by
/// their variance; 1 for the same, about 0 for unrelated ones. `mask` (0: not counted) has their
/// size or is empty. Nothing where no window is covered. Wang et al.: Image Quality Assessment
/// (2004), C1 and C2 as there.
std::optional<double> structural_similarity(const Gray& one, const Gray& other, const Gray& mask);

/// How steep the picture's clear edges are: the greatest step between neighbours over the whole
/// rise of an edge (9 pixels), ninth decile; about 0.5 and more is crisp, under 0.2 blurred.
/// Nothing for a picture without edges.
std::optional<double> edge_sharpness(const Gray& picture);

/// Steps at multiples of 8 pixels over steps elsewhere, of small ones: 1 is none, 2 is what coarse
/// JPEG compression leaves.
double blocking(const Gray& picture);

/// Share of the picture that lies on the steps of a staircase: even runs of 4 pixels and more whose
/// levels rise or fall by 2 to 12, several in a row. A smooth gradient of 8 bits has steps of 1 and
/// is 0; one of 5 bits is mostly steps.
double banding(const Gray& picture);

/// Mean CIEDE2000 distance of the picture's even areas (where neighbours hardly differ: grounds,
/// shapes, buttons, no photographs) from the nearest of `colors`, their tints and shades; colors
/// count by their chroma. `covered` areas are not looked at, but for what of them is `shown`.
/// Nothing where less than 5 % of what is looked at is even.
std::optional<double> palette_distance(const Image& picture, std::span<const creative::Rgb> colors,
                                       std::span<const creative::Box> covered,
                                       std::span<const creative::Box> shown);

/// Where a picture was found in another, and how like itself it is there.
struct Match {
  creative::Box box;       ///< of the whole picture looked for
  double angle = 0;        ///< degrees by which it was turned around its center
  double correlation = 0;  ///< of gray values, -1 to 1
  double structural_similarity = 0;
  double color_difference = 0;  ///< mean CIEDE2000
  double clipped = 0;           ///< share that is black or white here and not in the picture
};

/// Looks for `object` (its transparent pixels do not count) near `expected`, at other sizes,
/// proportions and slightly turned too. `covered` areas of the picture (text on top) are not looked
/// at; `is_clipped` says that the object may go beyond `expected`, which then cuts it off. Nothing
/// where nothing correlates by 0.5.
std::optional<Match> locate(const Image& picture, const Image& object,
                            const creative::Box& expected, bool is_clipped,
                            std::span<const creative::Box> covered);

/// Looks for `object` in the whole picture, from a quarter of the largest size that fits on. Of
/// poses at which it is about as like itself that of its own proportions is taken; nothing where it
/// is found only out of them and would be like a part of itself then.
std::optional<Match> locate_anywhere(const Image& picture, const Image& object,
                                     std::span<const creative::Box> covered);

}  // namespace adgenome::imaging
