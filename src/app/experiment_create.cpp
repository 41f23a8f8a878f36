#include <adgenome/app/experiments.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
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

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
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

/// What every arm was given: a config as it is read, or the id of an ad.
std::vector<Json> arm_values(const NewExperiment& wanted) {
  std::vector<Json> values;
  for (const auto& [name, text] : wanted.arms) {
    if (wanted.kind == "ads") {
      values.emplace_back(text);
    } else {
      values.push_back(text.starts_with("@") ? core::read_json(text.substr(1))
                                             : core::parse_json(text, "arm " + name));
    }
  }
  return values;
}

/// All that was asked for, with what counts where nothing was said, and without the id.
Json request_of(const NewExperiment& wanted, const store::Experiment& experiment,
                const std::vector<Json>& values) {
  Json arms = Json::array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    arms.push_back({{"arm", wanted.arms[i].first}, {"value", values[i]}});
  }
  Json request = {{"kind", experiment.kind},
                  {"name", experiment.name},
                  {"hypothesis", or_null(experiment.hypothesis)},
                  {"control", experiment.control_arm},
                  {"arms", std::move(arms)},
                  {"min_sample", experiment.min_sample},
                  {"planned_n", or_null(experiment.planned_sample)},
                  {"baseline", or_null(experiment.baseline)}};
  if (experiment.kind == "ads") {
    request["assignment"] = or_null(experiment.assignment);
    request["metric"] = or_null(experiment.primary_metric);
    request["daily_budget"] = or_null(experiment.daily_budget_micros);
    request["currency"] = or_null(experiment.currency);
    request["days"] = or_null(experiment.days);
    request["effect"] = wanted.effect;
  } else {
    request["split"] = or_null(experiment.split);
  }
  return request;
}

/// Refuses what is not asked for as the stored experiment was; members in any order.
void need_same(const store::Experiment& stored, const NewExperiment& wanted, const Json& request) {
  std::vector<std::string> differing;
  const nlohmann::json asked = request;
  const nlohmann::json before = stored.request.is_object() ? stored.request : Json::object();
  for (const auto& [name, value] : asked.items()) {
    if (!before.contains(name) || before.at(name) != value) differing.push_back(name);
  }
  // What the ads differ in follows from them where it is not said.
  if (wanted.test_variable && wanted.test_variable != stored.test_variable) {
    differing.emplace_back("test_variable");
  }
  if (differing.empty()) return;
  refuse("there is an experiment \"" + wanted.id + "\" already", "/id",
         "it was created with other " + core::join(differing, ", "));
}

std::vector<store::ExperimentArm> generation_arms(const ExperimentRunner& runner,
                                                  const NewExperiment& wanted,
                                                  const std::vector<Json>& configs) {
  std::vector<store::ExperimentArm> arms;
  for (const auto& [name, text] : wanted.arms) {
    const Json& config = configs[arms.size()];
    const std::string where = "/arms/" + name;
    const ArmConfig parsed = parse_arm_config(config, where);
    arm_quality(runner.session, runner.brand, parsed.quality_config, where + "/quality_config");
    arms.push_back(
        {.arm = name, .position = static_cast<std::int64_t>(arms.size()), .config = config});
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
  if (is_ads) {
    experiment.assignment = wanted.assignment;
    experiment.primary_metric = wanted.metric;
    experiment.days = wanted.days;
    if (wanted.currency) experiment.currency = core::Currency(*wanted.currency).code();
    if (wanted.daily_budget) {
      if (!experiment.currency) refuse("--daily-budget needs --currency", "/currency");
      experiment.daily_budget_micros = std::llround(*wanted.daily_budget * 1e6);
    }
  } else {
    experiment.split = wanted.split;
    if (!experiment.planned_sample) experiment.planned_sample = experiment.min_sample;
  }
  const std::vector<Json> values = arm_values(wanted);
  experiment.request = request_of(wanted, experiment, values);
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  // Before the brand's ads and its past are asked, which may have changed since.
  if (const auto stored = store::find_experiment(runner.session, runner.brand.id, wanted.id)) {
    need_same(*stored, wanted, experiment.request);
    return {.document = show_experiment(runner, wanted.id), .is_unchanged = true};
  }
  std::vector<store::ExperimentArm> arms;
  std::optional<std::string> warning;
  if (is_ads) {
    arms = ad_arms(runner, wanted, experiment);
    warning = plan_budget(runner, wanted, experiment);
  } else {
    arms = generation_arms(runner, wanted, values);
  }
  store::insert_experiment(runner.session, runner.brand.id, experiment, arms);
  if (!runner.is_dry_run) transaction.commit();
  return {.document = experiment_document(experiment, arms), .warning = std::move(warning)};
}

}  // namespace adgenome::app
