#pragma once

#include <adgenome/core/random.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace adgenome::learning {

/// What is believed of one value of a dimension: Beta(alpha, beta).
struct ElementBelief {
  double alpha = 1;
  double beta = 1;
};

/// A value of a dimension as it was drawn.
struct ElementPick {
  std::size_t index = 0;
  bool is_explored = false;  ///< drawn uniformly, whatever is believed
  double propensity = 1;     ///< with which this value comes out of such a draw
};

/// The probability of forced exploration after so many matured ads:
///   max(0.05, 0.30 * exp(-matured / 100)), and 0.30 below 30 of them.
double forced_exploration(std::int64_t matured_ads);

/// Draws one of the values (at least one): with `exploration` uniformly, else one draw from each
/// belief, and the value with the largest (Thompson 1933). The propensity of value v is
///   exploration / k + (1 - exploration) * P(v has the largest draw).
ElementPick pick_element(std::span<const ElementBelief> values, double exploration,
                         core::RandomStream& random);

}  // namespace adgenome::learning
