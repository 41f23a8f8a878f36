#pragma once

#include <adgenome/learning/attribution_fold.hpp>
#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::learning {

/// How an element's odds compare to those of all other values of its dimension within strata (page
/// 6.3). What the data do not hold is absent.
struct ElementAttribution {
  /// As if every trial were one of its own.
  struct Naive {
    std::optional<stats::Interval> interval;  ///< of the odds ratio
    std::optional<double> chi_squared;
    std::optional<double> p;
    std::optional<double> p_corrected;
    std::optional<double> q;
    std::optional<double> breslow_day_p;
    bool is_consistent = false;  ///< every informative stratum on one side
    bool is_reported = false;
  };

  TagValue tag;
  std::optional<double> odds_ratio;      ///< absent where infinite or not defined
  std::optional<double> log_odds_ratio;  ///< absent where the odds ratio is 0 too
  std::optional<double> shrunk_log_odds_ratio;
  std::optional<double> se_jackknife;
  std::optional<std::int64_t> df;
  std::optional<stats::Interval> interval;  ///< of the odds ratio, by the jackknife
  std::optional<double> p;
  std::optional<double> permutation_statistic;  ///< W
  std::optional<double> permutation_p;
  std::optional<double> q;
  std::optional<double> design_effect;
  std::int64_t clusters_with = 0;  ///< in informative strata
  std::int64_t clusters_without = 0;
  std::int64_t strata = 0;  ///< informative ones
  /// Share of the weight n1 n0 / N in strata on the pooled odds ratio's side.
  std::optional<double> weight_consistent;
  std::optional<double> crude_odds_ratio;  ///< absent where infinite or not defined
  bool is_simpsons_paradox = false;
  std::vector<TagValue> confounded_with;
  bool is_reported = false;  ///< by the robust rules
  std::string reason;        ///< not_enough_ads, no_cluster or empty
  Naive naive;
};

/// What the shrunk values of a dimension rest on.
struct DimensionSpread {
  std::string dimension;
  std::int64_t values = 0;
  double tau2 = 0;
  double mean = 0;
};

struct Attribution {
  std::vector<ElementAttribution> elements;  ///< by dimension and value
  std::vector<DimensionSpread> dimensions;
  std::int64_t clusters = 0;
};

/// `seed` decides which of the permutations are looked at where there are more than 10,000.
Attribution attribute(const AttributionCells& cells, std::uint64_t seed);

}  // namespace adgenome::learning
