#include "run_arms.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/experiments/assignment.hpp>
#include <map>
#include <utility>

namespace adgenome::app {

const store::ExperimentArm& arm_of_key(const store::Experiment& experiment,
                                       const std::vector<store::ExperimentArm>& arms,
                                       const std::string& seed_key) {
  const bool is_variant = experiments::is_variant(experiments::bucket_of(seed_key, experiment.id),
                                                  experiment.split.value());
  for (const store::ExperimentArm& arm : arms) {
    if ((arm.arm == experiment.control_arm) != is_variant) return arm;
  }
  throw core::Error(core::ExitCode::kInternal, "experiment " + experiment.id + " lacks an arm");
}

AssignedArm ActiveExperiment::assign(const std::string& seed_key) const {
  const store::ExperimentArm& arm = arm_of_key(experiment, arms, seed_key);
  return {
      .experiment_id = experiment.id, .arm = arm.arm, .seed_key = seed_key, .config = arm.config};
}

std::optional<ActiveExperiment> active_experiment(store::Session& session,
                                                  const std::string& brand_id) {
  auto experiment = store::active_generation_experiment(session, brand_id);
  if (!experiment) return std::nullopt;
  auto arms = store::experiment_arms(session, brand_id, experiment->id);
  return ActiveExperiment{.experiment = *std::move(experiment), .arms = std::move(arms)};
}

ArmConfig config_of(const std::optional<AssignedArm>& arm) {
  if (!arm) return {};
  return parse_arm_config(arm->config, "experiment " + arm->experiment_id + " /arms/" + arm->arm);
}

std::vector<RunResult> results_of_runs(store::Session& session, const std::string& brand_id,
                                       const std::string& experiment_id, core::Time known_at) {
  std::map<std::string, store::RunOutcome> outcomes;
  for (store::RunOutcome& outcome : store::run_outcomes(session, brand_id, experiment_id, known_at))
    outcomes.emplace(outcome.ad_run_id, outcome);
  std::vector<RunResult> results;
  for (store::ExperimentRun& run :
       store::experiment_runs(session, brand_id, experiment_id, known_at)) {
    RunResult result{.run = std::move(run)};
    const auto outcome = outcomes.find(result.run.ad_run_id);
    if (outcome != outcomes.end()) {
      result.ads = outcome->second.ads;
      result.approved = outcome->second.approved;
      result.overridden = outcome->second.overridden;
    } else {
      result.ads = result.run.ads;
      result.approved = result.run.approved;
    }
    results.push_back(std::move(result));
  }
  return results;
}

core::Json runs_json(const std::vector<RunResult>& results) {
  const auto or_null = [](const std::optional<std::int64_t>& count) {
    return count ? core::Json(*count) : core::Json();
  };
  core::Json list = core::Json::array();
  for (const RunResult& result : results) {
    list.push_back({{"ad_run_id", result.run.ad_run_id},
                    {"arm", result.run.arm},
                    {"seed_key", result.run.seed_key},
                    {"ads", or_null(result.ads)},
                    {"approved", or_null(result.approved)},
                    {"overridden", or_null(result.overridden)}});
  }
  return list;
}

core::Json override_rates_json(const std::vector<RunResult>& results) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts;  // decided, overridden
  for (const RunResult& result : results) {
    auto& [decided, overridden] = counts[result.run.arm];
    if (!result.overridden) continue;
    decided += result.ads.value_or(0);
    overridden += *result.overridden;
  }
  core::Json rates = core::Json::object();
  for (const auto& [arm, count] : counts) {
    const auto [decided, overridden] = count;
    rates[arm] = {{"ads", decided},
                  {"overridden", overridden},
                  {"rate", decided > 0 ? core::Json(static_cast<double>(overridden) /
                                                    static_cast<double>(decided))
                                       : core::Json()}};
  }
  return rates;
}

void record_outcomes(store::Session& session, const std::string& brand_id,
                     const std::string& experiment_id, core::Time now) {
  const auto experiment = store::find_experiment(session, brand_id, experiment_id);
  if (!experiment || experiment->state != "active") return;
  for (RunResult& result : results_of_runs(session, brand_id, experiment_id)) {
    store::ExperimentRun& run = result.run;
    if (run.ads == result.ads && run.approved == result.approved) continue;
    run.ads = result.ads;
    run.approved = result.approved;
    store::put_experiment_run(session, brand_id, experiment_id, run, now);
  }
}

}  // namespace adgenome::app
