#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>

namespace adgenome::stats {

/// How often something happened in `trials` (at least 1) tries.
struct Successes {
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

/// Wilson's score interval of a rate, `z` standard deviations to either side.
Interval wilson_interval(Successes arm, double z);

/// The exact two-sided test of a rate: probability of all numbers of successes that are no likelier
/// than this one (to 1e-7, as in R's binom.test). `chance` lies in (0, 1).
double binomial_test(Successes arm, double chance);

/// Variant against control.
struct Proportions {
  double rate_control = 0;
  double rate_variant = 0;
  double difference = 0;
  Interval difference_interval;  ///< Newcombe (1998), method 10
  /// rate_variant / rate_control - 1; absent where the control has no success.
  std::optional<double> relative_lift;
  /// ln(ratio) +- z sqrt((1 - p_v) / s_v + (1 - p_c) / s_c), with half a success and half a
  /// failure more in both arms where the root is 0 or infinite.
  std::optional<Interval> relative_lift_interval;
  std::optional<double> z;  ///< pooled; absent where all outcomes are equal (p = 1)
  double p_value = 1;       ///< two-sided
};

Proportions compare_proportions(Successes control, Successes variant, double confidence);

}  // namespace adgenome::stats
