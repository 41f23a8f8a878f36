#pragma once

#include <adgenome/core/rejects.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace adgenome::app {

/// The rows of an experiment by arm: values, or sums of days by metric, the one asked for first.
struct ExperimentRows {
  std::variant<std::vector<experiments::Arm>, std::vector<experiments::MetricArms>> arms;
  std::int64_t read = 0;
};

/// Reads a file, "-" being standard input, in one pass. `kind` is generation, ads, or empty: what
/// the first row is. What cannot be judged as a whole (rows of both kinds, some with cluster or
/// covariate and some without, a cluster in two arms, days without `metric`) ends the command.
ExperimentRows read_experiment_rows(const std::string& path, const std::string& kind,
                                    experiments::Metric metric, core::Rejects& rejects);

}  // namespace adgenome::app
