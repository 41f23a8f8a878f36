#include "pieces.hpp"

#include <adgenome/creative/rewrite.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Item;
using creative::Rgb;

constexpr double kLogoContrast = 2.5;  // under which a logo gets a plate

std::vector<std::string> rows(const Painter& painter, const Item& item) {
  const creative::Content& content = painter.scene.content;
  std::vector<std::string> all = item.kind == "pains" ? content.pains : content.benefits;
  const auto first = std::min(all.size(), static_cast<std::size_t>(item.first - 1));
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
  all.resize(std::min(all.size(), static_cast<std::size_t>(item.most)));
  return all;
}

std::string filled(std::string text, const creative::Content& content) {
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"{product}", content.product_name},
        {"{brand}", content.brand_name}}) {
    const std::size_t at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), value);
  }
  return text;
}

void paint_button(Painter& painter, const Setting& text, const Item& item, const Box& box) {
  const Rgb color = visible_color(painter, item.color.empty() ? "accent" : item.color, box);
  const Path path = rounded_rectangle(box, item.radius * box.height / 2);
  paint_named_shadow(painter.cairo(), "soft", box, path, painter.scene.palette.dark,
                     painter.unit());
  path(painter.cairo());
  set_color(painter.cairo(), color);
  cairo_fill(painter.cairo());
  // Optical middle: by the ink of capitals and figures, not by the line.
  paint_text(painter, text, box.x + (box.width - text.width) / 2,
             box.y + (box.height - text.height) / 2, ink_on(painter, color));
}

std::optional<Piece> button_piece(Painter& painter, const Item& item, const std::string& role,
                                  const std::string& content, double width, double height,
                                  double scale) {
  auto text =
      set_text(painter, role, content, item.style, width * 0.8, height, scale, PANGO_ALIGN_CENTER);
  if (!text) return std::nullopt;
  const bool is_badge = role == "badge";
  const double pad_x = text->size * (is_badge ? 0.75 : 1.25);
  const double pad_y = text->size * (is_badge ? 0.3 : 0.58);
  Piece piece;
  piece.width = text->width + 2 * pad_x;
  piece.height = text->height + 2 * pad_y;
  if (piece.width > width) return std::nullopt;
  piece.size = text->size;
  piece.paint = [&painter, &item, piece_width = piece.width, piece_height = piece.height,
                 setting = std::make_shared<Setting>(std::move(*text))](double x, double y) {
    paint_button(painter, *setting, item, {x, y, piece_width, piece_height});
  };
  return piece;
}

/// A badge's text without a ground of its own: the layout draws what it stands on.
std::optional<Piece> text_piece(Painter& painter, const Item& item, const std::string& role,
                                const std::string& content, double width, double height,
                                double scale, PangoAlignment alignment) {
  const bool has_bars = !item.style.highlight.empty();
  const double room = has_bars ? width - 2 * kBarPad * item.style.max_size * painter.unit() : width;
  auto text = set_text(painter, role, content, item.style, room, height, scale, alignment);
  if (!text) return std::nullopt;
  const double pad = has_bars ? kBarPad * text->size : 0;
  Piece piece;
  piece.width = text->width + 2 * pad;
  piece.height = text->height;
  piece.size = text->size;
  piece.paint = [&painter, pad, setting = std::make_shared<Setting>(std::move(*text))](
                    double x, double y) { paint_text(painter, *setting, x + pad, y); };
  return piece;
}

