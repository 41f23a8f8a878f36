#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace adgenome::visual {

/// The name under which stores keep these vectors; vectors of two models are never compared.
inline constexpr std::string_view kColorLayoutModel = "color_layout";
inline constexpr int kColorLayoutGrid = 8;
inline constexpr int kColorLayoutDimensions = kColorLayoutGrid * kColorLayoutGrid * 3;

/// Which colors stand where in an image: the mean color of each cell of an 8 x 8 grid, in linear
/// light over white, as OKLab (Ottosson 2020) around mid grey. Row by row of the grid, each cell
/// as lightness, green-red, blue-yellow; unit length.
///
/// `rgba`: sRGB of 8 bits, alpha not premultiplied, row by row without gaps. Throws InvalidInput
/// where its size is not 4 * width * height or the image is empty.
std::vector<float> color_layout(int width, int height, std::span<const std::uint8_t> rgba);

}  // namespace adgenome::visual
