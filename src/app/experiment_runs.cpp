#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <algorithm>
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
  if (run.ads && *run.ads < 0) throw core::InvalidInput("ads is below 0", "", "/ads");
  if (run.ads && (*run.approved < 0 || *run.approved > *run.ads)) {
    throw core::InvalidInput("approved is not between 0 and ads", "", "/approved");
  }
}

RecordedRun run_from(const core::RecordView& row) {
  row.for_each_member([](std::string_view name, const core::RecordView& value) {
    constexpr std::string_view kFields[] = {"schema", "ad_run_id", "seed_key",
                                            "arm",    "ads",       "approved"};
    if (std::find(std::begin(kFields), std::end(kFields), name) == std::end(kFields)) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
  return {.ad_run_id = row.at("ad_run_id").as_id(),
          .seed_key = std::string(row.at("seed_key").as_string()),
          .arm = row.optional_string("arm"),
          .ads = row.optional_int64("ads"),
          .approved = row.optional_int64("approved")};
}

/// Takes runs one by one into an experiment, within a transaction of its own.
class Recorder {
 public:
  Recorder(const ExperimentRunner& runner, const std::string& id)
      : runner_(runner), transaction_(runner.session) {
    transaction_.lock("experiments/" + runner.brand.id);
    experiment_ = experiment_of(runner.session, runner.brand.id, id);
    if (experiment_.kind != "generation") {
      throw core::InvalidInput("experiment " + id + " is one of ads: it has no runs", "", "/kind");
    }
    need_state(experiment_, {"active"}, "recorded to");
    arms_ = store::experiment_arms(runner.session, runner.brand.id, id);
    for (store::ExperimentRun& run : store::experiment_runs(runner.session, runner.brand.id, id)) {
      kept_.emplace(run.ad_run_id, run);
    }
  }

  /// InvalidInput where it cannot be one of the experiment: nothing is changed then.
  void take(const RecordedRun& run) {
    check_counts(run);
    const store::ExperimentRun now{.ad_run_id = run.ad_run_id,
                                   .arm = arm_of(experiment_, arms_, run),
                                   .seed_key = run.seed_key,
                                   .ads = run.ads,
                                   .approved = run.approved};
    const auto before = kept_.find(run.ad_run_id);
    if (before == kept_.end()) {
      ++counts_.added;
    } else if (before->second.arm != now.arm || before->second.seed_key != now.seed_key) {
      throw core::InvalidInput("run " + run.ad_run_id + " was recorded with another seed key", "",
                               "/seed_key");
    } else if (!now.ads ||
               (before->second.ads == now.ads && before->second.approved == now.approved)) {
      ++counts_.unchanged;
      return;
    } else {
      ++counts_.changed;
    }
    store::put_experiment_run(runner_.session, runner_.brand.id, experiment_.id, now, runner_.now);
    kept_[run.ad_run_id] = now;
  }

  Json finish(std::int64_t rejected) {
    counts_.rejected = rejected;
    std::map<std::string, std::int64_t> by_arm;
    for (const store::ExperimentArm& arm : arms_) by_arm[arm.arm] = 0;
    for (const auto& [run_id, run] : kept_) ++by_arm[run.arm];
    if (!runner_.is_dry_run) transaction_.commit();
    Json document = {{"experiment_id", experiment_.id}, {"runs", by_arm}};
    add_counts(document, counts_);
    return document;
  }

 private:
  const ExperimentRunner& runner_;
  store::Transaction transaction_;
  store::Experiment experiment_;
  std::vector<store::ExperimentArm> arms_;
  std::map<std::string, store::ExperimentRun> kept_;
  RowCounts counts_;
};

}  // namespace

core::Json record_run(const ExperimentRunner& runner, const std::string& id,
                      const RecordedRun& run) {
  Recorder recorder(runner, id);
  recorder.take(run);
  return recorder.finish(0);
}

core::Json record_runs(const ExperimentRunner& runner, const std::string& id,
                       const std::string& path, core::Rejects& rejects) {
  Recorder recorder(runner, id);
  core::RecordReader reader(core::open_input(path));
  core::read_records(reader, rejects, [&](const core::RecordView& row) {
    const RecordedRun run = run_from(row);
    try {
      recorder.take(run);
    } catch (const core::InvalidInput& error) {
      throw core::InvalidInput(error.what(), error.hint(), row.where() + " " + error.where());
    }
  });
  return recorder.finish(rejects.count());
}

}  // namespace adgenome::app
