#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::creative {

/// The stem of an English word in lower case, by the rules of Porter (1980): An algorithm for
/// suffix stripping. Words of two letters, and words that are not a-z, are their own stems.
std::string stem(std::string word);

/// The stems of the words that carry meaning, in order, with repeats: English stop words left out.
std::vector<std::string> content_stems(std::string_view text);

/// How much a word says in a body of texts: idf(w) = ln((1 + N) / (1 + n_w)) + 1 for n_w of the N
/// texts that hold it.
class TermWeights {
 public:
  explicit TermWeights(std::span<const std::string> texts);

  double weight(const std::string& stem) const;
  /// The cosine of the two texts' TF-IDF vectors; 0 where one has no content words.
  double cosine(std::string_view a, std::string_view b) const;
  /// The share, by weight, of the text's different content words that the reference holds too;
  /// nothing for a text without any.
  std::optional<double> shared(std::string_view text, std::string_view reference) const;

 private:
  double texts_;
  std::map<std::string, double> holding_;
};

}  // namespace adgenome::creative
