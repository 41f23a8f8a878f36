#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace adgenome::imaging {

/// Gray values of 8 bits (0 black), row by row without gaps.
struct Gray {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> values = {};

  std::uint8_t at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

}  // namespace adgenome::imaging
