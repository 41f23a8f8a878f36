#pragma once

#include <cairo.h>

#include <adgenome/creative/color.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/palette.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/imaging/image.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace adgenome::imaging {

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;
struct FreeCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using Cairo = std::unique_ptr<cairo_t, FreeCairo>;
struct FreePattern {
  void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
};
using Pattern = std::unique_ptr<cairo_pattern_t, FreePattern>;

/// The picture that is being made: pixels, and what draws on them.
class Canvas {
 public:
  Canvas(int width, int height);

  cairo_t* cairo() const { return cairo_.get(); }
  int width() const { return width_; }
  int height() const { return height_; }
  double unit() const;  ///< pixels of the shorter side
  creative::Box pixels(const creative::RelativeBox& box) const;

  /// Relative luminances of what was drawn so far under a box, darkest first.
  std::vector<double> luminances(const creative::Box& box) const;

  /// The mean color of what was drawn so far under a box.
  creative::Rgb mean_color(const creative::Box& box) const;

  Image image() const;

 private:
  /// About 40 x 40 pixels spread over the box, those on the canvas.
  std::vector<creative::Rgb> samples(const creative::Box& box) const;

  int width_;
  int height_;
  Surface surface_;
  Cairo cairo_;
};

void set_color(cairo_t* cairo, creative::Rgb color, double opacity = 1);

/// Puts a path on the canvas, for filling, clipping and shadows.
using Path = std::function<void(cairo_t*)>;

Path rounded_rectangle(const creative::Box& box, double radius);
/// A shape of the layout by its name.
Path shape_path(const std::string& shape, const creative::Box& box, double radius);

/// Fills the path as the layout says.
void paint_fill(cairo_t* cairo, const Path& path, const creative::Box& box,
                const creative::Fill& fill, const creative::Palette& palette, double unit,
                double opacity);

/// A blurred shadow of whatever `draw` paints inside `box`, moved down by `offset`; pixels.
void paint_shadow(cairo_t* cairo, const creative::Box& box, const Path& draw, double blur,
                  double offset, creative::Rgb color, double opacity);

/// The shadow of a shape by its name in the layout: none, soft, lifted.
void paint_named_shadow(cairo_t* cairo, const std::string& shadow, const creative::Box& box,
                        const Path& path, creative::Rgb color, double unit);

/// The image as Cairo keeps pixels (premultiplied, native byte order).
Surface to_surface(const Image& image);

}  // namespace adgenome::imaging
