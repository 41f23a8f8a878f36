#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::imaging {

/// Pixels of 8 bits: red, green, blue, alpha (not premultiplied), sRGB, row by row without gaps.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;

  const std::uint8_t* pixel(int x, int y) const {
    return &rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x))];
  }
};

/// Reads PNG or JPEG, told apart by its first bytes. Throws InvalidInput, naming `name`, for
/// anything else, for damaged data and above 100 million pixels.
Image decode(std::string_view bytes, const std::string& name);

}  // namespace adgenome::imaging
