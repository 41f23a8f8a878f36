#pragma once

#include <adgenome/stats/sample.hpp>
#include <cstdint>
#include <optional>

namespace adgenome::stats {

// Tests on the order of the values alone, variant against control. Both samples hold at least one
// value. They read each distinct value once, so that arms of any size in few distinct values cost
// nothing.

enum class RankMethod {
  kAuto,  ///< exact where both arms together have at most kMostExactValues values
  kExact,
  kAsymptotic,
};

inline constexpr std::int64_t kMostExactValues = 60;

struct MannWhitney {
  double u_control = 0;  ///< pairs with control above variant, and half the ties
  double u_variant = 0;
  double u_min = 0;
  std::optional<double> z;  ///< of u_variant, without continuity; none where all values are equal
  double p_value = 1;       ///< two-sided
  double log_p_value = 0;   ///< natural logarithm, also where p_value is below the least double
  bool is_exact = false;
  double rank_biserial = 0;           ///< in [-1, 1], positive where the variant is larger
  double common_language_effect = 0;  ///< P(variant > control) + P(equal) / 2
  double null_deviation = 0;          ///< of common_language_effect where nothing differs
};

/// Mann and Whitney (1947) with the variance corrected for ties, and with a correction for
/// continuity; exact: the share of all assignments of the pooled mid-ranks at least as far from
/// the mean. Throws InvalidInput where the exact one is asked for and out of reach.
MannWhitney mann_whitney(const Sample& control, const Sample& variant,
                         RankMethod method = RankMethod::kAuto);

struct Shift {
  double estimate = 0;
  /// Absent where the samples are too small for the confidence asked for.
  std::optional<Interval> interval;
};

/// Hodges and Lehmann (1963): the median of all differences variant - control, and the interval
/// between those order statistics of the differences that the untied rank test does not reject
/// (exact up to kMostExactValues values, else by the normal approximation). With ties the
/// interval covers at least as often as said.
///
/// Takes 64 passes over both samples an order statistic, and no memory.
Shift hodges_lehmann(const Sample& control, const Sample& variant, double confidence);

struct BrunnerMunzel {
  std::optional<double> statistic;  ///< positive where the variant is larger
  std::optional<double> df;
  double p_value = 1;
  /// No spread of placements: the arms do not overlap (p = 0), or all values are equal (p = 1).
  bool is_degenerate = false;
  /// Which arm tends to be larger: above 0 the variant, 0 neither.
  int direction = 0;
};

/// Brunner and Munzel (2000): no assumption that the arms have the same shape. Nothing where an
/// arm has fewer than two values.
std::optional<BrunnerMunzel> brunner_munzel(const Sample& control, const Sample& variant);

}  // namespace adgenome::stats
