#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <span>

namespace adgenome::stats {

/// A group and the rest of one stratum, by outcome.
struct TwoByTwo {
  double successes = 0;  ///< of the group
  double failures = 0;
  double rest_successes = 0;
  double rest_failures = 0;

  double group() const { return successes + failures; }
  double rest() const { return rest_successes + rest_failures; }
  double all_successes() const { return successes + rest_successes; }
  double total() const { return group() + rest(); }
};

/// Whether a stratum says anything of the group: both groups and both outcomes are there.
bool is_informative(const TwoByTwo& table);

/// ln of the odds ratio of one table with its standard error (Woolf 1955).
struct LogOddsRatio {
  double value = 0;
  double standard_error = 0;
};

/// Absent where a cell is empty.
std::optional<LogOddsRatio> woolf(const TwoByTwo& table);

/// Absent where it is infinite or 0 / 0.
std::optional<double> odds_ratio(const TwoByTwo& table);

/// Tables of one comparison in several strata, pooled. Strata that are not informative leave every
/// sum and every degree of freedom.
struct MantelHaenszel {
  std::int64_t strata = 0;  ///< informative ones
  /// Mantel and Haenszel (1959); absent where it is infinite, or no stratum is informative.
  std::optional<double> odds_ratio;
  std::optional<double> log_odds_ratio;  ///< absent where the odds ratio is 0 too
  std::optional<double> standard_error;  ///< of its logarithm (Robins, Breslow, Greenland 1986)
  /// Cochran-Mantel-Haenszel with one degree of freedom, without continuity correction.
  std::optional<double> chi_squared;
  std::optional<double> p_value;
  std::optional<double> p_corrected;  ///< with the correction, where |sum of a - E(a)| is above 1/2
  /// Whether the odds ratio is the same in all strata: Breslow and Day (1980) with the correction
  /// of Tarone (1985). Absent below two strata.
  std::optional<double> breslow_day;
  std::optional<double> breslow_day_p;
};

MantelHaenszel mantel_haenszel(std::span<const TwoByTwo> tables);

/// The contributions of a stratum to the pooled odds ratio, (sum of r) / (sum of s); both are 0 in
/// one that is not informative.
struct OddsShares {
  double r = 0;
  double s = 0;
};
OddsShares odds_shares(const TwoByTwo& table);

}  // namespace adgenome::stats
