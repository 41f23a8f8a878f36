#pragma once

#include <adgenome/imaging/image.hpp>
#include <string>
#include <string_view>

namespace adgenome::imaging {

/// Throws InvalidInput naming the picture unless it has at most 100 million pixels, and at least
/// one.
void check_size(std::uint64_t width, std::uint64_t height, const std::string& name);

Image decode_png(std::string_view bytes, const std::string& name);
Image decode_jpeg(std::string_view bytes, const std::string& name);

}  // namespace adgenome::imaging
