#pragma once

#include <string>

namespace adgenome::imaging {

/// Japanese text with word joiners (U+2060) inside its phrases, so that lines break between them: a
/// phrase ends with its kana or a mark, before the next kanji, katakana, letter or figure. Long
/// phrases may break as before. The text itself where it has no kana.
std::string with_whole_phrases(const std::string& text);

/// The text without them.
std::string without_word_joiners(std::string text);

}  // namespace adgenome::imaging
