#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A row of `experiments`; what its kind does not have is absent.
struct Experiment {
  std::string id;
  std::string kind;  ///< generation or ads
  std::string name;
  std::optional<std::string> hypothesis = {};
  std::string state;
  std::string control_arm;
  std::optional<double> split = {};
  std::int64_t min_sample = 20;
  std::optional<std::int64_t> planned_sample = {};
  std::optional<double> baseline = {};
  std::optional<std::string> test_variable = {};
  core::Json hold_constant = core::Json::object();
  std::optional<std::string> assignment = {};
  std::optional<std::string> primary_metric = {};
  std::optional<std::int64_t> daily_budget_micros = {};
  std::optional<std::string> currency = {};
  std::optional<std::int64_t> days = {};
  core::Time created_at = {};
  std::optional<core::Time> activated_at = {};
  std::optional<core::Day> running_from = {};
  std::optional<core::Time> ended_at = {};
  std::optional<std::string> decision = {};
  std::optional<std::string> winner = {};
  core::Json conclusion = {};  ///< null until it is concluded
  core::Json request = {};     ///< what it was created from; null of those of older programs
};

struct ExperimentArm {
  std::string arm;
  std::int64_t position = 0;
  core::Json config = core::Json::object();
  std::string ad_id = {};           ///< empty: none
  std::string platform = {};        ///< empty: not linked
  std::string adset_id = {};        ///< likewise
  std::string platform_ad_id = {};  ///< empty: every ad of the ad set
  std::optional<core::Time> linked_at = {};
};

/// Belongs into a transaction.
void insert_experiment(Session& session, const std::string& brand_id, const Experiment& experiment,
                       const std::vector<ExperimentArm>& arms);
std::optional<Experiment> find_experiment(Session& session, const std::string& brand_id,
                                          const std::string& id);
/// Newest first.
std::vector<Experiment> experiments(Session& session, const std::string& brand_id);
std::optional<Experiment> active_generation_experiment(Session& session,
                                                       const std::string& brand_id);
/// By position, as they were linked at a time.
std::vector<ExperimentArm> experiment_arms(Session& session, const std::string& brand_id,
                                           const std::string& id, core::Time known_at = kNewest);
/// Writes state, times, decision, winner and conclusion of one that was read in this transaction;
/// the ad sets of one that has ended are free from then on.
void update_experiment(Session& session, const std::string& brand_id, const Experiment& experiment);

void link_arm(Session& session, const std::string& brand_id, const std::string& id,
              const ExperimentArm& arm);
/// The experiment, of those that have not ended, and the arm that an ad set belongs to.
std::optional<std::pair<std::string, std::string>> arm_of_ad_set(Session& session,
                                                                 const std::string& brand_id,
                                                                 const std::string& platform,
                                                                 const std::string& adset_id);

/// Since when the ad sets of an experiment's arms are free of those that held them before, as known
/// at a time, by arm; arms whose ad set was nobody's are left out.
std::map<std::string, core::Time> ad_sets_free_since(Session& session, const std::string& brand_id,
                                                     const std::string& id, core::Time known_at);

/// A unit of a generation experiment.
struct ExperimentRun {
  std::string ad_run_id;
  std::string arm;
  std::string seed_key;
  std::optional<std::int64_t> ads = {};
  std::optional<std::int64_t> approved = {};
};

/// By run, those of a time. Counts are those that were recorded by then.
std::vector<ExperimentRun> experiment_runs(Session& session, const std::string& brand_id,
                                           const std::string& id, core::Time known_at = kNewest);
void put_experiment_run(Session& session, const std::string& brand_id, const std::string& id,
                        const ExperimentRun& run, core::Time now);

/// What became of the ads of a run, as people and machines had decided at a time. An ad and those
/// that were made in its place count as one, an attempt that failed as one that was not approved;
/// what nobody has decided on is left out.
struct RunOutcome {
  std::string ad_run_id;
  std::int64_t ads = 0;
  std::int64_t approved = 0;
  std::int64_t overridden = 0;
};
std::vector<RunOutcome> run_outcomes(Session& session, const std::string& brand_id,
                                     const std::string& id, core::Time known_at = kNewest);

/// One look.
struct ExperimentAnalysis {
  std::int64_t look = 1;
  core::Json document;
};
std::optional<ExperimentAnalysis> last_analysis(Session& session, const std::string& brand_id,
                                                const std::string& id,
                                                core::Time known_at = kNewest);
void insert_analysis(Session& session, const std::string& brand_id, const std::string& id,
                     const ExperimentAnalysis& analysis, core::Time now);

/// What an arm's ad set delivered on a day, as known at a time.
struct ArmDay {
  std::string arm;
  core::Day day;
  std::string currency;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::int64_t clicks = 0;
  std::int64_t conversions_millionths = 0;
  std::int64_t conversion_value_micros = 0;
};
/// By arm and day, of arms that were linked by `linked_at`; periods of several days are left out.
/// Clicks are link clicks where any row of the arms has them: one kind for all arms.
std::vector<ArmDay> arm_days(Session& session, const std::string& brand_id, const std::string& id,
                             core::Time known_at, core::Time linked_at = kNewest);

struct CausalEffect {
  std::string experiment_id;
  std::string metric;
  std::string dimension;
  std::string value;
  std::string compared_with;
  double effect = 0;
  double effect_low = 0;
  double effect_high = 0;
  std::optional<double> effect_shrunk = {};
  std::int64_t pairs = 0;
  std::string evidence;  ///< randomised or quasi_experimental
  core::Json document = core::Json::object();
};
void put_causal_effect(Session& session, const std::string& brand_id, const CausalEffect& effect,
                       core::Time now);
/// Newest first, and of those of one time the one of most pairs.
std::vector<CausalEffect> causal_effects(Session& session, const std::string& brand_id);

}  // namespace adgenome::store
