#include "experiment_store_analysis.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "experiment_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using experiments::Metric;

constexpr std::size_t kLeastPastEffects = 5;

/// What a stored conclusion says of each variant.
struct PastEffect {
  double effect = 0;
  double variance = 0;
};

/// How the brand's effects of this kind scatter by themselves.
std::optional<double> effect_variance(const ExperimentRunner& runner,
                                      const store::Experiment& experiment) {
  std::vector<double> effects;
  std::vector<double> variances;
  for (const store::Experiment& past : store::experiments(runner.session, runner.brand.id)) {
    if (past.kind != experiment.kind || past.primary_metric != experiment.primary_metric ||
        past.id == experiment.id || !past.conclusion.is_object()) {
      continue;
    }
    for (const Json& effect : past.conclusion.at("effects")) {
      effects.push_back(effect.at("effect").get<double>());
      variances.push_back(effect.at("variance").get<double>());
    }
  }
  if (effects.size() < kLeastPastEffects) return std::nullopt;
  return stats::paule_mandel(effects, variances);
}

std::vector<experiments::Arm> arms_of_runs(const ExperimentRunner& runner,
                                           const store::Experiment& experiment,
                                           std::map<std::string, std::int64_t>& assigned) {
  std::map<std::string, store::RunOutcome> outcomes;
  for (store::RunOutcome& outcome :
       store::run_outcomes(runner.session, runner.brand.id, experiment.id)) {
    outcomes.emplace(outcome.ad_run_id, outcome);
  }
  std::map<std::string, stats::SampleBuilder> values;
  std::map<std::string, std::vector<stats::Cluster>> clusters;
  for (const store::ExperimentArm& arm :
       store::experiment_arms(runner.session, runner.brand.id, experiment.id)) {
    values[arm.arm];
    assigned[arm.arm] = 0;
  }
  for (const store::ExperimentRun& run :
       store::experiment_runs(runner.session, runner.brand.id, experiment.id)) {
    ++assigned[run.arm];
    // What people decide later counts, so that the ads come before what was recorded.
    const auto found = outcomes.find(run.ad_run_id);
    const bool is_known = found != outcomes.end();
    if (!is_known && !run.ads) continue;
    const std::int64_t ads = is_known ? found->second.ads : *run.ads;
    const std::int64_t approved = is_known ? found->second.approved : run.approved.value_or(0);
    if (ads == 0) continue;
    values[run.arm].add(1, approved);
    values[run.arm].add(0, ads - approved);
    stats::Cluster cluster;
    cluster.add(1, approved);
    cluster.add(0, ads - approved);
    clusters[run.arm].push_back(cluster);
  }
  std::vector<experiments::Arm> arms;
  for (auto& [name, builder] : values) {
    arms.push_back({.name = name,
                    .sample = std::move(builder).build(),
                    .clusters = std::move(clusters[name])});
  }
  return arms;
}

stats::DayTotals totals_of(const store::ArmDay& day, Metric metric) {
  const auto conversions = static_cast<double>(day.conversions_millionths) / 1e6;
  const auto spend = static_cast<double>(day.spend_micros) / 1e6;
  const auto clicks = static_cast<double>(day.clicks);
  const auto impressions = static_cast<double>(day.impressions);
  switch (metric) {
    case Metric::kLinkCtr:
      return {.numerator = std::min(clicks, impressions), .denominator = impressions};
    case Metric::kConversionRate:
      return {.numerator = std::min(conversions, clicks), .denominator = clicks};
    case Metric::kCpa:
      return {.numerator = conversions, .denominator = spend};
    case Metric::kRoas:
      break;
  }
  return {.numerator = static_cast<double>(day.conversion_value_micros) / 1e6,
          .denominator = spend};
}

