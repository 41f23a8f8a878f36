#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/experiments.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>
#include <vector>

#include "arm_config.hpp"
#include "batch_plan.hpp"

namespace adgenome::app {

/// The arm that a seed key gives.
const store::ExperimentArm& arm_of_key(const store::Experiment& experiment,
                                       const std::vector<store::ExperimentArm>& arms,
                                       const std::string& seed_key);

/// The generation experiment that a brand has active, with its arms.
struct ActiveExperiment {
  store::Experiment experiment;
  std::vector<store::ExperimentArm> arms;

  AssignedArm assign(const std::string& seed_key) const;
};
std::optional<ActiveExperiment> active_experiment(store::Session& session,
                                                  const std::string& brand_id);

/// The config of the arm that a run was given; that of a run without one changes nothing.
ArmConfig config_of(const std::optional<AssignedArm>& arm);

/// A run of an experiment with what became of its ads up to a time: by the ads in the store, as
/// people had decided, else as it was recorded.
struct RunResult {
  store::ExperimentRun run;
  std::optional<std::int64_t> ads = {};         ///< decided on; absent: none yet
  std::optional<std::int64_t> approved = {};    ///< of these
  std::optional<std::int64_t> overridden = {};  ///< of these; absent: its ads are elsewhere
};
std::vector<RunResult> results_of_runs(store::Session& session, const std::string& brand_id,
                                       const std::string& experiment_id,
                                       core::Time known_at = store::kNewest);

/// The runs as they stand in adgenome/analysis/v1, and how often people overrode the machine in
/// each arm.
core::Json runs_json(const std::vector<RunResult>& results);
core::Json override_rates_json(const std::vector<RunResult>& results);

/// Stores what became of the ads of an experiment's runs by now, as far as it is decided. An
/// experiment that is over is left as it is. Belongs into a transaction.
void record_outcomes(store::Session& session, const std::string& brand_id,
                     const std::string& experiment_id, core::Time now);

}  // namespace adgenome::app
