#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/scoring/off_policy.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What stands in adgenome/evaluation/v1 beside the estimates.
struct EvaluationSource {
  std::int64_t rejected = 0;
  scoring::EvaluationOptions estimation = {};
  /// By policy that drew: how many of its logged draws have a reward, and how many there are.
  struct Matured {
    std::int64_t rewarded = 0;
    std::int64_t all = 0;
  };
  std::map<std::string, Matured> matured = {};
  bool is_in_sample = false;
  bool is_comparison = false;
  std::optional<stats::Estimate> comparison = {};
  std::vector<std::string> warnings = {};
};

core::Json evaluation_document(const scoring::PolicyEstimates& evaluation,
                               const EvaluationSource& source);

}  // namespace adgenome::app
