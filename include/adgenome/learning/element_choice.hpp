#pragma once

#include <adgenome/core/random.hpp>
#include <adgenome/learning/cold_start.hpp>
#include <cstddef>
#include <span>
#include <vector>

namespace adgenome::learning {

/// A choice among the values of a dimension.
struct ElementDraw {
  std::vector<double> draws;         ///< one a value, from its distribution
  std::vector<double> propensities;  ///< how likely each was to be chosen; they add up to 1
  std::size_t chosen = 0;
  bool is_explored = false;  ///< at random, whatever the draws
};

/// Thompson sampling (1933) with forced exploration: one draw per value and the greatest is chosen;
/// with probability `exploration` any value, all alike. At least one belief; of one alone nothing
/// is drawn at random. Propensities are exploration / n + (1 - exploration) P(greatest), by the
/// midpoint rule over the distribution functions.
ElementDraw draw_element(std::span<const Belief> beliefs, double exploration,
                         core::RandomStream& random);

/// How likely each of some independent Beta distributions is the greatest; adds up to 1.
std::vector<double> probabilities_greatest(std::span<const Belief> beliefs);

/// What an ad of these elements is expected to earn.
struct TagScore {
  double score = 0;
  Interval interval;  ///< 95 %
};

/// The precision-weighted mean of the elements' means, sum(m / v) / sum(1 / v), and the interval of
/// the Beta distribution with that mean and the variance 1 / sum(1 / v). At least one belief.
TagScore score_tags(std::span<const Belief> beliefs);

}  // namespace adgenome::learning