std::vector<experiments::DayArm> arms_of_days(const ExperimentRunner& runner,
                                              const store::Experiment& experiment, Metric metric,
                                              std::int64_t& rows) {
  std::vector<store::ArmDay> days;
  std::map<std::string, std::string> currencies;
  if (experiment.running_from) {
    const core::Day end =
        std::min(core::day_of(runner.now),
                 *experiment.running_from + std::chrono::days{experiment.days.value_or(14)});
    for (store::ArmDay& day :
         store::arm_days(runner.session, runner.brand.id, experiment.id, runner.now)) {
      if (day.day < *experiment.running_from || day.day >= end) continue;
      currencies.emplace(day.currency, day.arm);
      days.push_back(std::move(day));
    }
  }
  if (currencies.size() > 1) {
    throw core::InvalidInput("two currencies in experiment " + experiment.id + ": " +
                             currencies.begin()->first + " and " + currencies.rbegin()->first);
  }
  rows = static_cast<std::int64_t>(days.size());
  std::size_t count = 0;
  for (const store::ArmDay& day : days) {
    count =
        std::max(count, static_cast<std::size_t>((day.day - *experiment.running_from).count()) + 1);
  }
  std::vector<experiments::DayArm> arms;
  for (const store::ExperimentArm& arm :
       store::experiment_arms(runner.session, runner.brand.id, experiment.id)) {
    experiments::DayArm own{.name = arm.arm,
                            .days = std::vector<stats::DayTotals>(count),
                            .impressions = std::vector<double>(count),
                            .events = std::vector<double>(count)};
    for (const store::ArmDay& day : days) {
      if (day.arm != arm.arm) continue;
      const auto at = static_cast<std::size_t>((day.day - *experiment.running_from).count());
      own.days[at] = totals_of(day, metric);
      own.impressions[at] = static_cast<double>(day.impressions);
      own.events[at] = static_cast<double>(day.conversions_millionths) / 1e6;
    }
    arms.push_back(std::move(own));
  }
  return arms;
}

std::map<std::string, experiments::PastLook> past_of(const Json& document) {
  std::map<std::string, experiments::PastLook> past;
  for (const Json& comparison : document.at("comparisons")) {
    const Json& test = comparison.at("sequential");
    if (test.is_null()) continue;
    past[comparison.at("arm").get<std::string>()] = {
        .p_value = test.at("p_value").get<double>(),
        .interval = {.lower = test.at("interval").at(0).get<double>(),
                     .upper = test.at("interval").at(1).get<double>()},
        .tau2 = test.at("tau2").get<double>()};
  }
  return past;
}

bool is_same(const Json& a, const Json& b) {
  return nlohmann::json(a) == nlohmann::json(b);
}

/// The raw effect of a comparison that is stored, with its variance.
std::optional<PastEffect> raw_effect(const experiments::Comparison& comparison) {
  if (comparison.day_sums) {
    return PastEffect{.effect = comparison.day_sums->log_ratio,
                      .variance = comparison.day_sums->error * comparison.day_sums->error};
  }
  if (comparison.cluster && comparison.cluster->error) {
    return PastEffect{.effect = comparison.cluster->difference,
                      .variance = *comparison.cluster->error * *comparison.cluster->error};
  }
  return std::nullopt;
}

Json effects_json(const experiments::Analysis& analysis) {
  const double z = -stats::normal_quantile(analysis.alpha / 2);
  Json effects = Json::array();
  for (const experiments::Comparison& comparison : analysis.comparisons) {
    const auto raw = raw_effect(comparison);
    if (!raw) continue;
    const double error = std::sqrt(raw->variance);
    Json shrunk_interval;
    if (comparison.effect_shrunk && raw->effect != 0) {
      // Shrunk by the factor t2 / (t2 + V), and so is its variance.
      const double factor = *comparison.effect_shrunk / raw->effect;
      const double half = z * error * std::sqrt(std::max(0.0, factor));
      shrunk_interval = {*comparison.effect_shrunk - half, *comparison.effect_shrunk + half};
    }
    effects.push_back(
        {{"arm", comparison.arm},
         {"effect", raw->effect},
         {"variance", raw->variance},
         {"interval", {raw->effect - z * error, raw->effect + z * error}},
         {"effect_shrunk", comparison.effect_shrunk ? Json(*comparison.effect_shrunk) : Json()},
         {"shrunk_interval", std::move(shrunk_interval)}});
  }
  return effects;
}

