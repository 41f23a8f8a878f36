#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::learning {

using TagPair = std::pair<TagValue, TagValue>;

inline constexpr double kPromising = 0.5;
inline constexpr std::int64_t kTriedFrom = 5;
inline constexpr std::int64_t kCrowdedFrom = 3;
inline constexpr double kNovelty = 0.15;
inline constexpr double kNoveltyUses = 3;
inline constexpr double kNormal975 = 1.959963984540054;

inline std::string shown(const TagValue& tag) {
  return tag.dimension + "=" + tag.value;
}

inline TagPair canonical(const TagValue& a, const TagValue& b) {
  if (a.dimension == b.dimension) {
    throw core::InvalidInput("the pair " + shown(a) + ", " + shown(b) + " is of one dimension");
  }
  return a < b ? TagPair{a, b} : TagPair{b, a};
}

/// The rows by pair, whichever of the two stands first.
template <class Row>
std::map<TagPair, Row> by_pair(const std::vector<Row>& rows, std::string_view list) {
  std::map<TagPair, Row> found;
  for (const Row& row : rows) {
    if constexpr (requires { row.c; }) {
      if (row.c) continue;
    }
    if (!found.emplace(canonical(row.a, row.b), row).second) {
      throw core::InvalidInput(std::string(list) + " give the pair " + shown(row.a) + ", " +
                               shown(row.b) + " twice");
    }
  }
  return found;
}

inline std::int64_t count_of(const std::map<TagPair, PairCount>& counts, const TagPair& pair) {
  const auto found = counts.find(pair);
  return found == counts.end() ? 0 : found->second.count;
}

inline double mean(const TagPosterior& posterior) {
  return posterior.alpha / (posterior.alpha + posterior.beta);
}

inline double variance(const TagPosterior& posterior) {
  const double sum = posterior.alpha + posterior.beta;
  return posterior.alpha / sum * (posterior.beta / sum) / (sum + 1);
}

/// Those with a mean above one half, in canonical order.
inline std::vector<TagPosterior> promising(std::vector<TagPosterior> elements) {
  std::sort(elements.begin(), elements.end(),
            [](const TagPosterior& a, const TagPosterior& b) { return a.tag < b.tag; });
  const auto twice =
      std::adjacent_find(elements.begin(), elements.end(),
                         [](const auto& a, const auto& b) { return a.tag == b.tag; });
  if (twice != elements.end()) {
    throw core::InvalidInput("elements give " + shown(twice->tag) + " twice");
  }
  std::erase_if(elements, [](const TagPosterior& each) { return !(mean(each) > kPromising); });
  return elements;
}

/// What being new is worth.
inline double novelty_bonus(std::int64_t used) {
  return kNovelty * std::exp(-static_cast<double>(used) / kNoveltyUses);
}

/// Keeps the best by what they are ordered by, ties in the order in which they came.
inline void keep_best(std::vector<WhitespaceCandidate>& found, const WhitespaceOptions& options) {
  const auto rank_by = [&](const WhitespaceCandidate& each) {
    return options.is_optimistic ? each.interval[1] : each.potential;
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto& a, const auto& b) { return rank_by(a) > rank_by(b); });
  if (found.size() > options.limit) {
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(options.limit), found.end());
  }
}

}  // namespace adgenome::learning
