#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/threshold.hpp>
#include <span>

namespace adgenome::learning {

/// From where on an ad counts as worn out (page 6.6). Changes are shares of the earlier rate.
struct FatigueThresholds {
  double frequency_watch = 3;  ///< times that people saw it within the week
  double frequency_moderate = 5;
  double frequency_high = 8;
  double frequency_critical = 12;
  double ctr_decline_moderate = 0.2;
  double ctr_decline_critical = 0.4;
  double cpm_increase_moderate = 0.3;
  double cpm_increase_critical = 0.5;
  double week_over_week_decline = 0.15;  ///< above it, at a frequency above the next
  double week_over_week_frequency = 4;
  double q = 0.1;  ///< that trends and decays stay under, robust rules

  bool operator==(const FatigueThresholds&) const = default;
};

std::span<const Threshold<FatigueThresholds>> fatigue_thresholds();

/// Those of settings {"frequency_watch": 2}: what is not named, or null, stays as page 6.6 has it.
/// Throws InvalidInput for unknown names, values out of range and bands that do not ascend.
FatigueThresholds fatigue_thresholds_from(const core::Json& settings);

/// By name, those that differ from page 6.6.
core::Json changed_thresholds(const FatigueThresholds& thresholds);

}  // namespace adgenome::learning
