#include <algorithm>
#include <cmath>
#include <numbers>

#include "pieces.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Item;
using creative::Rgb;

void star_path(cairo_t* cairo, double x, double y, double r) {
  cairo_new_path(cairo);
  for (int i = 0; i < 10; ++i) {
    const double angle = std::numbers::pi * (i / 5.0 - 0.5);
    const double reach = i % 2 == 0 ? r : r * 0.45;
    cairo_line_to(cairo, x + reach * std::cos(angle), y + reach * std::sin(angle));
  }
  cairo_close_path(cairo);
}

}  // namespace

void paint_marker(Painter& painter, const Item& item, std::size_t number, const Box& box,
                  const creative::TextStyle& style) {
  cairo_t* cairo = painter.cairo();
  const bool is_cross = item.marker == "cross";
  const std::string wanted = item.color.empty() ? (is_cross ? "dark" : "primary") : item.color;
  const Rgb color = visible_color(painter, wanted, box);
  const double r = box.width / 2;
  const double x = box.x + r;
  const double y = box.y + r;
  if (item.marker == "dot") {
    cairo_new_path(cairo);
    cairo_arc(cairo, x, y, r * 0.32, 0, 2 * std::numbers::pi);
    set_color(cairo, color);
    cairo_fill(cairo);
    return;
  }
  cairo_new_path(cairo);
  cairo_arc(cairo, x, y, r, 0, 2 * std::numbers::pi);
  set_color(cairo, color, is_cross ? 0.22 : 1);
  cairo_fill(cairo);
  if (item.marker == "number") {
    creative::TextStyle digits = style;
    digits.font = "heavy";
    const PangoText text =
        painter.type.set(std::to_string(number), digits, r * 1.15, 0, PANGO_ALIGN_LEFT);
    set_color(cairo, ink_on(painter, color));
    const Box ink = ink_of(text.get());
    cairo_move_to(cairo, x - ink.width / 2 - ink.x, y - ink.height / 2 - ink.y);
    pango_cairo_show_layout(cairo, text.get());
    cairo_new_path(cairo);
    return;
  }
  set_color(cairo, is_cross ? color : ink_on(painter, color));
  cairo_set_line_width(cairo, r * 0.26);
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  if (is_cross) {
    const double d = r * 0.34;
    cairo_move_to(cairo, x - d, y - d);
    cairo_line_to(cairo, x + d, y + d);
    cairo_move_to(cairo, x + d, y - d);
    cairo_line_to(cairo, x - d, y + d);
  } else {
    cairo_move_to(cairo, x - r * 0.42, y + r * 0.02);
    cairo_line_to(cairo, x - r * 0.1, y + r * 0.34);
    cairo_line_to(cairo, x + r * 0.44, y - r * 0.32);
  }
  cairo_stroke(cairo);
}

std::optional<Piece> rating_piece(Painter& painter, const Item& item, double width, double height,
                                  double scale) {
  const creative::Rating& rating = *painter.scene.content.rating;
  auto text =
      set_text(painter, "label", rating.text, item.style, width, height, scale, PANGO_ALIGN_LEFT);
  if (!text) return std::nullopt;
  const double star = text->size * 1.25;
  const double stars_width = 5.4 * star;
  const bool is_one_line = stars_width + star * 1.4 + text->width <= width;
  Piece piece;
  piece.size = text->size;
  piece.width =
      is_one_line ? stars_width + star * 0.5 + text->width : std::max(stars_width, text->width);
  piece.height = is_one_line ? std::max(star, text->height) : star * 1.4 + text->height;
  const double pad = item.style.highlight.empty() ? 0 : star * 0.45;
  piece.paint = [&painter, &item, &rating, star, stars_width, is_one_line, width_used = piece.width,
                 height_used = piece.height, pad,
                 setting = std::make_shared<Setting>(std::move(*text))](double x, double y) {
    cairo_t* cairo = painter.cairo();
    x += pad;
    y += pad;
    const double middle = is_one_line ? y + height_used / 2 : y + star / 2;
    if (pad > 0) {
      const Box plate{x - pad, y - pad, width_used + 2 * pad, height_used + 2 * pad};
      rounded_rectangle(plate, star * 0.4)(cairo);
      set_color(cairo, painter.role(item.style.highlight));
      cairo_fill(cairo);
    }
    const bool is_turned = painter.is_right_to_left;
    const double first = is_turned ? x + width_used - stars_width : x;
    const Rgb color = visible_color(painter, item.color.empty() ? "accent" : item.color,
                                    {first, y, stars_width, star});
    for (int i = 0; i < 5; ++i) {
      const double cx = first + star * (0.5 + 1.1 * i);
      star_path(cairo, cx, middle, star * 0.56);
      set_color(cairo, color, 0.25);
      cairo_fill(cairo);
      const double share = std::clamp(rating.stars - i, 0.0, 1.0);
      cairo_save(cairo);
      cairo_rectangle(cairo, cx - star * 0.56, middle - star, star * 1.12 * share, 2 * star);
      cairo_clip(cairo);
      star_path(cairo, cx, middle, star * 0.56);
      set_color(cairo, color);
      cairo_fill(cairo);
      cairo_restore(cairo);
    }
    if (is_one_line) {
      paint_text(painter, *setting, is_turned ? x : x + stars_width + star * 0.5,
                 middle - setting->height / 2);
    } else {
      paint_text(painter, *setting, is_turned ? x + width_used - setting->width : x,
                 y + star * 1.4);
    }
  };
  piece.width += 2 * pad;
  piece.height += 2 * pad;
  return piece;
}

Piece rule_piece(Painter& painter, const Item& item) {
  Piece piece;
  piece.height = item.height.value_or(0.006) * painter.unit();
  piece.width = 0.09 * painter.unit();
  piece.paint = [&painter, &item, w = piece.width, h = piece.height](double x, double y) {
    const Box box{x, y, w, h};
    const Rgb color = visible_color(painter, item.color.empty() ? "accent" : item.color, box);
    rounded_rectangle(box, h / 2)(painter.cairo());
    set_color(painter.cairo(), color);
    cairo_fill(painter.cairo());
  };
  return piece;
}

/// Two raised commas, drawn: a quotation mark is an ornament here and no text to be read.
Piece quote_piece(Painter& painter, const Item& item) {
  Piece piece;
  piece.height = item.height.value_or(0.07) * painter.unit();
  piece.width = piece.height * 1.25;
  piece.paint = [&painter, &item, w = piece.width, h = piece.height](double x, double y) {
    cairo_t* cairo = painter.cairo();
    set_color(cairo,
              visible_color(painter, item.color.empty() ? "accent" : item.color, {x, y, w, h}));
    for (const double left : {x, x + w * 0.54}) {
      const double r = w * 0.21;
      cairo_new_path(cairo);
      cairo_arc(cairo, left + r, y + h - r, r, 0, 2 * std::numbers::pi);
      cairo_close_path(cairo);
      cairo_move_to(cairo, left, y + h - r);
      cairo_curve_to(cairo, left, y + h * 0.35, left + r * 0.6, y + h * 0.08, left + r * 1.75, y);
      cairo_line_to(cairo, left + r * 1.9, y + h * 0.16);
      cairo_curve_to(cairo, left + r * 1.1, y + h * 0.25, left + r * 0.9, y + h * 0.4,
                     left + r * 1.0, y + h - 2 * r);
      cairo_close_path(cairo);
      cairo_fill(cairo);
    }
  };
  return piece;
}

}  // namespace adgenome::imaging
