#pragma once

#include <adgenome/creative/color.hpp>
#include <cstdint>
#include <span>
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

/// A keyword of a PNG's tEXt chunk (Latin-1, 1 to 79 characters) and its text.
struct PngText {
  std::string keyword;
  std::string text;
};

/// The picture as PNG without its alpha, the texts in front of the pixels. Fast rather than
/// small: zlib's level 1 and the Sub filter cost an eighth of the time of the usual settings for a
/// fifth more bytes. The same picture and texts give the same bytes.
std::string encode_png(const Image& image, std::span<const PngText> texts = {});

/// The picture as JPEG of quality 92 without its alpha, color at full resolution, the texts as
/// lines "keyword=text" of its comment. The same picture and texts give the same bytes.
std::string encode_jpeg(const Image& image, std::span<const PngText> texts = {});

/// Every `step`-th pixel that is mostly opaque, about `count` in all, row by row.
std::vector<creative::Rgb> sample_pixels(const Image& image, std::size_t count);

}  // namespace adgenome::imaging
