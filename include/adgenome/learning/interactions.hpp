#pragma once

#include <adgenome/learning/genome.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// How a pair of elements does beyond what its two elements do alone (page 6.4).
struct PairInteraction {
  TagValue a;  ///< before b
  TagValue b;
  double effect = 0;
  std::optional<stats::Interval> interval;  ///< 95 %, of the bootstrap
  std::optional<double> p;
  std::optional<double> q;
  std::int64_t ads = 0;
  std::int64_t runs = 0;

  enum class Direction { kSynergy, kConflict, kNeutral };
  Direction direction = Direction::kNeutral;
};
std::string_view name_of(PairInteraction::Direction direction);

struct Interactions {
  std::vector<PairInteraction> pairs;  ///< the largest absolute effect first, then by tags
  std::int64_t pairs_seen = 0;         ///< also those with too few ads
};

/// Classic: pairs of at least 5 ads, effect = mean(A and B) - mean(A) mean(B) / mean(all),
/// resampled over the ads. Robust: pairs of at least 8 ads of 4 runs, whose elements each occur
/// without the other in at least 2 ads, effect = what the pair's ads
/// have beyond an additive ridge model of all dimensions (penalty 1 on every element, none on the
/// intercept, rewards by their weights), resampled over whole runs and fitted again. 2,000
/// resamples by `seed`; p by t of effect over their standard deviation with one degree of freedom
/// less than the pair has ads or runs; q over the pairs. Beyond neutral where q < 0.1 and the
/// interval is clear of 0.
Interactions find_interactions(std::span<const TaggedReward> rewards, bool is_classic,
                               std::uint64_t seed);

}  // namespace adgenome::learning
