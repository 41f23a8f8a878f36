#pragma once

#include <adgenome/stats/sample.hpp>
#include <optional>

namespace adgenome::stats {

/// Variant against control by Welch's t (1947). What needs a spread is absent where an arm has
/// fewer than two values or where no arm varies.
struct Means {
  double mean_control = 0;
  double mean_variant = 0;
  double difference = 0;
  std::optional<Interval> difference_interval;
  std::optional<double> t;
  std::optional<double> df;
  std::optional<double> p_value;  ///< two-sided; 1 where all values of both arms are equal
};

/// Both samples hold at least one value.
Means compare_means(const Sample& control, const Sample& variant, double confidence);

}  // namespace adgenome::stats
