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

/// Sets texts in the styles of a layout.
class Typesetter {
 public:
  explicit Typesetter(cairo_t* cairo);

  /// The text at a size, wrapped at words at `wrap_width` (not positive: one line); pixels.
  PangoText set(const std::string& text, const creative::TextStyle& style, double size,
                double wrap_width, PangoAlignment alignment) const;

  /// What the fit rules need to know of such a text.
  creative::SetText measure(const std::string& text, const creative::TextStyle& style, double size,
                            double wrap_width) const;

 private:
  std::unique_ptr<PangoContext, FreeObject> context_;
};

// Extents in pixels; the ink's are from the text's upper left corner.
double text_height(PangoLayout* text);
double text_width(PangoLayout* text);
creative::Box ink_of(PangoLayout* text);

}  // namespace adgenome::imaging
