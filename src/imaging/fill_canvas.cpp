#include <adgenome/imaging/fill_canvas.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::imaging {
namespace {

struct Part {
  int x, y, width, height;
};

/// The largest part in the middle that has the shape of the canvas.
Part middle_of(const Image& picture, int width, int height) {
  const double scale = std::min(static_cast<double>(picture.width) / width,
                                static_cast<double>(picture.height) / height);
  const int w = std::clamp(static_cast<int>(std::lround(width * scale)), 1, picture.width);
  const int h = std::clamp(static_cast<int>(std::lround(height * scale)), 1, picture.height);
  return {(picture.width - w) / 2, (picture.height - h) / 2, w, h};
}

/// One color over white.
Gray plane_of(const Image& picture, const Part& part, int channel) {
  Gray plane{part.width, part.height};
  plane.values.reserve(static_cast<std::size_t>(part.width) *
                       static_cast<std::size_t>(part.height));
  for (int y = 0; y < part.height; ++y) {
    for (int x = 0; x < part.width; ++x) {
      const std::uint8_t* pixel = picture.pixel(part.x + x, part.y + y);
      plane.values.push_back(static_cast<std::uint8_t>(
          (pixel[channel] * pixel[3] + 255 * (255 - pixel[3]) + 127) / 255));
    }
  }
  return plane;
}

}  // namespace

Image fill_canvas(const Image& picture, int width, int height) {
  const Part part = middle_of(picture, width, height);
  Image filled{.width = width, .height = height, .rgba = {}};
  filled.rgba.assign(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 255);
  for (int channel = 0; channel < 3; ++channel) {
    const Gray plane = resized(plane_of(picture, part, channel), width, height);
    for (std::size_t i = 0; i < plane.values.size(); ++i)
      filled.rgba[4 * i + static_cast<std::size_t>(channel)] = plane.values[i];
  }
  return filled;
}

}  // namespace adgenome::imaging
