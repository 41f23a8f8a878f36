#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

// The life of experiments. Documents are those of the contracts named, without `schema`.

/// What `create` is asked for. Arms in order; their texts are configs (JSON, or @FILE) of a
/// generation experiment, ids of ads of an ad experiment.
struct NewExperiment {
  std::string id;
  std::string kind = "generation";
  std::string name;
  std::optional<std::string> hypothesis = {};
  std::vector<std::pair<std::string, std::string>> arms = {};
  std::string control = "control";
  double split = 0.5;
  std::optional<std::int64_t> min_sample = {};
  std::optional<std::int64_t> planned_n = {};
  std::optional<double> baseline = {};
  std::optional<std::string> test_variable = {};
  std::string assignment = "platform_split";
  std::string metric = "link_ctr";
  std::optional<double> daily_budget = {};  ///< of an arm, in the major unit
  std::optional<std::string> currency = {};
  std::int64_t days = 14;
  double effect = 0.2;  ///< relative lift that is to be found, for the budget gate
  bool is_forced = false;
};

/// How a use case is run.
struct ExperimentRunner {
  store::Session& session;
  const store::Brand& brand;
  core::Time now;
  bool is_dry_run = false;
  bool is_classic = false;
  std::uint64_t seed = 0;
  store::KnownAt known_at = {};  ///< of looks and comparisons

  /// Up to when the platform's figures are known.
  core::Time performance_at() const { return std::min(now, known_at.inputs); }
};

struct CreatedExperiment {
  core::Json document;
  /// What the user has to know of its budget.
  std::optional<std::string> warning = {};
  /// Whether it was there already, asked for in the same way; the document is then of today.
  bool is_unchanged = false;
};
/// Refuses an id that an experiment of other content has.
CreatedExperiment create_experiment(const ExperimentRunner& runner, const NewExperiment& wanted);
core::Json activate_experiment(const ExperimentRunner& runner, const std::string& id);
core::Json link_experiment(const ExperimentRunner& runner, const std::string& id,
                           const std::string& arm, const std::string& platform,
                           const std::string& adset_id, const std::string& platform_ad_id);
core::Json cancel_experiment(const ExperimentRunner& runner, const std::string& id);
core::Json show_experiment(const ExperimentRunner& runner, const std::string& id);
core::Json list_experiments(const ExperimentRunner& runner,
                            const std::optional<std::string>& state);

/// The deployment sheet for people, from the document that `activate` gives.
std::string deployment_text(const core::Json& experiment);

/// adgenome/assignment/v1. The brand's active generation experiment where `id` is not given.
core::Json assign_arm(const ExperimentRunner& runner, const std::optional<std::string>& id,
                      const std::string& seed_key);

/// One run and its outcome, where it is known.
struct RecordedRun {
  std::string ad_run_id;
  std::string seed_key;
  std::optional<std::string> arm = {};
  std::optional<std::int64_t> ads = {};
  std::optional<std::int64_t> approved = {};
};
/// adgenome/experiment_runs/v1.
core::Json record_run(const ExperimentRunner& runner, const std::string& id,
                      const RecordedRun& run);
/// The same of rows {"ad_run_id", "seed_key"[, "arm"][, "ads", "approved"]} of a file, "-" being
/// standard input.
core::Json record_runs(const ExperimentRunner& runner, const std::string& id,
                       const std::string& path, core::Rejects& rejects);

/// adgenome/analysis/v1 of a stored experiment. A look at what was not looked at yet is counted and
/// stored, unless it is one as of a time, which stores nothing. Of `asked`, parts, method, draws,
/// non-inferiority and the deviation of the split count for what is given back; everything else the
/// experiment says itself.
core::Json analyze_experiment(const ExperimentRunner& runner, const std::string& id,
                              const experiments::AnalysisOptions& asked = {});
core::Json conclude_experiment(const ExperimentRunner& runner, const std::string& id);
/// adgenome/experiment_changes/v1 of all that are running.
core::Json monitor_experiments(const ExperimentRunner& runner);
/// adgenome/causal_effects/v1: of two values the newest that was settled.
core::Json experiment_effects(const ExperimentRunner& runner);

/// Past ads by what made them, within templates.
struct PastComparison {
  std::string by;                           ///< prompt_version, pipeline_version, provider
  std::string metric = "approval";          ///< or link_ctr, from seven days on
  std::optional<std::string> control = {};  ///< not given: the one with most ads
  std::optional<double> non_inferiority = {};
};

/// adgenome/analysis/v1 of them, which is correlation: it names a result only from 100 ads a side
/// of approval, 50 of CTR.
core::Json compare_past(const ExperimentRunner& runner, const PastComparison& wanted);

/// adgenome/aa/v1: the brand's own past split at random, by whole runs.
core::Json test_on_itself(const ExperimentRunner& runner, std::int64_t repeats);

}  // namespace adgenome::app
