#include "evaluation_document.hpp"

#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json interval_json(const std::optional<stats::Interval>& interval) {
  return interval ? Json::array({interval->lower, interval->upper}) : Json();
}

Json estimate_json(const std::optional<stats::Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"value", estimate->value},
          {"standard_error", or_null(estimate->standard_error)},
          {"interval", interval_json(estimate->interval)}};
}

}  // namespace

Json evaluation_document(const scoring::PolicyEstimates& evaluation,
                         const EvaluationSource& source) {
  Json matured = Json::object();
  for (const auto& [policy, draws] : source.matured) {
    matured[policy] = static_cast<double>(draws.rewarded) / static_cast<double>(draws.all);
  }
  Json comparison = nullptr;
  if (source.is_comparison && source.comparison) {
    comparison = {{"difference", source.comparison->value},
                  {"interval", interval_json(source.comparison->interval)}};
  }
  std::vector<std::string> warnings = source.warnings;
  warnings.insert(warnings.end(), evaluation.warnings.begin(), evaluation.warnings.end());
  const bool is_bootstrap = source.estimation.interval == stats::IntervalMethod::kBootstrap;
  return {{"rounds", evaluation.rounds},
          {"rejected", source.rejected},
          {"interval_method", is_bootstrap ? "bootstrap" : "empirical_bernstein"},
          {"estimates",
           {{"ips", estimate_json(evaluation.ips)},
            {"snips", estimate_json(evaluation.snips)},
            {"dr", estimate_json(evaluation.dr)}}},
          {"effective_sample_size", or_null(evaluation.effective_sample_size)},
          {"largest_weight", or_null(evaluation.largest_weight)},
          {"clip", or_null(source.estimation.clip)},
          {"matured_share", std::move(matured)},
          {"in_sample", source.is_in_sample},
          {"comparison", std::move(comparison)},
          {"warnings", std::move(warnings)}};
}

}  // namespace adgenome::app
