#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/outcome.hpp>
#include <map>
#include <string>
#include <string_view>

namespace adgenome::learning {

/// Shares of the components by campaign objective; the platform's OUTCOME_* names count as the
/// ones without, case does not matter, every other is weighed as UNKNOWN.
PerComponent<double> objective_weights(std::string_view objective);

/// The objective as the table of weights calls it; the given name where the table lacks it.
std::string canonical_objective(std::string_view objective);

/// The table with what a brand sets in its place.
class ObjectiveTable {
 public:
  ObjectiveTable() = default;
  /// From {"SALES": {"ctr": 0.2, "conv": 0.3, "roas": 0.5}, ...} or null; weights are scaled to add
  /// up to 1. Throws InvalidInput naming what is wrong in `where`.
  ObjectiveTable(const core::Json& own, const std::string& where);

  PerComponent<double> weights(std::string_view objective) const;

 private:
  std::map<std::string, PerComponent<double>> own_;  // by canonical name
};

}  // namespace adgenome::learning
