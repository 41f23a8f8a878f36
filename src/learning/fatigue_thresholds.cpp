#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/fatigue_thresholds.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace adgenome::learning {
namespace {

using core::InvalidInput;
using core::Json;
using Values = FatigueThresholds;

constexpr double kMostFrequency = 1'000;
constexpr FatigueThreshold kThresholds[] = {
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

const FatigueThreshold* find(std::string_view name) {
  const auto found = std::ranges::find(kThresholds, name, &FatigueThreshold::name);
  return found == std::end(kThresholds) ? nullptr : &*found;
}

void check_order(const FatigueThresholds& thresholds) {
  for (const auto& [lower, upper] : kAscending) {
    const double low = thresholds.*find(lower)->value;
    const double high = thresholds.*find(upper)->value;
    if (low <= high) continue;
    throw InvalidInput(core::format_double(low) + " is above " + place_of(upper) + ", " +
                           core::format_double(high),
                       "the bands of a rule ascend with its levels", place_of(lower));
  }
}

}  // namespace

std::span<const FatigueThreshold> fatigue_thresholds() {
  return kThresholds;
}

FatigueThresholds fatigue_thresholds_from(const Json& settings) {
  FatigueThresholds thresholds;
  if (settings.is_null()) return thresholds;
  if (!settings.is_object()) throw InvalidInput("expected an object of thresholds", "", "fatigue");
  for (const auto& [name, value] : settings.items()) {
    const FatigueThreshold* threshold = find(name);
    if (!threshold) {
      std::vector<std::string> known;
      for (const FatigueThreshold& each : kThresholds) known.emplace_back(each.name);
      throw InvalidInput("fatigue has no threshold \"" + name + "\"",
                         "there are " + core::join(known, ", "), place_of(name));
    }
    if (value.is_null()) continue;
    if (!value.is_number() || value < threshold->low || value > threshold->high) {
      throw InvalidInput("expected " + core::format_double(threshold->low) + " to " +
                             core::format_double(threshold->high) + ", found " + core::dump(value),
                         "", place_of(name));
    }
    thresholds.*threshold->value = value.get<double>();
  }
  check_order(thresholds);
  return thresholds;
}

Json changed_thresholds(const FatigueThresholds& thresholds) {
  const FatigueThresholds usual;
  Json changed = Json::object();
  for (const FatigueThreshold& each : kThresholds) {
    const double value = thresholds.*each.value;
    if (value != usual.*each.value) changed[std::string(each.name)] = value;
  }
  return changed;
}

}  // namespace adgenome::learning
