#include <adgenome/app/experiment_analysis.hpp>
#include <nlohmann/json.hpp>

#include "experiment_rows.hpp"

namespace adgenome::app {

core::Json analyze_experiment_rows(const std::string& path, const std::string& kind,
                                   core::Rejects& rejects,
                                   const experiments::AnalysisOptions& options) {
  ExperimentRows rows = read_experiment_rows(path, kind, options.metric, rejects);
  const auto analysis = [&] {
    if (auto* const metrics = std::get_if<std::vector<experiments::MetricArms>>(&rows.arms)) {
      return experiments::analyze_metrics(std::move(*metrics), options);
    }
    return experiments::analyze(std::get<std::vector<experiments::Arm>>(std::move(rows.arms)),
                                options);
  }();
  core::Json document = experiments::to_json(analysis);
  document["experiment_id"] = nullptr;
  document["evidence"] = nullptr;  // how the arms were assigned is not known
  document["read"] = rows.read;
  document["rejected"] = rejects.count();
  return document;
}

}  // namespace adgenome::app
