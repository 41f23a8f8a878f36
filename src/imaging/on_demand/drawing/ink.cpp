#include <algorithm>
#include <array>

#include "hyphens.hpp"
#include "painter.hpp"
#include "phrases.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Rgb;

constexpr double kPreferredMargin = 1.12;  // over what is required, for the ink asked for
constexpr double kShows = 0.17;  // OKLab distance of a part without text to its surroundings

/// Least contrast of an ink to nearly all that is under a text: single pixels (a highlight, a
/// line of a pattern) do not decide.
double contrast_over(const std::vector<double>& luminances, Rgb ink) {
  if (luminances.empty()) return 1;
  const double luminance = creative::relative_luminance(ink);
  const std::size_t low = luminances.size() * 2 / 100;
  const std::size_t high = luminances.size() - 1 - low;
  if (luminance > luminances[low] && luminance < luminances[high]) return 1;
  return std::min(creative::contrast_of_luminances(luminance, luminances[low]),
                  creative::contrast_of_luminances(luminance, luminances[high]));
}

Box grown(const Box& box, double by) {
  return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

/// Darkens or lightens what is under the text until the ink reads, as little as is enough.
Rgb lay_scrim(Painter& painter, const Box& box, double size, double required) {
  const std::vector<double> before = painter.canvas.luminances(box);
  const bool is_dark = before[before.size() / 2] < 0.4;
  const Rgb ink = is_dark ? Rgb{255, 255, 255} : painter.scene.palette.dark;
  const Rgb scrim = is_dark ? painter.scene.palette.dark : Rgb{255, 255, 255};
  const Box area = grown(box, size * 0.45);
  // Each layer covers a fifth of what shows through.
  for (int layer = 0; layer < 20; ++layer) {
    if (contrast_over(painter.canvas.luminances(box), ink) >= required) break;
    rounded_rectangle(area, size * 0.35)(painter.cairo());
    set_color(painter.cairo(), scrim, 0.2);
    cairo_fill(painter.cairo());
  }
  return ink;
}

Rgb choose_ink(Painter& painter, const Setting& setting, const Box& box) {
  const Rgb white{255, 255, 255};
  const Rgb dark = painter.scene.palette.dark;
  const double required = creative::required_contrast(setting.size, is_bold(setting.style));
  const std::vector<double> under = painter.canvas.luminances(box);
  std::vector<std::pair<Rgb, double>> wishes;
  if (setting.style.ink != "auto") wishes.emplace_back(painter.role(setting.style.ink), 1.0);
  wishes.emplace_back(white, kPreferredMargin);
  wishes.emplace_back(dark, 1.0);
  wishes.emplace_back(white, 1.0);
  wishes.emplace_back(Rgb{0, 0, 0}, 1.0);
  for (const auto& [ink, margin] : wishes) {
    if (contrast_over(under, ink) >= required * margin) return ink;
  }
  return lay_scrim(painter, box, setting.size, required);
}

/// Rounded bars behind each line, as captions of short films have them.
void paint_highlight(Painter& painter, const Setting& setting, double x, double y, Rgb color) {
  cairo_t* cairo = painter.cairo();
  const double pad = setting.size * kBarPad;
  y += overshoot(setting.layout.get());
  PangoLayoutIter* iter = pango_layout_get_iter(setting.layout.get());
  set_color(cairo, color);
  do {
    PangoRectangle line;
    pango_layout_iter_get_line_extents(iter, nullptr, &line);
    const auto pixels = [](int units) { return static_cast<double>(units) / PANGO_SCALE; };
    const Box bar{x + pixels(line.x) - pad, y + pixels(line.y) - pad * 0.3,
                  pixels(line.width) + 2 * pad, pixels(line.height) + pad * 0.6};
    rounded_rectangle(bar, setting.size * 0.3)(cairo);
    cairo_fill(cairo);
  } while (pango_layout_iter_next_line(iter));
  pango_layout_iter_free(iter);
}

}  // namespace

Rgb ink_on(const Painter& painter, Rgb background) {
  // One of white and black reads on any color; the dark of the palette nearly always does.
  const std::array<Rgb, 3> inks{Rgb{255, 255, 255}, painter.scene.palette.dark, Rgb{0, 0, 0}};
  return creative::readable_ink(inks, background, 4.5);
}

Rgb visible_color(const Painter& painter, const std::string& wanted, const Box& box) {
  const creative::Oklab background = creative::to_oklab(painter.canvas.mean_color(box));
  for (const std::string& name : {wanted, std::string("accent"), std::string("primary"),
                                  std::string("deep"), std::string("white")}) {
    const Rgb color = painter.role(name);
    if (creative::distance(creative::to_oklab(color), background) >= kShows) return color;
  }
  return painter.scene.palette.dark;
}

void paint_text(Painter& painter, const Setting& setting, double x, double y, Rgb ink) {
  cairo_t* cairo = painter.cairo();
  y += overshoot(setting.layout.get());
  set_color(cairo, ink);
  cairo_move_to(cairo, x, y);
  pango_cairo_show_layout(cairo, setting.layout.get());
  cairo_new_path(cairo);
  const Box drawn = ink_of(setting.layout.get());
  std::string text =
      without_word_joiners(without_soft_hyphens(pango_layout_get_text(setting.layout.get())));
  std::replace(text.begin(), text.end(), '\n', ' ');
  painter.rendering.texts.push_back({.role = setting.role,
                                     .text = std::move(text),
                                     .box = {x + drawn.x, y + drawn.y, drawn.width, drawn.height},
                                     .font_px = setting.size,
                                     .lines = pango_layout_get_line_count(setting.layout.get()),
                                     .is_bold = is_bold(setting.style),
                                     .ink = creative::to_hex(ink)});
}

void paint_text(Painter& painter, const Setting& setting, double x, double y) {
  if (!setting.style.highlight.empty()) {
    const Rgb color = painter.role(setting.style.highlight);
    paint_highlight(painter, setting, x, y, color);
    paint_text(painter, setting, x, y, ink_on(painter, color));
    return;
  }
  const Box drawn = ink_of(setting.layout.get());
  const Box box{x + drawn.x, y + overshoot(setting.layout.get()) + drawn.y, drawn.width,
                drawn.height};
  paint_text(painter, setting, x, y, choose_ink(painter, setting, box));
}

}  // namespace adgenome::imaging
