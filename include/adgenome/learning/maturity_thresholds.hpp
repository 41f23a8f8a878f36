#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/threshold.hpp>
#include <span>

namespace adgenome::learning {

/// When what an ad delivered counts (page 6.1).
struct MaturityThresholds {
  double ctr_days = 3;  ///< from the first delivery on, also of CPM
  double conversion_days = 7;
  double roas_days = 10;
  double impressions = 1'000;        ///< for CTR and CPM, robust rules
  double classic_impressions = 500;  ///< for every component
  double clicks = 10;                ///< expected ones, as those of the next two
  double conversions = 3;
  double orders = 3;
  double coverage = 0.5;   ///< present weight over what the account can ever deliver
  double revision = 0.01;  ///< a kept reward that late data moves by more is revised

  bool operator==(const MaturityThresholds&) const = default;
};

std::span<const Threshold<MaturityThresholds>> maturity_thresholds();

/// Those of settings {"ctr_days": 4}: what is not named, or null, stays as page 6.1 has it. Throws
/// InvalidInput for unknown names and values out of range.
MaturityThresholds maturity_thresholds_from(const core::Json& settings);

/// By name, those that differ from page 6.1.
core::Json changed_thresholds(const MaturityThresholds& thresholds);

}  // namespace adgenome::learning
