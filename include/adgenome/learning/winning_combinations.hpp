#pragma once

#include <adgenome/learning/genome.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::learning {

/// Elements that did well together.
struct WinningCombination {
  std::vector<Element> elements;  ///< two or three of different dimensions, sorted
  std::int64_t ads = 0;
  double mean = 0;  ///< of Beta(1 + sum of alpha, 1 + sum of beta)
  Interval interval;
};

/// The best combinations of two or three elements with at least five ads each and a mean above that
/// of all ads, by the lower bound of the interval. One whose ads are those of a better one is left
/// out: it would say the same again.
std::vector<WinningCombination> winning_combinations(std::span<const TaggedReward> rewards,
                                                     std::span<const Credit> credits,
                                                     std::size_t limit);

}  // namespace adgenome::learning
