#include <adgenome/core/error.hpp>
#include <algorithm>

#include "experiment_document.hpp"
#include "experiment_store_analysis.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using experiments::Decision;

/// Whether nothing more is to be waited for.
bool is_final(const store::Experiment& experiment, const experiments::Analysis& analysis) {
  const auto decision = analysis.decision;
  if (decision == Decision::kWinner || decision == Decision::kFutile ||
      decision == Decision::kInvalidSplit) {
    return true;
  }
  if (experiment.kind == "ads") return experiment.state == "analyzing";
  if (decision != Decision::kInconclusive) return false;
  return std::all_of(analysis.arms.begin(), analysis.arms.end(), [&](const auto& arm) {
    return arm.clusters >= experiment.planned_sample.value_or(experiment.min_sample);
  });
}

}  // namespace

core::Json monitor_experiments(const ExperimentRunner& runner) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  Json changes = Json::array();
  std::int64_t seen = 0;
  for (store::Experiment& experiment : store::experiments(runner.session, runner.brand.id)) {
    if (experiment.state == "draft" || experiment.ended_at) continue;
    ++seen;
    const auto arms = store::experiment_arms(runner.session, runner.brand.id, experiment.id);
    // What it became by itself since the last call is what it was before this one, as it is shown.
    const bool has_advanced = advance(runner, experiment, arms);
    const std::string before = experiment.state;
    if (has_advanced) {
      store::update_experiment(runner.session, runner.brand.id, experiment);
    }
    if (experiment.state == "deploying") continue;
    const auto last = store::last_analysis(runner.session, runner.brand.id, experiment.id);
    StoredLook look;
    try {
      look = look_at_experiment(runner, experiment);
    } catch (const core::InvalidInput& error) {
      // One that cannot be judged keeps none of the others waiting, and says so every time.
      changes.push_back({{"experiment_id", experiment.id},
                         {"name", experiment.name},
                         {"state_before", before},
                         {"state", experiment.state},
                         {"look", last ? last->look : 0},
                         {"decision_before", last ? last->document.at("decision") : Json()},
                         {"decision", nullptr},
                         {"winner", nullptr},
                         {"reason", error.what()}});
      continue;
    }
    if (is_final(experiment, look.analysis)) conclude_with(runner, experiment, look);
    const Json decision = look.document.at("decision");
    const Json decided_before = last ? last->document.at("decision") : Json();
    if (!has_advanced && experiment.state == before && decision == decided_before) continue;
    changes.push_back({{"experiment_id", experiment.id},
                       {"name", experiment.name},
                       {"state_before", before},
                       {"state", experiment.state},
                       {"look", look.document.at("look")},
                       {"decision_before", decided_before},
                       {"decision", decision},
                       {"winner", look.document.at("winner")},
                       {"reason", look.document.at("reason")}});
  }
  if (!runner.is_dry_run) transaction.commit();
  Json reason;
  if (changes.empty()) reason = seen == 0 ? "nothing_is_running" : "nothing_changed";
  return {{"changes", std::move(changes)}, {"running", seen}, {"reason", reason}};
}

}  // namespace adgenome::app
