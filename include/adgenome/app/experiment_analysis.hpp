#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <string>

namespace adgenome::app {

/// Analyses rows {"arm", "value"[, "count"]} of a file, "-" being standard input, into the
/// document adgenome/analysis/v1 (without `schema`). No store is opened. Throws InvalidInput for
/// rows of a kind that is not supported yet.
core::Json analyze_experiment_rows(const std::string& path, core::Rejects& rejects,
                                   const experiments::AnalysisOptions& options);

}  // namespace adgenome::app
