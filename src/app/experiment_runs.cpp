#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <map>

#include "experiment_document.hpp"
#include "run_arms.hpp"

namespace adgenome::app {
namespace {

using core::Json;

/// The arm that the run's key gives; it is refused where another one is said.
std::string arm_of(const store::Experiment& experiment,
                   const std::vector<store::ExperimentArm>& arms, const RecordedRun& run) {
  const std::string own = arm_of_key(experiment, arms, run.seed_key).arm;
  if (run.arm && *run.arm != own) {
    throw core::InvalidInput("run " + run.ad_run_id + " was recorded as arm \"" + *run.arm +
                                 "\", and its seed key gives \"" + own + "\"",
                             "", "/arm");
  }
  return own;
}

void check_counts(const RecordedRun& run) {
  if (run.ads.has_value() != run.approved.has_value()) {
    throw core::InvalidInput("ads and approved are given together or not at all", "", "/ads");
  }
  if (run.ads && (*run.approved < 0 || *run.approved > *run.ads)) {
    throw core::InvalidInput("approved is not between 0 and ads", "", "/approved");
  }
}

}  // namespace

core::Json record_runs(const ExperimentRunner& runner, const std::string& id,
                       const std::vector<RecordedRun>& runs) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  const store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  if (experiment.kind != "generation") {
    throw core::InvalidInput("experiment " + id + " is one of ads: it has no runs", "", "/kind");
  }
  need_state(experiment, {"active"}, "recorded to");
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  std::map<std::string, store::ExperimentRun> kept;
  for (store::ExperimentRun& run : store::experiment_runs(runner.session, runner.brand.id, id)) {
    kept.emplace(run.ad_run_id, run);
  }
  RowCounts counts;
  for (const RecordedRun& run : runs) {
    check_counts(run);
    const store::ExperimentRun now{.ad_run_id = run.ad_run_id,
                                   .arm = arm_of(experiment, arms, run),
                                   .seed_key = run.seed_key,
                                   .ads = run.ads,
                                   .approved = run.approved};
    const auto before = kept.find(run.ad_run_id);
    if (before == kept.end()) {
      ++counts.added;
    } else if (before->second.arm != now.arm || before->second.seed_key != now.seed_key) {
      throw core::InvalidInput("run " + run.ad_run_id + " was recorded with another seed key", "",
                               "/seed_key");
    } else if (!now.ads ||
               (before->second.ads == now.ads && before->second.approved == now.approved)) {
      ++counts.unchanged;
      continue;
    } else {
      ++counts.changed;
    }
    store::put_experiment_run(runner.session, runner.brand.id, id, now, runner.now);
    kept[run.ad_run_id] = now;
  }
  std::map<std::string, std::int64_t> by_arm;
  for (const store::ExperimentArm& arm : arms) by_arm[arm.arm] = 0;
  for (const auto& [run_id, run] : kept) ++by_arm[run.arm];
  if (!runner.is_dry_run) transaction.commit();
  Json document = {{"experiment_id", id}, {"runs", by_arm}};
  add_counts(document, counts);
  return document;
}

std::vector<RecordedRun> read_recorded_runs(const std::string& path, core::Rejects& rejects) {
  core::RecordReader reader(core::open_input(path));
  std::vector<RecordedRun> runs;
  core::read_records(reader, rejects, [&](const core::RecordView& row) {
    RecordedRun run{.ad_run_id = row.at("ad_run_id").as_id(),
                    .seed_key = std::string(row.at("seed_key").as_string()),
                    .arm = row.optional_string("arm"),
                    .ads = row.optional_int64("ads"),
                    .approved = row.optional_int64("approved")};
    check_counts(run);
    runs.push_back(std::move(run));
  });
  return runs;
}

}  // namespace adgenome::app
