#include "canvas.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "patterns.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Rgb;
constexpr double kPi = std::numbers::pi;

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    throw core::Error(core::ExitCode::kInternal,
                      std::string("cannot draw: ") + cairo_status_to_string(status));
  }
}

Rgb rgb_at(const unsigned char* data, int stride, int x, int y) {
  const std::uint32_t argb = *reinterpret_cast<const std::uint32_t*>(
      data + static_cast<std::ptrdiff_t>(y) * stride + 4 * static_cast<std::ptrdiff_t>(x));
  return {static_cast<std::uint8_t>(argb >> 16), static_cast<std::uint8_t>(argb >> 8),
          static_cast<std::uint8_t>(argb)};
}

/// A closed curve (Catmull-Rom as Bezier) around an ellipse whose radius breathes.
void blob(cairo_t* cairo, const Box& b) {
  constexpr int kPoints = 8;
  constexpr std::array<double, kPoints> kRadii{1.0, 0.9, 0.98, 0.86, 0.97, 0.88, 1.0, 0.92};
  std::array<std::pair<double, double>, kPoints> points;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double angle = 2 * kPi * static_cast<double>(i) / kPoints - 0.3;
    points[i] = {b.x + b.width / 2 * (1 + kRadii[i] * std::cos(angle)),
                 b.y + b.height / 2 * (1 + kRadii[i] * std::sin(angle))};
  }
  const auto at = [&](int i) { return points[static_cast<std::size_t>((i + kPoints) % kPoints)]; };
  cairo_move_to(cairo, at(0).first, at(0).second);
  for (int i = 0; i < kPoints; ++i) {
    const auto [x0, y0] = at(i - 1);
    const auto [x1, y1] = at(i);
    const auto [x2, y2] = at(i + 1);
    const auto [x3, y3] = at(i + 2);
    cairo_curve_to(cairo, x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6,
                   y2 - (y3 - y1) / 6, x2, y2);
  }
  cairo_close_path(cairo);
}

void wave(cairo_t* cairo, const Box& b) {
  const double swing = std::min(b.height, b.width) * 0.12;
  cairo_move_to(cairo, b.x, b.y + swing);
  cairo_curve_to(cairo, b.x + b.width * 0.3, b.y - swing, b.x + b.width * 0.65, b.y + 2.6 * swing,
                 b.x + b.width, b.y + 0.4 * swing);
  cairo_line_to(cairo, b.x + b.width, b.y + b.height);
  cairo_line_to(cairo, b.x, b.y + b.height);
  cairo_close_path(cairo);
}

void slant(cairo_t* cairo, const Box& b) {
  const double drop = std::min(b.height, b.width) * 0.16;
  cairo_move_to(cairo, b.x, b.y + drop);
  cairo_line_to(cairo, b.x + b.width, b.y);
  cairo_line_to(cairo, b.x + b.width, b.y + b.height);
  cairo_line_to(cairo, b.x, b.y + b.height);
  cairo_close_path(cairo);
}

void arch(cairo_t* cairo, const Box& b) {
  const double r = b.width / 2;
  cairo_arc(cairo, b.x + r, b.y + std::min(r, b.height), r, kPi, 2 * kPi);
  cairo_line_to(cairo, b.x + b.width, b.y + b.height);
  cairo_line_to(cairo, b.x, b.y + b.height);
  cairo_close_path(cairo);
}

/// One running mean over each of `count` lines; `line` and `step` are distances in bytes.
void blur_lines(unsigned char* data, int count, int length, std::ptrdiff_t line,
                std::ptrdiff_t step, int radius) {
  std::vector<unsigned char> source(static_cast<std::size_t>(length));
  const int window = 2 * radius + 1;
  for (int i = 0; i < count; ++i) {
    unsigned char* row = data + i * line;
    for (int j = 0; j < length; ++j) source[static_cast<std::size_t>(j)] = row[j * step];
    int sum = 0;
    for (int j = 0; j <= std::min(radius, length - 1); ++j)
      sum += source[static_cast<std::size_t>(j)];
    for (int j = 0; j < length; ++j) {
      row[j * step] = static_cast<unsigned char>((sum + window / 2) / window);
      if (j + radius + 1 < length) sum += source[static_cast<std::size_t>(j + radius + 1)];
      if (j - radius >= 0) sum -= source[static_cast<std::size_t>(j - radius)];
    }
  }
}

}  // namespace

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      cairo_(cairo_create(surface_.get())) {
  check(cairo_status(cairo_.get()));
  set_color(cairo_.get(), {255, 255, 255});
  cairo_paint(cairo_.get());
}

