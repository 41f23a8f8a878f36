#include "patterns.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace adgenome::imaging {
namespace {

using creative::Box;
constexpr double kTurn = 2 * std::numbers::pi;

void dots(cairo_t* cairo, const Box& b, double unit) {
  const double step = unit * 0.042;
  for (double y = b.y + step / 2; y < b.y + b.height; y += step) {
    for (double x = b.x + step / 2; x < b.x + b.width; x += step) {
      cairo_new_sub_path(cairo);
      cairo_arc(cairo, x, y, unit * 0.0052, 0, kTurn);
    }
  }
  cairo_fill(cairo);
}

void grid(cairo_t* cairo, const Box& b, double unit) {
  const double step = unit * 0.075;
  cairo_set_line_width(cairo, unit * 0.0018);
  for (double x = b.x + step / 2; x < b.x + b.width; x += step) {
    cairo_move_to(cairo, x, b.y);
    cairo_line_to(cairo, x, b.y + b.height);
  }
  for (double y = b.y + step / 2; y < b.y + b.height; y += step) {
    cairo_move_to(cairo, b.x, y);
    cairo_line_to(cairo, b.x + b.width, y);
  }
  cairo_stroke(cairo);
}

void rays(cairo_t* cairo, const Box& b, double) {
  constexpr int kRays = 20;
  const double cx = b.x + b.width / 2;
  const double cy = b.y + b.height / 2;
  const double reach = std::hypot(b.width, b.height) * 0.6;
  for (int i = 0; i < kRays; ++i) {
    cairo_move_to(cairo, cx, cy);
    cairo_arc(cairo, cx, cy, reach, kTurn * i / kRays, kTurn * (i + 0.5) / kRays);
    cairo_close_path(cairo);
  }
  cairo_fill(cairo);
}

void rings(cairo_t* cairo, const Box& b, double unit) {
  cairo_set_line_width(cairo, unit * 0.012);
  for (double r = unit * 0.08; r < std::hypot(b.width, b.height) / 2; r += unit * 0.075) {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, b.x + b.width / 2, b.y + b.height / 2, r, 0, kTurn);
  }
  cairo_stroke(cairo);
}

void stripes(cairo_t* cairo, const Box& b, double unit) {
  cairo_set_line_width(cairo, unit * 0.018);
  for (double x = b.x - b.height; x < b.x + b.width; x += unit * 0.05) {
    cairo_move_to(cairo, x, b.y + b.height);
    cairo_line_to(cairo, x + b.height, b.y);
  }
  cairo_stroke(cairo);
}

}  // namespace

void paint_pattern(cairo_t* cairo, const Box& box, const std::string& pattern, double unit) {
  if (pattern == "dots") dots(cairo, box, unit);
  if (pattern == "grid") grid(cairo, box, unit);
  if (pattern == "rays") rays(cairo, box, unit);
  if (pattern == "rings") rings(cairo, box, unit);
  if (pattern == "stripes") stripes(cairo, box, unit);
}

}  // namespace adgenome::imaging
