#pragma once

#include <adgenome/core/json.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// The four families of canvas that a layout has rules for. A canvas of any other size takes the
/// rules of the family that its ratio is nearest to.
enum class Aspect { kSquare, kPortrait, kStory, kWide };
inline constexpr std::array<std::string_view, 4> kAspectNames{"square", "portrait", "story",
                                                              "wide"};

/// Width over height: from 1.3 wide, from 0.9 square, from 0.65 portrait, below story.
Aspect aspect_of(std::int64_t width, std::int64_t height);

/// The parts of a 9:16 canvas that the platform covers with its own controls: no text there.
inline constexpr double kStorySafeTop = 0.14;
inline constexpr double kStorySafeBottom = 0.20;

/// Shares of the canvas, from its upper left corner.
struct RelativeBox {
  double x = 0;
  double y = 0;
  double width = 1;
  double height = 1;
};

/// Lengths that are not positions (sizes of type, radii, gaps) are shares of the canvas's shorter
/// side, called "unit" below. Colors are roles of the palette (Palette::role).
struct Fill {
  std::vector<std::string> roles;  ///< none: nothing painted; several: a gradient
  double angle = 90;               ///< of the gradient, degrees: 0 to the right, 90 downwards
  double start_opacity = 1;        ///< at the gradient's beginning and end: scrims fade out
  double end_opacity = 1;
  std::string pattern;  ///< over it: dots, grid, rays, rings, stripes; empty: none
  std::string pattern_role = "white";
  double pattern_opacity = 0.1;
};

/// How a text is set. `font` is one of display, heavy, bold, medium, body, serif, serif_bold.
struct TextStyle {
  std::string font = "body";
  double max_size = 0.04;  ///< of the type, units
  double min_size = 0.022;
  std::int64_t max_lines = 3;
  std::string ink = "auto";  ///< a role, taken where it can be read; auto: dark or white
  std::string highlight;     ///< role painted behind each line; empty: none
  bool is_upper = false;
  double letter_spacing = 0;  ///< share of the size
  double line_spacing = 1.16;
};

/// One piece of a stack. Pieces whose content an ad does not have are left out.
struct Item {
  /// headline, subheadline, cta, label, rating, benefits, pains, author, badge, disclaimer, logo,
  /// quote_mark, rule
  std::string kind;
  TextStyle style;
  std::string text;              ///< label: what it says; "{product}" and "{brand}" are filled in
  std::string marker = "tick";   ///< of a list: tick, cross, number, dot
  std::string color;             ///< role of marker, stars, rule, button
  std::int64_t first = 1;        ///< row of a list that it begins with
  std::int64_t most = 4;         ///< rows of a list, at most
  double radius = 1;             ///< of a button: share of half its height
  double gap_before = -1;        ///< units; negative: the stack's gap
  std::optional<double> height;  ///< logo, rule, quote mark: units
};

/// One thing that is drawn; later ones cover earlier ones.
struct Element {
  std::string kind;  ///< shape, photo, product, stack, badge
  RelativeBox box;
  Fill fill;
  std::string shape = "rectangle";  ///< rectangle, circle, arch, blob, wave, slant
  double radius = 0;                ///< units
  double opacity = 1;
  double rotation = 0;          ///< degrees
  std::string shadow = "none";  ///< none, soft, lifted
  std::string stroke;           ///< role; empty: none
  double stroke_width = 0.004;  ///< units
  /// photo, no_photo, badge, no_badge, pains, benefits_N (at least so many): only drawn then
  std::string when;
  std::string fit = "contain";  ///< product: contain, cover
  std::string align = "start";  ///< stack: start, center, end
  std::string anchor = "top";   ///< stack and product: top, middle, bottom
  double gap = 0.024;           ///< stack: units between its items
  std::vector<Item> items;      ///< stack
  /// Stack: where its fill is painted behind the items; not painted where none is left.
  std::optional<RelativeBox> card = std::nullopt;
};

/// How an ad is composed, for every family of canvas.
struct Layout {
  std::string name;
  std::int64_t version = 1;
  std::array<std::vector<Element>, 4> elements;  ///< by Aspect

  const std::vector<Element>& of(Aspect aspect) const {
    return elements[static_cast<std::size_t>(aspect)];
  }
  std::string id() const { return name + "/" + std::to_string(version); }
};

/// A part of the canvas that a layout has for text.
struct LayoutArea {
  std::vector<std::string> roles;  ///< of the texts that stand in it (PlacedText), from the top
  RelativeBox box;
};
/// The parts that a layout has for text, in its order; what is not drawn in every ad among them.
std::vector<LayoutArea> text_areas(const Layout& layout, Aspect aspect);

/// Reads a layout. Any value may be given by family of canvas, as
/// {"square": v, "portrait": v, "story": v, "wide": v}: portrait and wide stand for square where
/// they are absent, story for portrait; null leaves an element out.
/// Throws InvalidInput naming `where` and the JSON pointer: members, roles, shapes and fonts that
/// do not exist, boxes without area or outside the canvas, text in the zones of a story that the
/// platform covers, no headline.
Layout parse_layout(const core::Json& document, const std::string& where);

/// The names of the built-in layouts, sorted.
std::vector<std::string> layout_names();

/// A built-in layout, or nothing.
std::optional<Layout> find_layout(std::string_view name);

/// The layout of a template of the catalogue: an object, the name of a built-in one, or null,
/// which takes the built-in one of the template's category, without one "product-focus".
Layout layout_of(const core::Json& value, std::string_view category, const std::string& where);

}  // namespace adgenome::creative
