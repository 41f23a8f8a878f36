#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <string>

namespace adgenome::app {

/// Analyses rows {"arm", "value"[, "count"][, "cluster"][, "covariate"]} or, of days, {"arm",
/// "day", "numerator", "denominator"[, "metric"]} of a file, "-" being standard input, into the
/// document adgenome/analysis/v1 (without `schema`). `kind` is generation, ads, or empty: what the
/// first row is. No store is opened.
core::Json analyze_experiment_rows(const std::string& path, const std::string& kind,
                                   core::Rejects& rejects,
                                   const experiments::AnalysisOptions& options);

}  // namespace adgenome::app
