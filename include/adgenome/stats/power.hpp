#pragma once

#include <cstdint>
#include <optional>

namespace adgenome::stats {

// Sizes are units an arm, both arms alike; `alpha` is two-sided; `effect` as each says. What cannot
// be reached at any size up to kMostPlanned is absent.

inline constexpr std::int64_t kMostPlanned = 1'000'000'000'000;
/// Below so many units an arm the power of two rates is counted over all outcomes.
inline constexpr std::int64_t kMostEnumerated = 1000;

/// The chance that the pooled two-proportion z test finds rates apart: by enumeration of both
/// binomials below kMostEnumerated, else by the normal law.
double power_of_rates(double control, double variant, std::int64_t n, double alpha);

/// The chance that Student's t test finds means `effect` standard deviations apart (noncentral t).
double power_of_means(double effect, std::int64_t n, double alpha);

/// The chance that Mann-Whitney finds P(variant > control) + P(equal) / 2 = `effect` (Noether
/// 1987).
double power_of_ranks(double effect, std::int64_t n, double alpha);

/// Everything that one of the above needs but the size.
struct PowerQuestion {
  enum class Test { kRates, kMeans, kRanks };
  Test test = Test::kRates;
  double baseline = 0;  ///< rates: the control's
  double alpha = 0.05;
  /// Units count as this many fewer: design effect of clusters, dispersion of days.
  double inflation = 1;
};

/// `effect`: the variant's rate, the difference in standard deviations, or P(variant > control).
double power_at(const PowerQuestion& question, double effect, std::int64_t n);

/// The least size from which on the power is reached.
std::optional<std::int64_t> size_for(const PowerQuestion& question, double effect, double power);

/// The least effect above the control's that is found with this power.
std::optional<double> effect_for(const PowerQuestion& question, std::int64_t n, double power);

/// Units an arm that find two ratios `relative` apart, where the logarithm of one has the variance
/// `unit_variance` over its units (normal law). `alpha` is two-sided.
double size_for_ratio(double relative, double unit_variance, double alpha, double power);

/// The level of each of `comparisons` with one control so that all together err in `alpha`, equal
/// arms (Dunnett 1955), large samples.
double dunnett_level(double alpha, std::int64_t comparisons);

}  // namespace adgenome::stats
