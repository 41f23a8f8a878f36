#pragma once

#include <pango/pangocairo.h>

#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/creative/text_fit.hpp>
#include <memory>
#include <string>

namespace adgenome::imaging {

struct FreeObject {
  void operator()(void* object) const { g_object_unref(object); }
};
using PangoText = std::unique_ptr<PangoLayout, FreeObject>;

bool is_bold(const creative::TextStyle& style);

/// Whether a text is read from right to left: by its first letter that has a direction.
bool is_right_to_left(const std::string& text);

/// The characters of a set text that no installed font has, as "x (U+0078), ..."; empty: none.
std::string missing_characters(PangoLayout* text);

/// Sets texts in the styles of a layout.
class Typesetter {
 public:
  /// Throws InvalidInput where none of the fonts that layouts are made for is installed.
  explicit Typesetter(cairo_t* cairo);

  /// The text at a size, wrapped at words and soft hyphens at `wrap_width` (not positive: one
  /// line); pixels. The alignment is the one seen, whatever the text's direction.
  PangoText set(const std::string& text, const creative::TextStyle& style, double size,
                double wrap_width, PangoAlignment alignment) const;

  /// What the fit rules need to know of such a text.
  creative::SetText measure(const std::string& text, const creative::TextStyle& style, double size,
                            double wrap_width) const;

 private:
  std::unique_ptr<PangoContext, FreeObject> context_;
};

// Extents in pixels; the ink's are from the text's upper left corner.
double text_height(PangoLayout* text);  ///< of lines and ink: accents may stand above their line
double overshoot(PangoLayout* text);    ///< of the ink above the first line
double text_width(PangoLayout* text);
creative::Box ink_of(PangoLayout* text);

}  // namespace adgenome::imaging
