#include "experiment_document.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <map>
#include <utility>

namespace adgenome::app {
namespace {

using core::Json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json time_or_null(const std::optional<core::Time>& time) {
  return time ? Json(core::format_time(*time)) : Json();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json money_or_null(const std::optional<std::int64_t>& micros) {
  return micros ? core::money_number(*micros) : Json();
}

/// What is to be set up on the platform by hand.
Json deployment_sheet(const store::Experiment& experiment,
                      const std::vector<store::ExperimentArm>& arms) {
  if (experiment.kind != "ads" || experiment.state == "draft") return nullptr;
  Json ad_sets = Json::array();
  for (const store::ExperimentArm& arm : arms) {
    ad_sets.push_back({{"arm", arm.arm},
                       {"name", experiment.name + " | " + arm.arm},
                       {"ad_id", text_or_null(arm.ad_id)},
                       {"ads", 1},
                       {"minimum_daily_spend", money_or_null(experiment.daily_budget_micros)}});
  }
  const auto budget = experiment.daily_budget_micros;
  const auto count = static_cast<std::int64_t>(arms.size());
  return {{"campaign", experiment.name},
          {"budget_level", "campaign"},
          {"daily_budget", budget ? core::money_number(*budget * count) : Json()},
          {"currency", or_null(experiment.currency)},
          {"split", or_null(experiment.assignment)},
          {"ad_sets", std::move(ad_sets)},
          {"identical", {"targeting", "bid", "placements", "minimum_spend"}},
          {"days", or_null(experiment.days)}};
}

/// From when arms can have impressions whose ad sets were in experiments before: what these sets
/// delivered until then was not of this one.
std::map<std::string, core::Day> first_days_of_used_ad_sets(const ExperimentRunner& runner,
                                                            const store::Experiment& experiment) {
  std::map<std::string, core::Day> days;
  for (const auto& [arm, since] : store::ad_sets_free_since(
           runner.session, runner.brand.id, experiment.id, runner.known_at.inputs)) {
    days[arm] = core::day_of(std::max(since, experiment.activated_at.value_or(since)));
  }
  return days;
}

/// The day from which all arms deliver.
std::optional<core::Day> common_first_day(const ExperimentRunner& runner,
                                          const store::Experiment& experiment,
                                          const std::vector<store::ExperimentArm>& arms) {
  const bool all_linked =
      std::all_of(arms.begin(), arms.end(), [](const auto& arm) { return !arm.adset_id.empty(); });
  if (!all_linked) return std::nullopt;
  std::map<std::string, core::Day> first;
  const auto earliest = first_days_of_used_ad_sets(runner, experiment);
  for (const store::ArmDay& day :
       store::arm_days(runner.session, runner.brand.id, experiment.id, runner.performance_at(),
                       runner.known_at.inputs)) {
    const auto own = earliest.find(day.arm);
    if (own != earliest.end() && day.day < own->second) continue;
    if (day.impressions > 0) first.try_emplace(day.arm, day.day);
  }
  if (first.size() < arms.size()) return std::nullopt;
  core::Day from = first.begin()->second;
  for (const auto& [arm, day] : first) from = std::max(from, day);
  return from;
}

}  // namespace

core::Json experiment_document(const store::Experiment& experiment,
                               const std::vector<store::ExperimentArm>& arms) {
  const bool is_ads = experiment.kind == "ads";
  Json list = Json::array();
  for (const store::ExperimentArm& arm : arms) {
    list.push_back({{"arm", arm.arm},
                    {"config", is_ads ? Json() : arm.config},
                    {"ad_id", text_or_null(arm.ad_id)},
                    {"platform", text_or_null(arm.platform)},
                    {"adset_id", text_or_null(arm.adset_id)},
                    {"platform_ad_id", text_or_null(arm.platform_ad_id)},
                    {"linked_at", time_or_null(arm.linked_at)}});
  }
  Json evidence;
  if (is_ads) {
    evidence = experiment.assignment == "platform_split" ? "randomised" : "quasi_experimental";
  }
  return {{"id", experiment.id},
          {"kind", experiment.kind},
          {"name", experiment.name},
          {"hypothesis", or_null(experiment.hypothesis)},
          {"state", experiment.state},
          {"control", experiment.control_arm},
          {"arms", std::move(list)},
          {"split", or_null(experiment.split)},
          {"min_sample", experiment.min_sample},
          {"planned_sample", or_null(experiment.planned_sample)},
          {"baseline", or_null(experiment.baseline)},
          {"test_variable", or_null(experiment.test_variable)},
          {"hold_constant", is_ads ? experiment.hold_constant : Json()},
          {"assignment", or_null(experiment.assignment)},
          {"evidence", std::move(evidence)},
          {"primary_metric", or_null(experiment.primary_metric)},
          {"daily_budget", money_or_null(experiment.daily_budget_micros)},
          {"currency", or_null(experiment.currency)},
          {"days", or_null(experiment.days)},
          {"created_at", core::format_time(experiment.created_at)},
          {"activated_at", time_or_null(experiment.activated_at)},
          {"running_from",
           experiment.running_from ? Json(core::format_day(*experiment.running_from)) : Json()},
          {"ended_at", time_or_null(experiment.ended_at)},
          {"decision", or_null(experiment.decision)},
          {"winner", or_null(experiment.winner)},
          {"deployment", deployment_sheet(experiment, arms)},
          {"conclusion", experiment.conclusion}};
}

store::Experiment experiment_of(store::Session& session, const std::string& brand_id,
                                const std::string& id) {
  auto found = store::find_experiment(session, brand_id, id);
  if (!found) {
    throw core::InvalidInput("brand " + brand_id + " has no experiment \"" + id + "\"",
                             "adgenome experiment list shows them");
  }
  return *std::move(found);
}

store::Experiment known_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  if (!runner.known_at.is_past()) return experiment;
  if (experiment.created_at > runner.known_at.inputs) {
    throw core::InvalidInput("experiment " + id + " was created later, at " +
                             core::format_time(experiment.created_at));
  }
  if (experiment.ended_at && *experiment.ended_at <= runner.known_at.own) return experiment;
  experiment.ended_at.reset();
  experiment.decision.reset();
  experiment.winner.reset();
  experiment.conclusion = nullptr;
  if (!experiment.activated_at || *experiment.activated_at > runner.known_at.inputs) {
    experiment.state = "draft";
  } else {
    experiment.state = experiment.kind == "ads" ? "deploying" : "active";
  }
  return experiment;
}

void need_state(const store::Experiment& experiment, std::initializer_list<const char*> allowed,
                const std::string& step) {
  const std::vector<std::string> states(allowed.begin(), allowed.end());
  if (std::find(states.begin(), states.end(), experiment.state) != states.end()) return;
  throw core::InvalidInput("experiment " + experiment.id + " is " + experiment.state +
                               ", and can be " + step + " only while it is " +
                               core::join(states, " or "),
                           "", "/state");
}

bool advance(const ExperimentRunner& runner, store::Experiment& experiment,
             const std::vector<store::ExperimentArm>& arms) {
  if (experiment.kind != "ads") return false;
  const std::string before = experiment.state;
  if (experiment.state == "deploying") {
    // A day that was noted is of a run that looks back: it stays what it was, once it was known.
    const auto noted = std::exchange(experiment.running_from, std::nullopt);
    const auto from = common_first_day(runner, experiment, arms);
    if (!from) return false;
    experiment.running_from = noted.value_or(*from);
    experiment.state = "running";
  }
  if (experiment.state == "running") {
    const core::Day end =
        *experiment.running_from + std::chrono::days{experiment.days.value_or(14)};
    if (core::day_of(runner.now) >= end) experiment.state = "analyzing";
  }
  return experiment.state != before;
}

}  // namespace adgenome::app