std::optional<Piece> list_piece(Painter& painter, const Item& item, double width, double height,
                                double scale) {
  const double smallest = item.style.min_size * painter.unit();
  const double size = std::max(smallest, item.style.max_size * painter.unit() * scale);
  const bool has_marker_disc = item.marker != "dot";
  const double indent = size * (has_marker_disc ? 1.9 : 1.0);
  creative::TextStyle style = item.style;
  style.max_size = style.min_size = size / painter.unit();
  auto settings = std::make_shared<std::vector<Setting>>();
  Piece piece;
  piece.size = size;
  const double between = size * 0.62;
  for (const std::string& row : rows(painter, item)) {
    auto text =
        set_text(painter, item.kind == "pains" ? "label" : "benefit", row, style, width - indent,
                 height, 1, painter.is_right_to_left ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    if (!text) return std::nullopt;
    piece.width = std::max(piece.width, indent + text->width);
    piece.height += text->height + (settings->empty() ? 0 : between);
    settings->push_back(std::move(*text));
  }
  piece.paint = [&painter, &item, settings, size, indent, between, width_used = piece.width](
                    double x, double y) {
    for (std::size_t i = 0; i < settings->size(); ++i) {
      const Setting& text = (*settings)[i];
      const double disc = size * (item.marker == "number" ? 1.45 : 1.3);
      const double line =
          text.height / static_cast<double>(pango_layout_get_line_count(text.layout.get()));
      const bool is_turned = painter.is_right_to_left;
      const double left = is_turned ? x + width_used - disc : x;
      paint_marker(painter, item, i + 1, {left, y + line / 2 - disc / 2, disc, disc}, item.style);
      paint_text(painter, text, is_turned ? x + width_used - indent - text.width : x + indent, y);
      y += text.height + between;
    }
  };
  return piece;
}

/// The room that a plate takes around a logo, shares of the logo's height.
constexpr double kPlateBeside = 0.36;
constexpr double kPlateAbove = 0.27;

double mean_luminance(const Image& image) {
  const std::vector<Rgb> samples = sample_pixels(image, 400);
  double luminance = 0;
  for (const Rgb sample : samples) luminance += creative::relative_luminance(sample);
  return luminance / static_cast<double>(std::max<std::size_t>(samples.size(), 1));
}

/// A logo keeps its colors: where they would be lost on what is under it, it gets a plate.
bool needs_plate(const Painter& painter, const Image& logo, const Box& ground) {
  const double under = creative::relative_luminance(painter.canvas.mean_color(ground));
  return is_cut_out(logo) &&
         creative::contrast_of_luminances(mean_luminance(logo), under) < kLogoContrast;
}

void paint_plate(Painter& painter, const Image& logo, const Box& plate) {
  const creative::Palette& palette = painter.scene.palette;
  rounded_rectangle(plate, plate.height * 0.21)(painter.cairo());
  set_color(painter.cairo(), mean_luminance(logo) < 0.4 ? palette.surface : palette.dark);
  cairo_fill(painter.cairo());
}

std::optional<Piece> logo_piece(Painter& painter, const Item& item, const Box& area, double width,
                                double height, double scale) {
  const double wanted = item.height.value_or(0.05) * painter.unit();
  if (!painter.scene.logo) {
    creative::TextStyle style = item.style;
    style.font = "heavy";
    style.max_size = item.height.value_or(0.05) * 0.62;
    style.min_size = std::min(style.max_size, 0.02);
    style.max_lines = 1;
    style.letter_spacing = 0.04;
    Item named = item;
    named.style = style;
    return text_piece(painter, named, "label", painter.scene.content.brand_name, width, height,
                      scale, PANGO_ALIGN_LEFT);
  }
  const Image& image = painter.scene.logo->image;
  const double ratio = static_cast<double>(image.width) / image.height;
  const bool has_plate = needs_plate(painter, image, area);
  const double beside = has_plate ? kPlateBeside : 0;
  const double above = has_plate ? kPlateAbove : 0;
  const double logo_height = std::min(wanted, width / (ratio + 2 * beside));
  Piece piece;
  piece.height = logo_height * (1 + 2 * above);
  piece.width = logo_height * (ratio + 2 * beside);
  piece.paint = [&painter, &image, has_plate, w = piece.width, h = piece.height, beside, above,
                 logo_height](double x, double y) {
    const Box logo{x + beside * logo_height, y + above * logo_height, w - 2 * beside * logo_height,
                   h - 2 * above * logo_height};
    if (has_plate) paint_plate(painter, image, {x, y, w, h});
    paint_picture(painter.cairo(), image, logo);
    painter.rendering.logo = logo;
    painter.rendering.logo_image = painter.scene.logo->path;
  };
  return piece;
}

}  // namespace

std::int64_t rows_of(const Painter& painter, const Item& item) {
  return static_cast<std::int64_t>(rows(painter, item).size());
}

std::string content_of(const Painter& painter, const Item& item) {
  const creative::Content& content = painter.scene.content;
  if (item.kind == "headline") return content.headline;
  if (item.kind == "subheadline") return content.subheadline.value_or("");
  if (item.kind == "cta") return content.call_to_action.value_or("");
  if (item.kind == "author") return content.author.value_or("");
  if (item.kind == "badge") return content.badge.value_or("");
  if (item.kind == "disclaimer") return content.disclaimer.value_or("");
  if (item.kind == "label") return filled(item.text, content);
  if (item.kind == "rating") return content.rating ? content.rating->text : "";
  if (item.kind == "logo")
    return painter.scene.logo ? painter.scene.logo->path : content.brand_name;
  if (item.kind == "benefits" || item.kind == "pains") {
    const std::vector<std::string> list = rows(painter, item);
    return list.empty() ? "" : list.front();
  }
  // Nobody is quoted who said nothing.
  if (item.kind == "quote_mark" && !creative::is_quotation(content.headline)) return "";
  return item.kind;
}

bool has_content(const Painter& painter, const Item& item) {
  return !content_of(painter, item).empty();
}

std::optional<Piece> make_piece(Painter& painter, const Item& item, const Box& area, double width,
                                double height, double scale, PangoAlignment alignment) {
  std::optional<Piece> piece;
  if (item.kind == "cta") {
    piece = button_piece(painter, item, "cta", content_of(painter, item), width, height, scale);
  } else if (item.kind == "badge" && !item.color.empty()) {
    piece = button_piece(painter, item, "badge", content_of(painter, item), width, height, scale);
  } else if (item.kind == "benefits" || item.kind == "pains") {
    piece = list_piece(painter, item, width, height, scale);
  } else if (item.kind == "rating") {
    piece = rating_piece(painter, item, width, height, scale);
  } else if (item.kind == "logo") {
    piece = logo_piece(painter, item, area, width, height, scale);
  } else if (item.kind == "rule") {
    piece = rule_piece(painter, item);
  } else if (item.kind == "quote_mark") {
    piece = quote_piece(painter, item);
  } else {
    piece = text_piece(painter, item, item.kind, content_of(painter, item), width, height, scale,
                       alignment);
  }
  if (piece) piece->item = &item;
  return piece;
}

}  // namespace adgenome::imaging