/// Pairs of ads that differ in one element only: one a comparison of an ad experiment.
struct MatchedPairs {
  std::vector<double> effects;
  std::vector<double> variances;
  bool is_randomised = true;
};

using ElementPair = std::pair<std::string, std::string>;  // from, to

std::string element_of(const store::ExperimentArm& arm, const std::string& dimension) {
  const Json value = arm.config.value(dimension, Json());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_pairs(const ExperimentRunner& runner, const store::Experiment& experiment,
               std::map<ElementPair, MatchedPairs>& pairs) {
  std::map<std::string, std::string> elements;
  for (const store::ExperimentArm& arm :
       store::experiment_arms(runner.session, runner.brand.id, experiment.id)) {
    elements[arm.arm] = element_of(arm, *experiment.test_variable);
  }
  for (const Json& effect : experiment.conclusion.at("effects")) {
    const std::string& from = elements[experiment.control_arm];
    const std::string& to = elements[effect.at("arm").get<std::string>()];
    for (const bool is_forward : {true, false}) {
      MatchedPairs& into = pairs[is_forward ? ElementPair(from, to) : ElementPair(to, from)];
      into.effects.push_back((is_forward ? 1 : -1) * effect.at("effect").get<double>());
      into.variances.push_back(effect.at("variance").get<double>());
      into.is_randomised = into.is_randomised && experiment.assignment == "platform_split";
    }
  }
}

/// The effect of the element, from this and earlier experiments that tested it.
void settle_elements(const ExperimentRunner& runner, const store::Experiment& experiment,
                     double alpha) {
  std::map<ElementPair, MatchedPairs> own;
  add_pairs(runner, experiment, own);
  std::map<ElementPair, MatchedPairs> all = own;
  std::vector<double> effects;
  std::vector<double> variances;
  for (const store::Experiment& past : store::experiments(runner.session, runner.brand.id)) {
    if (past.id == experiment.id || past.kind != "ads" || !past.conclusion.is_object() ||
        past.primary_metric != experiment.primary_metric) {
      continue;
    }
    for (const Json& effect : past.conclusion.at("effects")) {
      effects.push_back(effect.at("effect").get<double>());
      variances.push_back(effect.at("variance").get<double>());
    }
    if (past.test_variable == experiment.test_variable) add_pairs(runner, past, all);
  }
  for (const Json& effect : experiment.conclusion.at("effects")) {
    effects.push_back(effect.at("effect").get<double>());
    variances.push_back(effect.at("variance").get<double>());
  }
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, experiment.id);
  const auto control = std::find_if(
      arms.begin(), arms.end(), [&](const auto& arm) { return arm.arm == experiment.control_arm; });
  const std::string from = element_of(*control, *experiment.test_variable);
  for (const auto& [pair, matched] : own) {
    const MatchedPairs& found = all.at(pair);
    if (pair.first != from || found.effects.size() < kLeastPastEffects) continue;
    const stats::RandomEffects mean =
        stats::random_effects(found.effects, found.variances, 1 - alpha);
    const double spread = stats::paule_mandel(effects, variances);
    const double error2 = mean.error * mean.error;
    store::put_causal_effect(runner.session, runner.brand.id,
                             {.experiment_id = experiment.id,
                              .metric = *experiment.primary_metric,
                              .dimension = *experiment.test_variable,
                              .value = pair.second,
                              .compared_with = pair.first,
                              .effect = mean.mean,
                              .effect_low = mean.interval.lower,
                              .effect_high = mean.interval.upper,
                              .effect_shrunk = mean.mean * spread / (spread + error2),
                              .pairs = static_cast<std::int64_t>(found.effects.size()),
                              .evidence = found.is_randomised ? "randomised" : "quasi_experimental",
                              .document = {{"p_value", mean.p_value},
                                           {"tau2", mean.tau2},
                                           {"df", mean.df},
                                           {"scope", "element"}}},
                             runner.now);
  }
}

}  // namespace