double Canvas::unit() const {
  return std::min(width_, height_);
}

Box Canvas::pixels(const creative::RelativeBox& box) const {
  return {box.x * width_, box.y * height_, box.width * width_, box.height * height_};
}

std::vector<Rgb> Canvas::samples(const Box& box) const {
  cairo_surface_flush(surface_.get());
  const unsigned char* data = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  constexpr int kSteps = 40;
  std::vector<Rgb> colors;
  for (int j = 0; j < kSteps; ++j) {
    for (int i = 0; i < kSteps; ++i) {
      const int x = static_cast<int>(box.x + box.width * (i + 0.5) / kSteps);
      const int y = static_cast<int>(box.y + box.height * (j + 0.5) / kSteps);
      if (x >= 0 && y >= 0 && x < width_ && y < height_)
        colors.push_back(rgb_at(data, stride, x, y));
    }
  }
  return colors;
}

std::vector<double> Canvas::luminances(const Box& box) const {
  std::vector<double> values;
  for (const Rgb color : samples(box)) values.push_back(creative::relative_luminance(color));
  std::sort(values.begin(), values.end());
  return values;
}

Rgb Canvas::mean_color(const Box& box) const {
  const std::vector<Rgb> colors = samples(box);
  if (colors.empty()) return {255, 255, 255};
  std::array<std::size_t, 3> sums{};
  for (const Rgb color : colors) {
    sums[0] += color.red;
    sums[1] += color.green;
    sums[2] += color.blue;
  }
  const auto mean = [&](std::size_t sum) { return static_cast<std::uint8_t>(sum / colors.size()); };
  return {mean(sums[0]), mean(sums[1]), mean(sums[2])};
}

Image Canvas::image() const {
  check(cairo_status(cairo_.get()));
  cairo_surface_flush(surface_.get());
  const unsigned char* data = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  Image image{width_, height_, {}};
  image.rgba.resize(4 * static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  std::uint8_t* out = image.rgba.data();
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x, out += 4) {
      const Rgb color = rgb_at(data, stride, x, y);
      out[0] = color.red;
      out[1] = color.green;
      out[2] = color.blue;
      out[3] = 255;
    }
  }
  return image;
}

void set_color(cairo_t* cairo, Rgb color, double opacity) {
  cairo_set_source_rgba(cairo, color.red / 255.0, color.green / 255.0, color.blue / 255.0, opacity);
}

Path rounded_rectangle(const Box& box, double radius) {
  const double r = std::min(radius, std::min(box.width, box.height) / 2);
  return [box, r](cairo_t* cairo) {
    const double right = box.x + box.width;
    const double bottom = box.y + box.height;
    cairo_new_path(cairo);
    cairo_arc(cairo, right - r, box.y + r, r, -kPi / 2, 0);
    cairo_arc(cairo, right - r, bottom - r, r, 0, kPi / 2);
    cairo_arc(cairo, box.x + r, bottom - r, r, kPi / 2, kPi);
    cairo_arc(cairo, box.x + r, box.y + r, r, kPi, 3 * kPi / 2);
    cairo_close_path(cairo);
  };
}

Path shape_path(const std::string& shape, const Box& box, double radius) {
  if (shape == "circle") {
    const double r = std::min(box.width, box.height) / 2;
    const double x = box.x + box.width / 2 - r;
    const double y = box.y + box.height / 2 - r;
    return rounded_rectangle({x, y, 2 * r, 2 * r}, r);
  }
  void (*const draw)(cairo_t*, const Box&) = shape == "arch"    ? arch
                                             : shape == "blob"  ? blob
                                             : shape == "wave"  ? wave
                                             : shape == "slant" ? slant
                                                                : nullptr;
  if (!draw) return rounded_rectangle(box, radius);
  return [box, draw](cairo_t* cairo) {
    cairo_new_path(cairo);
    draw(cairo, box);
  };
}

