#include <adgenome/creative/terms.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace adgenome::creative {
namespace {

// Sorted. Words that say how a sentence is built and not what it is about.
constexpr std::array<std::string_view, 93> kStopWords{
    "a",     "about", "after", "again", "all",   "also",  "am",   "an",    "and",   "any",  "are",
    "as",    "at",    "be",    "been",  "but",   "by",    "can",  "could", "did",   "do",   "does",
    "each",  "every", "for",   "from",  "had",   "has",   "have", "he",    "her",   "his",  "how",
    "i",     "if",    "in",    "into",  "is",    "it",    "its",  "just",  "like",  "me",   "more",
    "most",  "my",    "no",    "not",   "of",    "off",   "on",   "once",  "one",   "only", "or",
    "other", "our",   "out",   "own",   "she",   "so",    "some", "still", "such",  "than", "that",
    "the",   "their", "them",  "then",  "there", "these", "they", "this",  "those", "to",   "too",
    "up",    "us",    "very",  "was",   "we",    "were",  "what", "when",  "which", "who",  "why",
    "will",  "with",  "would", "you",   "your"};

std::map<std::string, double> counts_of(std::string_view text) {
  std::map<std::string, double> counts;
  for (const std::string& word : content_stems(text)) ++counts[word];
  return counts;
}

}  // namespace

std::vector<std::string> content_stems(std::string_view text) {
  std::vector<std::string> stems;
  for (std::string& word : words_of(text)) {
    if (!std::binary_search(kStopWords.begin(), kStopWords.end(), word))
      stems.push_back(stem(std::move(word)));
  }
  return stems;
}

TermWeights::TermWeights(std::span<const std::string> texts)
    : texts_(static_cast<double>(texts.size())) {
  for (const std::string& text : texts) {
    for (const auto& [word, count] : counts_of(text)) ++holding_[word];
  }
}

double TermWeights::weight(const std::string& stem) const {
  const auto found = holding_.find(stem);
  const double holding = found == holding_.end() ? 0 : found->second;
  return std::log((1 + texts_) / (1 + holding)) + 1;
}

double TermWeights::cosine(std::string_view a, std::string_view b) const {
  const auto first = counts_of(a);
  const auto second = counts_of(b);
  const auto length = [&](const std::map<std::string, double>& counts) {
    double sum = 0;
    for (const auto& [word, count] : counts) sum += std::pow(count * weight(word), 2);
    return std::sqrt(sum);
  };
  double product = 0;
  for (const auto& [word, count] : first) {
    const auto other = second.find(word);
    if (other != second.end()) product += count * other->second * std::pow(weight(word), 2);
  }
  return product > 0 ? product / (length(first) * length(second)) : 0;
}

std::optional<double> TermWeights::shared(std::string_view text, std::string_view reference) const {
  const auto own = counts_of(text);
  if (own.empty()) return std::nullopt;
  const auto others = counts_of(reference);
  double all = 0;
  double in_both = 0;
  for (const auto& [word, count] : own) {
    all += weight(word);
    if (others.contains(word)) in_both += weight(word);
  }
  return in_both / all;
}

}  // namespace adgenome::creative
