#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/experiments/assignment.hpp>
#include <adgenome/store/production.hpp>
#include <algorithm>
#include <cmath>
#include <set>

#include "experiment_budget.hpp"
#include "experiment_document.hpp"
#include "review/quality.hpp"
#include "run_arms.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::int64_t kLeastImpressions = 1000;
constexpr std::int64_t kLeastUnits = 20;

/// A config as it was given, checked.
Json config_of(const ExperimentRunner& runner, const std::string& arm, const std::string& text) {
  const Json config = text.starts_with("@") ? core::read_json(text.substr(1))
                                            : core::parse_json(text, "arm " + arm);
  const std::string where = "/arms/" + arm;
  const ArmConfig parsed = parse_arm_config(config, where);
  arm_quality(runner.session, runner.brand, parsed.quality_config, where + "/quality_config");
  return config;
}

[[noreturn]] void refuse(const std::string& message, const std::string& where,
                         const std::string& hint = "") {
  throw core::InvalidInput(message, hint, where);
}

void check_arms(const NewExperiment& wanted) {
  const bool is_ads = wanted.kind == "ads";
  const std::size_t most = is_ads ? 4 : 2;
  if (wanted.arms.size() < 2 || wanted.arms.size() > most) {
    refuse("an experiment of kind " + wanted.kind + " has " + (is_ads ? "2 to 4" : "two") +
               " arms, not " + std::to_string(wanted.arms.size()),
           "/arms", "give each with --arm NAME=...");
  }
  std::set<std::string> names;
  for (const auto& [name, text] : wanted.arms) {
    if (!names.insert(name).second) refuse("arm \"" + name + "\" is given twice", "/arms/" + name);
  }
  if (!names.contains(wanted.control)) {
    refuse("no arm is called \"" + wanted.control + "\"", "/control",
           "--control names the arm that the others are held to");
  }
}

std::vector<store::ExperimentArm> generation_arms(const ExperimentRunner& runner,
                                                  const NewExperiment& wanted) {
  std::vector<store::ExperimentArm> arms;
  for (const auto& [name, text] : wanted.arms) {
    arms.push_back({.arm = name,
                    .position = static_cast<std::int64_t>(arms.size()),
                    .config = config_of(runner, name, text)});
  }
  // Compared without regard to the order of members.
  if (nlohmann::json(arms[0].config) == nlohmann::json(arms[1].config)) {
    refuse("both arms have the same config: nothing would differ", "/arms/" + arms[1].arm);
  }
  return arms;
}

/// The ads' tags by arm; they differ in the test variable alone.
std::vector<store::ExperimentArm> ad_arms(const ExperimentRunner& runner,
                                          const NewExperiment& wanted,
                                          store::Experiment& experiment) {
  std::vector<store::ExperimentArm> arms;
  std::vector<Json> tags;
  for (const auto& [name, ad_id] : wanted.arms) {
    const auto ad = store::find_ad_elements(runner.session, runner.brand.id, ad_id);
    if (!ad) {
      refuse("brand " + runner.brand.id + " has no ad \"" + ad_id + "\"", "/arms/" + name);
    }
    arms.push_back(
        {.arm = name, .position = static_cast<std::int64_t>(arms.size()), .ad_id = ad_id});
    tags.push_back(ad->tags.is_object() ? ad->tags : Json::object());
    tags.back()["template_id"] = ad->template_id;
  }
  std::set<std::string> differing;
  for (const Json& own : tags) {
    for (const auto& [key, value] : own.items()) {
      for (const Json& other : tags) {
        if (other.value(key, Json()) != value) differing.insert(key);
      }
    }
  }
  const std::vector<std::string> names(differing.begin(), differing.end());
  if (names.size() != 1) {
    refuse(names.empty() ? "the ads differ in no element"
                         : "the ads differ in " + core::join(names, ", ") +
                               ", and an experiment is about one element",
           "/arms", "choose ads that are alike in all but one tag");
  }
  if (wanted.test_variable && *wanted.test_variable != names.front()) {
    refuse("the ads differ in " + names.front() + ", not in " + *wanted.test_variable,
           "/test_variable");
  }
  std::set<std::string> values;
  for (const Json& own : tags) values.insert(own.value(names.front(), Json()).dump());
  if (values.size() < tags.size()) {
    refuse("two ads have the same " + names.front(), "/arms");
  }
  experiment.test_variable = names.front();
  for (const auto& [key, value] : tags.front().items()) {
    if (key != names.front()) experiment.hold_constant[key] = value;
  }
  for (std::size_t i = 0; i < arms.size(); ++i) {
    arms[i].config = {{names.front(), tags[i].value(names.front(), Json())}};
  }
  return arms;
}

