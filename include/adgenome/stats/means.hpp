#pragma once

#include <adgenome/stats/sample.hpp>
#include <cstdint>
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

/// Values of one arm with what was known of each unit before, in any order.
struct PairedMoments {
  std::int64_t size = 0;
  double mean = 0;
  double mean_covariate = 0;
  double squares = 0;  ///< sums around the means
  double products = 0;
  double squares_covariate = 0;

  void add(double value, double covariate, std::int64_t count = 1);
};

/// The same on values less theta times their covariate (CUPED, Deng et al. 2013), theta from the
/// covariance within the arms; means are those at the covariate's mean over both arms.
Means compare_adjusted_means(const PairedMoments& control, const PairedMoments& variant,
                             double confidence);

}  // namespace adgenome::stats
