#include <adgenome/core/error.hpp>
#include <adgenome/visual/color_layout.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace adgenome::visual {
namespace {

// Lightness of the grey that counts as the centre. No 8-bit color has it exactly, so that no
// image has a vector of length zero.
constexpr double kMidLightness = 0.5;
// The two color axes of sRGB reach about half as far as lightness does from its centre.
constexpr double kChromaWeight = 2.0;

/// sRGB byte to linear light (IEC 61966-2-1).
std::array<double, 256> linear_light() {
  std::array<double, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const double value = static_cast<double>(byte) / 255.0;
    table[byte] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  }
  return table;
}

struct Lab {
  double lightness, green_red, blue_yellow;
};

/// Linear sRGB to OKLab, matrices of https://bottosson.github.io/posts/oklab (2021-01-25).
Lab to_oklab(double red, double green, double blue) {
  const double l = std::cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const double m = std::cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const double s = std::cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

struct Range {
  std::size_t begin, end;
};

/// The pixels of a cell along one side; at least one, also of images smaller than the grid.
Range pixels_of_cell(int cell, int length) {
  const auto size = static_cast<std::size_t>(length);
  const std::size_t begin = size * static_cast<std::size_t>(cell) / kColorLayoutGrid;
  const std::size_t end = size * static_cast<std::size_t>(cell + 1) / kColorLayoutGrid;
  return {begin, std::max(end, begin + 1)};
}

}  // namespace

std::vector<float> color_layout(int width, int height, std::span<const std::uint8_t> rgba) {
  if (width < 1 || height < 1 ||
      rgba.size() != 4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw core::InvalidInput("an image of " + std::to_string(width) + " x " +
                             std::to_string(height) + " pixels cannot have " +
                             std::to_string(rgba.size()) + " bytes");
  }
  const std::array<double, 256> linear = linear_light();
  std::array<double, kColorLayoutDimensions> values{};
  std::size_t next = 0;
  for (int cell_y = 0; cell_y < kColorLayoutGrid; ++cell_y) {
    const Range rows = pixels_of_cell(cell_y, height);
    for (int cell_x = 0; cell_x < kColorLayoutGrid; ++cell_x) {
      const Range columns = pixels_of_cell(cell_x, width);
      double red = 0, green = 0, blue = 0;
      for (std::size_t y = rows.begin; y < rows.end; ++y) {
        for (std::size_t x = columns.begin; x < columns.end; ++x) {
          const std::uint8_t* pixel = &rgba[4 * (y * static_cast<std::size_t>(width) + x)];
          const double alpha = pixel[3] / 255.0;
          red += alpha * linear[pixel[0]] + (1 - alpha);
          green += alpha * linear[pixel[1]] + (1 - alpha);
          blue += alpha * linear[pixel[2]] + (1 - alpha);
        }
      }
      const auto pixels =
          static_cast<double>((rows.end - rows.begin) * (columns.end - columns.begin));
      const Lab lab = to_oklab(red / pixels, green / pixels, blue / pixels);
      values[next++] = lab.lightness - kMidLightness;
      values[next++] = kChromaWeight * lab.green_red;
      values[next++] = kChromaWeight * lab.blue_yellow;
    }
  }
  double squares = 0;
  for (const double value : values) squares += value * value;
  const double scale = 1 / std::sqrt(squares);
  std::vector<float> vector(values.size());
  std::transform(values.begin(), values.end(), vector.begin(),
                 [scale](double value) { return static_cast<float>(value * scale); });
  return vector;
}

}  // namespace adgenome::visual