StoredLook look_at_experiment(const ExperimentRunner& runner, const store::Experiment& experiment) {
  experiments::AnalysisOptions options;
  options.control = experiment.control_arm;
  options.is_classic = runner.is_classic;
  options.min_sample = experiment.min_sample;
  options.planned_n = experiment.planned_sample;
  options.baseline = experiment.baseline;
  options.effect_variance = effect_variance(runner, experiment);
  options.seed = runner.seed;
  const auto last = store::last_analysis(runner.session, runner.brand.id, experiment.id);
  if (last) options.past = past_of(last->document);
  options.look = last ? last->look + 1 : 1;

  StoredLook look;
  std::int64_t rows = 0;
  const auto analyse = [&] {
    if (experiment.kind == "ads") {
      options.metric = experiments::metric_named(*experiment.primary_metric);
      look.analysis = experiments::analyze_days(
          arms_of_days(runner, experiment, options.metric, rows), options);
    } else {
      options.split = experiment.split;
      options.assigned.clear();
      auto arms = arms_of_runs(runner, experiment, options.assigned);
      rows = 0;
      for (const auto& [arm, runs] : options.assigned) rows += runs;
      look.analysis = experiments::analyze(std::move(arms), options);
    }
    look.document = experiments::to_json(look.analysis);
  };
  analyse();
  look.is_new = !last || !is_same(last->document.at("arms"), look.document.at("arms"));
  if (!look.is_new) {
    // The same look again.
    options.look = last->look;
    analyse();
  }
  look.document["experiment_id"] = experiment.id;
  look.document["read"] = rows;
  look.document["rejected"] = 0;
  if (look.is_new) {
    store::insert_analysis(runner.session, runner.brand.id, experiment.id,
                           {.look = options.look, .document = look.document}, runner.now);
  }
  return look;
}

void conclude_with(const ExperimentRunner& runner, store::Experiment& experiment,
                   const StoredLook& look) {
  experiment.state = "completed";
  experiment.ended_at = runner.now;
  if (look.analysis.decision) {
    experiment.decision = std::string(experiments::name_of(*look.analysis.decision));
  }
  experiment.winner = look.analysis.winner;
  experiment.conclusion = {{"analysis", look.document},
                           {"analysis_version", "adgenome/analysis/v1"},
                           {"effects", effects_json(look.analysis)}};
  store::update_experiment(runner.session, runner.brand.id, experiment);
  if (experiment.kind == "ads") settle_elements(runner, experiment, look.analysis.alpha);
}

core::Json analyze_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  need_state(experiment, {"active", "deploying", "running", "analyzing"}, "analysed");
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  if (advance(runner.session, runner.brand.id, experiment, arms, runner.now)) {
    store::update_experiment(runner.session, runner.brand.id, experiment);
  }
  Json document = look_at_experiment(runner, experiment).document;
  if (!runner.is_dry_run) transaction.commit();
  return document;
}

core::Json conclude_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  advance(runner.session, runner.brand.id, experiment, arms, runner.now);
  need_state(experiment, {"active", "running", "analyzing"}, "concluded");
  conclude_with(runner, experiment, look_at_experiment(runner, experiment));
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment, arms);
}

core::Json experiment_effects(const ExperimentRunner& runner) {
  Json effects = Json::array();
  for (const store::CausalEffect& effect : store::causal_effects(runner.session, runner.brand.id)) {
    effects.push_back(
        {{"experiment_id", effect.experiment_id},
         {"metric", effect.metric},
         {"dimension", effect.dimension},
         {"value", effect.value},
         {"compared_with", effect.compared_with},
         {"effect", effect.effect},
         {"interval", {effect.effect_low, effect.effect_high}},
         {"effect_shrunk", effect.effect_shrunk ? Json(*effect.effect_shrunk) : Json()},
         {"pairs", effect.pairs},
         {"evidence", effect.evidence}});
  }
  Json reason;
  if (effects.empty()) reason = "no_element_has_five_matched_pairs";
  return {{"effects", std::move(effects)}, {"reason", reason}};
}

}  // namespace adgenome::app
