#include <adgenome/core/error.hpp>
#include <adgenome/imaging/image.hpp>
#include <algorithm>
#include <cmath>

#include "codec.hpp"

namespace adgenome::imaging {
namespace {

constexpr std::uint64_t kMostPixels = 100'000'000;

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height, const std::string& name) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (width == 0 || height == 0) throw core::InvalidInput(name + " is an empty picture: " + size);
  if (width > kMostPixels || height > kMostPixels || width * height > kMostPixels) {
    throw core::InvalidInput(name + " is too large: " + size + " pixels",
                             "pictures of up to 100 million pixels are read");
  }
}

Image decode(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(bytes, name);
  if (bytes.starts_with("\xff\xd8\xff")) return decode_jpeg(bytes, name);
  throw core::InvalidInput(name + " is not a PNG or JPEG picture");
}

std::vector<creative::Rgb> sample_pixels(const Image& image, std::size_t count) {
  const double pixels = static_cast<double>(image.width) * image.height;
  const int step = std::max(1, static_cast<int>(std::sqrt(pixels / static_cast<double>(count))));
  std::vector<creative::Rgb> samples;
  for (int y = step / 2; y < image.height; y += step) {
    for (int x = step / 2; x < image.width; x += step) {
      const std::uint8_t* p = image.pixel(x, y);
      if (p[3] >= 128) samples.push_back({p[0], p[1], p[2]});
    }
  }
  return samples;
}

}  // namespace adgenome::imaging
