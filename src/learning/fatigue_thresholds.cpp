#include <adgenome/learning/fatigue_thresholds.hpp>
#include <utility>

#include "read_thresholds.hpp"

namespace adgenome::learning {
namespace {

using Values = FatigueThresholds;

constexpr double kMostFrequency = 1'000;
constexpr Threshold<Values> kThresholds[] = {
    {"frequency_watch", &Values::frequency_watch, 1, kMostFrequency},
    {"frequency_moderate", &Values::frequency_moderate, 1, kMostFrequency},
    {"frequency_high", &Values::frequency_high, 1, kMostFrequency},
    {"frequency_critical", &Values::frequency_critical, 1, kMostFrequency},
    {"ctr_decline_moderate", &Values::ctr_decline_moderate, 0, 1},
    {"ctr_decline_critical", &Values::ctr_decline_critical, 0, 1},
    {"cpm_increase_moderate", &Values::cpm_increase_moderate, 0, 10},
    {"cpm_increase_critical", &Values::cpm_increase_critical, 0, 10},
    {"week_over_week_decline", &Values::week_over_week_decline, 0, 1},
    {"week_over_week_frequency", &Values::week_over_week_frequency, 1, kMostFrequency},
    {"q", &Values::q, 0, 1}};

/// Bands whose levels ascend with them.
constexpr std::pair<std::string_view, std::string_view> kAscending[] = {
    {"frequency_watch", "frequency_moderate"},
    {"frequency_moderate", "frequency_high"},
    {"frequency_high", "frequency_critical"},
    {"ctr_decline_moderate", "ctr_decline_critical"},
    {"cpm_increase_moderate", "cpm_increase_critical"}};

std::string place_of(std::string_view name) {
  return "fatigue." + std::string(name);
}

double value_of(const FatigueThresholds& thresholds, std::string_view name) {
  return thresholds.*std::ranges::find(kThresholds, name, &Threshold<Values>::name)->value;
}

void check_order(const FatigueThresholds& thresholds) {
  for (const auto& [lower, upper] : kAscending) {
    const double low = value_of(thresholds, lower);
    const double high = value_of(thresholds, upper);
    if (low <= high) continue;
    throw core::InvalidInput(core::format_double(low) + " is above " + place_of(upper) + ", " +
                                 core::format_double(high),
                             "the bands of a rule ascend with its levels", place_of(lower));
  }
}

}  // namespace

std::span<const Threshold<FatigueThresholds>> fatigue_thresholds() {
  return kThresholds;
}

FatigueThresholds fatigue_thresholds_from(const core::Json& settings) {
  const auto thresholds = read_thresholds("fatigue", fatigue_thresholds(), settings);
  check_order(thresholds);
  return thresholds;
}

core::Json changed_thresholds(const FatigueThresholds& thresholds) {
  return changed_of(fatigue_thresholds(), thresholds);
}

}  // namespace adgenome::learning
