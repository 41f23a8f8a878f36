#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// A text as its words: lower case, letters and digits only, in order. Typographic quotes, dashes
/// and accents of Latin letters do not count, nor do emoji and other symbols, except that % and
/// currency signs are words of their own. A hyphen or apostrophe inside a word joins it
/// ("night's" is "nights"). The text is UTF-8; a byte that is not is left out.
std::vector<std::string> words_of(std::string_view text);

/// Whether letters of a script other than Latin stand in the text.
bool has_other_script(std::string_view text);

/// Edits (insert, delete, replace: Levenshtein) that lead from one text to the other, on bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

struct WordMatch {
  /// Edits over the length of what was expected, both as words joined by a blank; may exceed 1.
  /// Shapes that a reader of print confuses (0 and o, 1 and l) count as one.
  double character_error_rate = 0;
  std::size_t expected = 0;          ///< words
  std::vector<std::string> missing;  ///< expected and not read, in the order of the text
  std::vector<std::string> extra;    ///< read and not expected
};

/// Holds what was read against what should be there. Words match one to one, in order (longest
/// common subsequence), a word also where at most one letter in five differs.
WordMatch match_words(std::string_view expected, std::string_view read);

/// Where `phrase` stands in `text` as whole words in sequence (so "cure" is not in "secure").
/// Nothing for a phrase without words.
bool contains_phrase(std::span<const std::string> text, std::string_view phrase);

}  // namespace adgenome::creative
