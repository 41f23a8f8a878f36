#pragma once

#include <string>

namespace adgenome::imaging {

/// The text with soft hyphens where its long words may be parted, by the patterns of its language
/// (German or English, told by its letters and small words). The text itself where it has no long
/// word, or no patterns are installed.
std::string with_soft_hyphens(const std::string& text);

/// The text without them.
std::string without_soft_hyphens(std::string text);

}  // namespace adgenome::imaging
