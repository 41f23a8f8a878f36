#pragma once

#include <string>
#include <string_view>

namespace adgenome::core {

/// The bytes as one Zstandard frame; the same bytes give the same frame.
std::string compress(std::string_view bytes);

/// The bytes of such a frame. Throws InvalidInput where it is none, or not whole.
std::string decompress(std::string_view frame);

}  // namespace adgenome::core
