#pragma once

#include <istream>
#include <memory>

namespace adgenome::core {

/// Text that begins with a byte-order mark of UTF-16, read as UTF-8 without the mark. Halves of
/// pairs that stand alone become U+FFFD.
std::unique_ptr<std::istream> from_utf16(std::unique_ptr<std::istream> source);

}  // namespace adgenome::core
