#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/experiments/assignment.hpp>
#include <algorithm>

#include "experiment_document.hpp"
#include "run_arms.hpp"

namespace adgenome::app {
namespace {

using core::Json;

[[noreturn]] void refuse(const std::string& message, const std::string& where,
                         const std::string& hint = "") {
  throw core::InvalidInput(message, hint, where);
}

}  // namespace

core::Json activate_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  need_state(experiment, {"draft"}, "activated");
  if (experiment.kind == "generation") {
    // The store holds it too, by a unique index.
    if (const auto active = store::active_generation_experiment(runner.session, runner.brand.id)) {
      refuse("experiment " + active->id + " is active, and a brand has one at a time", "/state",
             "conclude or cancel it first");
    }
    experiment.state = "active";
  } else {
    experiment.state = "deploying";
  }
  experiment.activated_at = runner.now;
  store::update_experiment(runner.session, runner.brand.id, experiment);
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment, arms);
}

core::Json link_experiment(const ExperimentRunner& runner, const std::string& id,
                           const std::string& arm, const std::string& platform,
                           const std::string& adset_id, const std::string& platform_ad_id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  need_state(experiment, {"deploying"}, "linked");
  auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  const auto own = std::find_if(arms.begin(), arms.end(),
                                [&](const store::ExperimentArm& each) { return each.arm == arm; });
  if (own == arms.end()) refuse("experiment " + id + " has no arm \"" + arm + "\"", "/arm");
  if (const auto holder = store::arm_of_ad_set(runner.session, runner.brand.id, platform, adset_id);
      holder && *holder != std::pair(id, arm)) {
    refuse("ad set " + adset_id + " belongs to arm \"" + holder->second + "\" of experiment " +
               holder->first,
           "/adset_id", "an ad set belongs to one arm only until that experiment is over");
  }
  const bool is_same = own->platform == platform && own->adset_id == adset_id &&
                       own->platform_ad_id == platform_ad_id;
  if (!is_same) {
    own->platform = platform;
    own->adset_id = adset_id;
    own->platform_ad_id = platform_ad_id;
    own->linked_at = runner.now;
    store::link_arm(runner.session, runner.brand.id, id, *own);
  }
  if (advance(runner, experiment, arms)) {
    store::update_experiment(runner.session, runner.brand.id, experiment);
  }
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment, arms);
}

core::Json cancel_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  need_state(experiment, {"draft", "active", "deploying", "running", "analyzing"}, "cancelled");
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  // From when it ran is kept, whoever has its ad sets later.
  advance(runner, experiment, arms);
  experiment.state = "cancelled";
  experiment.ended_at = runner.now;
  store::update_experiment(runner.session, runner.brand.id, experiment);
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment, arms);
}

core::Json show_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  advance(runner, experiment, arms);
  return experiment_document(experiment, arms);
}

core::Json list_experiments(const ExperimentRunner& runner,
                            const std::optional<std::string>& state) {
  Json items = Json::array();
  for (store::Experiment& experiment : store::experiments(runner.session, runner.brand.id)) {
    const auto arms = store::experiment_arms(runner.session, runner.brand.id, experiment.id);
    advance(runner, experiment, arms);
    if (state && experiment.state != *state) continue;
    items.push_back(experiment_document(experiment, arms));
  }
  Json reason;
  if (items.empty()) reason = "no_experiments";
  return {{"items", std::move(items)}, {"reason", reason}};
}

core::Json assign_arm(const ExperimentRunner& runner, const std::optional<std::string>& id,
                      const std::string& seed_key) {
  const auto experiment = id ? std::optional(experiment_of(runner.session, runner.brand.id, *id))
                             : store::active_generation_experiment(runner.session, runner.brand.id);
  if (!experiment) {
    throw core::InvalidInput("brand " + runner.brand.id + " has no active experiment", "", "/id");
  }
  if (experiment->kind != "generation") {
    throw core::InvalidInput("experiment " + experiment->id + " is one of ads: the platform splits",
                             "", "/kind");
  }
  need_state(*experiment, {"active"}, "assigned from");
  const store::ExperimentArm arm =
      arm_of_key(*experiment,
                 store::experiment_arms(runner.session, runner.brand.id, experiment->id), seed_key);
  return {{"experiment_id", experiment->id},
          {"seed_key", seed_key},
          {"bucket", experiments::bucket_of(seed_key, experiment->id)},
          {"arm", arm.arm},
          {"config", arm.config}};
}

std::string deployment_text(const core::Json& experiment) {
  const Json& sheet = experiment.at("deployment");
  if (sheet.is_null()) return "";
  const auto shown = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : core::dump(value);
  };
  std::string text = "Deployment of " + shown(sheet.at("campaign")) + "\n\n";
  text += "campaign       of its own, budget at campaign level";
  if (!sheet.at("daily_budget").is_null()) {
    text += ": " + shown(sheet.at("daily_budget")) + " " + shown(sheet.at("currency")) + " a day";
  }
  text +=
      "\nsplit          " + shown(sheet.at("split")) + "\ndays           " +
      shown(sheet.at("days")) +
      "\nidentical      targeting, bid, placements, minimum spend\n\nad sets, one ad in each:\n";
  for (const Json& ad_set : sheet.at("ad_sets")) {
    text += "  " + shown(ad_set.at("name")) + ": ad " + shown(ad_set.at("ad_id"));
    if (!ad_set.at("minimum_daily_spend").is_null()) {
      text += ", at least " + shown(ad_set.at("minimum_daily_spend")) + " a day";
    }
    text += "\n";
  }
  text += "\nthen, for each: adgenome experiment link " + shown(experiment.at("id")) +
          " --arm NAME --adset ID\n";
  return text;
}

}  // namespace adgenome::app
