#include <adgenome/imaging/renderer.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace adgenome::imaging {
namespace {

// Largest difference of a channel, of 255.
constexpr int kPlainBackdrop = 14;  // among the samples along the border
constexpr int kBackdrop = 20;       // from the backdrop's color: transparent
constexpr int kEdge = 46;           // up to here: partly

struct Backdrop {
  std::array<int, 3> color{};
};

int difference(const std::uint8_t* pixel, const Backdrop& backdrop) {
  int largest = 0;
  for (std::size_t i = 0; i < 3; ++i)
    largest = std::max(largest, std::abs(pixel[i] - backdrop.color[i]));
  return largest;
}

/// The color of the border, where it is one color nearly everywhere.
std::optional<Backdrop> plain_backdrop(const Image& image) {
  std::vector<const std::uint8_t*> border;
  for (int i = 0; i < 64; ++i) {
    const int x = i * (image.width - 1) / 63;
    const int y = i * (image.height - 1) / 63;
    border.insert(border.end(), {image.pixel(x, 0), image.pixel(x, image.height - 1),
                                 image.pixel(0, y), image.pixel(image.width - 1, y)});
  }
  Backdrop backdrop;
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<int> values;
    for (const std::uint8_t* pixel : border) values.push_back(pixel[c]);
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    backdrop.color[c] = values[values.size() / 2];
  }
  const auto outliers = std::count_if(border.begin(), border.end(), [&](const std::uint8_t* p) {
    return difference(p, backdrop) > kPlainBackdrop;
  });
  if (outliers * 50 > static_cast<std::ptrdiff_t>(border.size())) return std::nullopt;
  return backdrop;
}

/// Makes the backdrop transparent as far as it hangs together with the border, so that the same
/// color inside the product stays.
void remove_backdrop(Image& image, const Backdrop& backdrop) {
  const int width = image.width;
  const int height = image.height;
  std::vector<std::uint8_t> is_seen(static_cast<std::size_t>(width) * height, 0);
  std::vector<std::pair<int, int>> open;
  const auto visit = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    std::uint8_t& seen = is_seen[static_cast<std::size_t>(y) * width + x];
    if (seen != 0) return;
    seen = 1;
    std::uint8_t* pixel = &image.rgba[4 * (static_cast<std::size_t>(y) * width + x)];
    const int d = difference(pixel, backdrop);
    if (d >= kEdge) return;
    if (d > kBackdrop) {
      pixel[3] = static_cast<std::uint8_t>(255 * (d - kBackdrop) / (kEdge - kBackdrop));
      return;  // an edge: soft, and no way through
    }
    pixel[3] = 0;
    open.emplace_back(x, y);
  };
  for (int x = 0; x < width; ++x) {
    visit(x, 0);
    visit(x, height - 1);
  }
  for (int y = 0; y < height; ++y) {
    visit(0, y);
    visit(width - 1, y);
  }
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    visit(x + 1, y);
    visit(x - 1, y);
    visit(x, y + 1);
    visit(x, y - 1);
  }
}

/// The part of the picture that can be seen.
Image cropped_to_content(const Image& image) {
  int left = image.width;
  int right = -1;
  int top = image.height;
  int bottom = -1;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.pixel(x, y)[3] < 24) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  if (right < left) return image;
  Image part{right - left + 1, bottom - top + 1, {}};
  part.rgba.reserve(4 * static_cast<std::size_t>(part.width) * part.height);
  for (int y = top; y <= bottom; ++y) {
    const std::uint8_t* row = image.pixel(left, y);
    part.rgba.insert(part.rgba.end(), row, row + 4 * static_cast<std::size_t>(part.width));
  }
  return part;
}

}  // namespace

bool is_cut_out(const Image& image) {
  const int x = image.width - 1;
  const int y = image.height - 1;
  for (const std::uint8_t* corner :
       {image.pixel(0, 0), image.pixel(x, 0), image.pixel(0, y), image.pixel(x, y)}) {
    if (corner[3] < 128) return true;
  }
  return false;
}

Image cut_out(const Image& image) {
  if (is_cut_out(image)) return cropped_to_content(image);
  const auto backdrop = plain_backdrop(image);
  if (!backdrop) return image;
  Image cut = image;
  remove_backdrop(cut, *backdrop);
  return cropped_to_content(cut);
}

}  // namespace adgenome::imaging
