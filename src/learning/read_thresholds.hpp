#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/threshold.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace adgenome::learning {

/// The thresholds of settings {name: value}: what is not named, or null, stays as it is by default.
/// Throws InvalidInput at "group.name" for unknown names and values out of range.
template <class Thresholds>
Thresholds read_thresholds(const std::string& group, std::span<const Threshold<Thresholds>> known,
                           const core::Json& settings) {
  using core::InvalidInput;
  Thresholds thresholds;
  if (settings.is_null()) return thresholds;
  if (!settings.is_object()) throw InvalidInput("expected an object of thresholds", "", group);
  for (const auto& [name, value] : settings.items()) {
    const auto found = std::ranges::find(known, name, &Threshold<Thresholds>::name);
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& each : known) names.emplace_back(each.name);
      throw InvalidInput(group + " has no threshold \"" + name + "\"",
                         "there are " + core::join(names, ", "), group + "." + name);
    }
    if (value.is_null()) continue;
    const bool is_number = value.is_number() && value >= found->low && value <= found->high;
    if (!is_number || (found->is_whole && std::floor(value.template get<double>()) != value)) {
      throw InvalidInput(std::string("expected ") + (found->is_whole ? "a whole number, " : "") +
                             core::format_double(found->low) + " to " +
                             core::format_double(found->high) + ", found " + core::dump(value),
                         "", group + "." + name);
    }
    thresholds.*found->value = value.template get<double>();
  }
  return thresholds;
}

/// By name, those that are not as they are by default.
template <class Thresholds>
core::Json changed_of(std::span<const Threshold<Thresholds>> known, const Thresholds& thresholds) {
  const Thresholds usual;
  core::Json changed = core::Json::object();
  for (const auto& each : known) {
    const double value = thresholds.*each.value;
    if (value != usual.*each.value) changed[std::string(each.name)] = value;
  }
  return changed;
}

}  // namespace adgenome::learning
