#include <algorithm>
#include <cmath>
#include <numbers>

#include "painter.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Element;

/// Where a picture stands that fills the box (cover), or that is whole inside it.
Box placed(const Image& image, const Box& box, bool is_cover, const std::string& anchor) {
  const double across = box.width / image.width;
  const double down = box.height / image.height;
  const double scale = is_cover ? std::max(across, down) : std::min(across, down);
  Box place{0, 0, image.width * scale, image.height * scale};
  place.x = box.x + (box.width - place.width) / 2;
  const double slack = box.height - place.height;
  place.y = box.y + (anchor == "top" ? 0 : anchor == "bottom" ? slack : slack / 2);
  return place;
}

void paint_cover(Painter& painter, const Image& image, const Element& element, const Box& box) {
  const Path path = shape_path(element.shape, box, element.radius * painter.unit());
  paint_named_shadow(painter.cairo(), element.shadow, box, path, painter.scene.palette.dark,
                     painter.unit());
  cairo_save(painter.cairo());
  path(painter.cairo());
  cairo_clip(painter.cairo());
  cairo_new_path(painter.cairo());
  paint_picture(painter.cairo(), image, placed(image, box, true, "middle"));
  cairo_restore(painter.cairo());
}

/// The shadow where a standing thing meets its ground, and a fainter one of its outline.
void paint_standing_shadow(Painter& painter, const Image& image, const Box& place) {
  const creative::Rgb color = painter.scene.palette.dark;
  const double unit = painter.unit();
  const double depth = std::max(place.width * 0.05, unit * 0.012);
  const Box ground{place.x + place.width * 0.06, place.y + place.height - depth * 1.15,
                   place.width * 0.88, depth * 2};
  paint_shadow(
      painter.cairo(), ground,
      [&](cairo_t* on) {
        cairo_save(on);
        cairo_translate(on, ground.x + ground.width / 2, ground.y + ground.height / 2);
        cairo_scale(on, ground.width / 2, ground.height / 2);
        cairo_arc(on, 0, 0, 1, 0, 2 * std::numbers::pi);
        cairo_restore(on);
        cairo_fill(on);
      },
      unit * 0.014, 0, color, 0.42);
  paint_shadow(
      painter.cairo(), place, [&](cairo_t* on) { paint_picture(on, image, place); }, unit * 0.03,
      unit * 0.016, color, 0.2);
}

}  // namespace

void paint_picture(cairo_t* cairo, const Image& image, const Box& place) {
  const Surface surface = to_surface(image);
  cairo_save(cairo);
  cairo_translate(cairo, place.x, place.y);
  cairo_scale(cairo, place.width / image.width, place.height / image.height);
  cairo_set_source_surface(cairo, surface.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_GOOD);
  cairo_rectangle(cairo, 0, 0, image.width, image.height);
  cairo_fill(cairo);
  cairo_restore(cairo);
}

void paint_shape(Painter& painter, const Element& element) {
  const Box box = painter.canvas.pixels(element.box);
  cairo_t* cairo = painter.cairo();
  const double unit = painter.unit();
  cairo_save(cairo);
  if (element.rotation != 0) {
    cairo_translate(cairo, box.x + box.width / 2, box.y + box.height / 2);
    cairo_rotate(cairo, element.rotation * std::numbers::pi / 180);
    cairo_translate(cairo, -box.x - box.width / 2, -box.y - box.height / 2);
  }
  const Path path = shape_path(element.shape, box, element.radius * unit);
  paint_named_shadow(cairo, element.shadow, box, path, painter.scene.palette.dark, unit);
  paint_fill(cairo, path, box, element.fill, painter.scene.palette, unit, element.opacity);
  if (!element.stroke.empty()) {
    path(cairo);
    set_color(cairo, painter.role(element.stroke), element.opacity);
    cairo_set_line_width(cairo, element.stroke_width * unit);
    cairo_stroke(cairo);
  }
  cairo_restore(cairo);
}

void paint_photo(Painter& painter, const Element& element) {
  const Box box = painter.canvas.pixels(element.box);
  if (painter.scene.photo) {
    paint_cover(painter, painter.scene.photo->image, element, box);
    painter.rendering.photos.push_back(box);
  } else {
    paint_shape(painter, element);
  }
}

void paint_product(Painter& painter, const Element& element) {
  if (!painter.scene.product) return;
  const Image& image = painter.scene.product->image;
  const Box box = painter.canvas.pixels(element.box);
  cairo_t* cairo = painter.cairo();
  Box place = placed(image, box, false, element.anchor);
  cairo_save(cairo);
  if (element.rotation != 0) {
    cairo_translate(cairo, place.x + place.width / 2, place.y + place.height / 2);
    cairo_rotate(cairo, element.rotation * std::numbers::pi / 180);
    cairo_translate(cairo, -place.x - place.width / 2, -place.y - place.height / 2);
  }
  if (is_cut_out(image) && element.fit == "contain") {
    if (element.shadow != "none") paint_standing_shadow(painter, image, place);
    paint_picture(cairo, image, place);
  } else {
    place = element.fit == "cover" ? box : place;
    Element framed = element;
    framed.radius = std::max(element.radius, 0.02);
    paint_cover(painter, image, framed, place);
  }
  cairo_restore(cairo);
  painter.rendering.product = place;
  painter.rendering.product_image = painter.scene.product->path;
}

}  // namespace adgenome::imaging
