#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace adgenome::stats {

/// A yes or no with what it counts for.
struct BinaryCase {
  bool is_yes = false;
  double weight = 1;  ///< above 0
};

/// The probability of yes as a step-wise linear function of x that never falls: the weighted least
/// squares fit by pooling adjacent violators (Ayer et al. 1955), linear between its points and flat
/// beyond.
struct IsotonicFit {
  std::vector<double> x;  ///< rising
  std::vector<double> y;  ///< not falling
  double at(double value) const;
};

/// `x` and `cases` have the same size, at least 1.
IsotonicFit isotonic_fit(std::span<const double> x, std::span<const BinaryCase> cases);

/// A logistic regression: log-odds of yes = intercept + offset + coefficients * x.
struct LogisticFit {
  double intercept = 0;
  std::vector<double> coefficients;
  double log_odds(std::span<const double> x) const;
  double at(std::span<const double> x) const;
};

/// The maximum of the weighted log-likelihood less ridge / 2 times the sum of the squared
/// coefficients (the intercept is free), by Newton's method. `rows` holds one row of `columns`
/// values a case, `offsets` one value a case or none. Nothing where the maximum does not exist (all
/// cases alike, or parted without overlap and no ridge).
std::optional<LogisticFit> logistic_fit(std::span<const double> rows, std::size_t columns,
                                        std::span<const BinaryCase> cases,
                                        std::span<const double> offsets, double ridge);

/// The inverse of the log-odds, without overflow.
double logistic(double log_odds);

}  // namespace adgenome::stats