void need_new(const ExperimentRunner& runner, const std::string& id) {
  if (store::find_experiment(runner.session, runner.brand.id, id)) {
    refuse("there is an experiment \"" + id + "\" already", "/id");
  }
}

}  // namespace

CreatedExperiment create_experiment(const ExperimentRunner& runner, const NewExperiment& wanted) {
  if (core::trim(wanted.name).empty()) refuse("an experiment needs a name", "/name");
  check_arms(wanted);
  const bool is_ads = wanted.kind == "ads";
  store::Experiment experiment{.id = wanted.id,
                               .kind = wanted.kind,
                               .name = wanted.name,
                               .hypothesis = wanted.hypothesis,
                               .state = "draft",
                               .control_arm = wanted.control,
                               .planned_sample = wanted.planned_n,
                               .baseline = wanted.baseline,
                               .created_at = runner.now};
  experiment.min_sample = wanted.min_sample.value_or(is_ads ? kLeastImpressions : kLeastUnits);
  store::Transaction transaction(runner.session);
  need_new(runner, wanted.id);
  std::vector<store::ExperimentArm> arms;
  std::optional<std::string> warning;
  if (is_ads) {
    experiment.assignment = wanted.assignment;
    experiment.primary_metric = wanted.metric;
    experiment.days = wanted.days;
    if (wanted.currency) experiment.currency = core::Currency(*wanted.currency).code();
    if (wanted.daily_budget) {
      if (!experiment.currency) refuse("--daily-budget needs --currency", "/currency");
      experiment.daily_budget_micros = std::llround(*wanted.daily_budget * 1e6);
    }
    arms = ad_arms(runner, wanted, experiment);
    warning = plan_budget(runner, wanted, experiment);
  } else {
    experiment.split = wanted.split;
    arms = generation_arms(runner, wanted);
    if (!experiment.planned_sample) experiment.planned_sample = experiment.min_sample;
  }
  store::insert_experiment(runner.session, runner.brand.id, experiment, arms);
  if (!runner.is_dry_run) transaction.commit();
  return {.document = experiment_document(experiment, arms), .warning = std::move(warning)};
}

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
           "/adset_id", "an ad set belongs to one arm only");
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
  if (advance(runner.session, runner.brand.id, experiment, arms, runner.now)) {
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
  experiment.state = "cancelled";
  experiment.ended_at = runner.now;
  store::update_experiment(runner.session, runner.brand.id, experiment);
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment,
                             store::experiment_arms(runner.session, runner.brand.id, id));
}

core::Json show_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  advance(runner.session, runner.brand.id, experiment, arms, runner.now);
  return experiment_document(experiment, arms);
}

core::Json list_experiments(const ExperimentRunner& runner,
                            const std::optional<std::string>& state) {
  Json items = Json::array();
  for (const store::Experiment& experiment : store::experiments(runner.session, runner.brand.id)) {
    if (state && experiment.state != *state) continue;
    items.push_back(experiment_document(
        experiment, store::experiment_arms(runner.session, runner.brand.id, experiment.id)));
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
