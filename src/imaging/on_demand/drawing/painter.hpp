#pragma once

#include <adgenome/imaging/renderer.hpp>
#include <optional>
#include <string>

#include "canvas.hpp"
#include "type.hpp"

namespace adgenome::imaging {

/// Of a bar behind a line of text: its room at both ends, share of the type's size.
inline constexpr double kBarPad = 0.34;

/// What the parts of the renderer share while one ad is drawn.
struct Painter {
  Canvas& canvas;
  const Scene& scene;
  const Typesetter& type;
  creative::Rendering& rendering;
  bool is_right_to_left = false;  ///< the headline's script: everything is mirrored then

  double unit() const { return canvas.unit(); }
  cairo_t* cairo() const { return canvas.cairo(); }
  creative::Rgb role(const std::string& name) const { return *scene.palette.role(name); }
};

/// Text that has been set and only needs a place.
struct Setting {
  std::string role;
  std::string text;
  creative::TextStyle style;
  double size = 0;
  PangoText layout;
  double width = 0;
  double height = 0;
};

/// A text for a message: in quotes, cut where it is long.
std::string quoted(const std::string& text);

/// Draws the text with its upper left corner at (x, y) in an ink that can be read there (a scrim
/// is laid under it where none can), and notes it in the rendering.
void paint_text(Painter& painter, const Setting& setting, double x, double y);

/// The same in an ink that the caller has chosen.
void paint_text(Painter& painter, const Setting& setting, double x, double y, creative::Rgb ink);

/// The color of a part that is no text (button, marker, stars): the one asked for, or where it
/// would not show on what is under `box`, the first other one of the palette that does.
creative::Rgb visible_color(const Painter& painter, const std::string& wanted,
                            const creative::Box& box);

/// White or dark, whichever is asked for by the contrast on a plain color.
creative::Rgb ink_on(const Painter& painter, creative::Rgb background);

/// A column of texts and small parts. Throws InvalidInput naming a text that cannot be fitted.
void paint_stack(Painter& painter, const creative::Element& element);

void paint_shape(Painter& painter, const creative::Element& element);
void paint_photo(Painter& painter, const creative::Element& element);
void paint_product(Painter& painter, const creative::Element& element);

/// Paints the picture so that it fills the box (cover) or stands inside it; gives the place that
/// it took.
void paint_picture(cairo_t* cairo, const Image& image, const creative::Box& place);

}  // namespace adgenome::imaging
