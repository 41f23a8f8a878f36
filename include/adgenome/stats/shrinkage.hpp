#pragma once

#include <span>
#include <vector>

namespace adgenome::stats {

/// Estimates of like quantities drawn together as far as their spread is error.
struct Shrinkage {
  double tau2 = 0;             ///< variance of the true values (Paule and Mandel 1982)
  double mean = 0;             ///< weighed by 1 / (variance + tau2)
  std::vector<double> shrunk;  ///< normal-normal: all the mean where tau2 is 0
};

/// `variances` are above 0, those of the estimates' errors.
Shrinkage shrink_together(std::span<const double> estimates, std::span<const double> variances);

}  // namespace adgenome::stats