void paint_fill(cairo_t* cairo, const Path& path, const Box& box, const creative::Fill& fill,
                const creative::Palette& palette, double unit, double opacity) {
  if (!fill.roles.empty()) {
    // The gradient runs through the box's center, long enough to reach its corners.
    const double dx = std::cos(fill.angle * kPi / 180);
    const double dy = std::sin(fill.angle * kPi / 180);
    const double half = (std::abs(dx) * box.width + std::abs(dy) * box.height) / 2;
    const double cx = box.x + box.width / 2;
    const double cy = box.y + box.height / 2;
    const Pattern gradient(cairo_pattern_create_linear(cx - dx * half, cy - dy * half,
                                                       cx + dx * half, cy + dy * half));
    const std::size_t last = std::max<std::size_t>(fill.roles.size(), 2) - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      const Rgb color = *palette.role(fill.roles[std::min(i, fill.roles.size() - 1)]);
      const double at = static_cast<double>(i) / static_cast<double>(last);
      const double shown = fill.start_opacity + (fill.end_opacity - fill.start_opacity) * at;
      cairo_pattern_add_color_stop_rgba(gradient.get(), at, color.red / 255.0, color.green / 255.0,
                                        color.blue / 255.0, shown * opacity);
    }
    path(cairo);
    cairo_set_source(cairo, gradient.get());
    cairo_fill(cairo);
  }
  if (!fill.pattern.empty()) {
    cairo_save(cairo);
    path(cairo);
    cairo_clip(cairo);
    cairo_new_path(cairo);
    set_color(cairo, *palette.role(fill.pattern_role), fill.pattern_opacity * opacity);
    paint_pattern(cairo, box, fill.pattern, unit);
    cairo_restore(cairo);
  }
}

void paint_shadow(cairo_t* cairo, const Box& box, const Path& draw, double blur, double offset,
                  Rgb color, double opacity) {
  // A blurred shape needs no fine pixels: a quarter of the resolution, three running means in each
  // direction (which come near to a Gaussian), and back.
  constexpr double kScale = 0.25;
  const double margin = 2 * blur;
  const int width = std::max(1, static_cast<int>(std::ceil((box.width + 2 * margin) * kScale)));
  const int height = std::max(1, static_cast<int>(std::ceil((box.height + 2 * margin) * kScale)));
  const Surface mask(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height));
  {
    const Cairo on(cairo_create(mask.get()));
    cairo_scale(on.get(), kScale, kScale);
    cairo_translate(on.get(), margin - box.x, margin - box.y);
    set_color(on.get(), {0, 0, 0});
    draw(on.get());
  }
  cairo_surface_flush(mask.get());
  unsigned char* data = cairo_image_surface_get_data(mask.get());
  const int stride = cairo_image_surface_get_stride(mask.get());
  const int radius = std::max(1, static_cast<int>(std::lround(blur * kScale / 1.8)));
  for (int pass = 0; pass < 3; ++pass) {
    blur_lines(data, height, width, stride, 1, radius);
    blur_lines(data, width, height, 1, stride, radius);
  }
  cairo_surface_mark_dirty(mask.get());
  cairo_save(cairo);
  cairo_translate(cairo, box.x - margin, box.y - margin + offset);
  cairo_scale(cairo, 1 / kScale, 1 / kScale);
  set_color(cairo, color, opacity);
  cairo_mask_surface(cairo, mask.get(), 0, 0);
  cairo_restore(cairo);
}

void paint_named_shadow(cairo_t* cairo, const std::string& shadow, const Box& box, const Path& path,
                        Rgb color, double unit) {
  if (shadow == "none") return;
  const Path fill = [&path](cairo_t* on) {
    path(on);
    cairo_fill(on);
  };
  if (shadow == "soft") {
    paint_shadow(cairo, box, fill, unit * 0.022, unit * 0.008, color, 0.16);
  } else {
    paint_shadow(cairo, box, fill, unit * 0.05, unit * 0.024, color, 0.24);
    paint_shadow(cairo, box, fill, unit * 0.012, unit * 0.004, color, 0.12);
  }
}

Surface to_surface(const Image& image) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image.width, image.height));
  check(cairo_surface_status(surface.get()));
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  const std::uint8_t* in = image.rgba.data();
  for (int y = 0; y < image.height; ++y) {
    auto* row = reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) * stride);
    for (int x = 0; x < image.width; ++x, in += 4) {
      const std::uint32_t a = in[3];
      const auto scaled = [a](std::uint32_t v) { return (v * a + 127) / 255; };
      row[x] = a << 24 | scaled(in[0]) << 16 | scaled(in[1]) << 8 | scaled(in[2]);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

}  // namespace adgenome::imaging
