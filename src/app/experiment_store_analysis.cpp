#include "experiment_store_analysis.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "experiment_budget.hpp"
#include "experiment_document.hpp"
#include "run_arms.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using experiments::Metric;

constexpr std::size_t kLeastPastEffects = 5;

/// How the brand's effects of this kind scatter by themselves.
std::optional<double> effect_variance(const ExperimentRunner& runner,
                                      const store::Experiment& experiment,
                                      std::string_view metric) {
  std::vector<double> effects;
  std::vector<double> variances;
  for (const store::Experiment& past : store::experiments(runner.session, runner.brand.id)) {
    if (past.kind != experiment.kind || past.id == experiment.id || !past.conclusion.is_object() ||
        past.ended_at.value_or(store::kNewest) > runner.known_at.inputs ||
        decided_metric(past) != metric) {
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
  std::map<std::string, stats::SampleBuilder> values;
  std::map<std::string, std::vector<stats::Cluster>> clusters;
  for (const store::ExperimentArm& arm :
       store::experiment_arms(runner.session, runner.brand.id, experiment.id)) {
    values[arm.arm];
    assigned[arm.arm] = 0;
  }
  for (const RunResult& result :
       results_of_runs(runner.session, runner.brand.id, experiment.id, runner.known_at.inputs)) {
    const store::ExperimentRun& run = result.run;
    ++assigned[run.arm];
    const std::int64_t ads = result.ads.value_or(0);
    const std::int64_t approved = result.approved.value_or(0);
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
    case Metric::kClicksPerSpend:
      return {.numerator = clicks, .denominator = spend};
    case Metric::kRoas:
      break;
  }
  return {.numerator = static_cast<double>(day.conversion_value_micros) / 1e6,
          .denominator = spend};
}

/// What the arms of an ad experiment delivered while it ran.
std::vector<store::ArmDay> delivered_days(const ExperimentRunner& runner,
                                          const store::Experiment& experiment) {
  std::vector<store::ArmDay> days;
  if (!experiment.running_from) return days;
  std::map<std::string, std::string> currencies;
  const core::Day end =
      std::min(core::day_of(runner.now),
               *experiment.running_from + std::chrono::days{experiment.days.value_or(14)});
  for (store::ArmDay& day : store::arm_days(runner.session, runner.brand.id, experiment.id,
                                            runner.performance_at(), runner.known_at.inputs)) {
    if (day.day < *experiment.running_from || day.day >= end) continue;
    currencies.emplace(day.currency, day.arm);
    days.push_back(std::move(day));
  }
  if (currencies.size() > 1) {
    throw core::InvalidInput("two currencies in experiment " + experiment.id + ": " +
                             currencies.begin()->first + " and " + currencies.rbegin()->first);
  }
  return days;
}

std::vector<experiments::DayArm> arms_by(const std::vector<store::ExperimentArm>& list,
                                         const std::vector<store::ArmDay>& days, core::Day first,
                                         Metric metric) {
  const auto place = [&](const store::ArmDay& day) {
    return static_cast<std::size_t>((day.day - first).count());
  };
  std::size_t count = 0;
  for (const store::ArmDay& day : days) count = std::max(count, place(day) + 1);
  std::vector<experiments::DayArm> arms;
  for (const store::ExperimentArm& arm : list) {
    experiments::DayArm own{.name = arm.arm,
                            .days = std::vector<stats::DayTotals>(count),
                            .impressions = std::vector<double>(count),
                            .events = std::vector<double>(count)};
    for (const store::ArmDay& day : days) {
      if (day.arm != arm.arm) continue;
      own.days[place(day)] = totals_of(day, metric);
      own.impressions[place(day)] = static_cast<double>(day.impressions);
      own.events[place(day)] = static_cast<double>(day.conversions_millionths) / 1e6;
    }
    arms.push_back(std::move(own));
  }
  return arms;
}

/// As planned, but by the rate where the platform told of impressions and not of their price.
Metric deciding_metric(const ExperimentRunner& runner, const store::Experiment& experiment,
                       const std::vector<store::ArmDay>& days) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> delivered;
  for (const store::ArmDay& day : days) {
    delivered[day.arm].first += day.impressions;
    delivered[day.arm].second += day.spend_micros;
  }
  const bool is_spend_known = std::all_of(delivered.begin(), delivered.end(), [](const auto& arm) {
    const auto [impressions, spend] = arm.second;
    return impressions == 0 || spend > 0;
  });
  return is_spend_known ? planned_metric(runner, experiment)
                        : experiments::metric_named(*experiment.primary_metric);
}

/// The metric that decides, and those others of which anything happened.
std::vector<experiments::MetricArms> metrics_of(const ExperimentRunner& runner,
                                                const store::Experiment& experiment,
                                                const std::vector<store::ArmDay>& days) {
  const auto list = store::experiment_arms(runner.session, runner.brand.id, experiment.id);
  const core::Day first = experiment.running_from.value_or(core::Day{});
  const Metric deciding = deciding_metric(runner, experiment, days);
  std::vector<experiments::MetricArms> metrics = {
      {.metric = deciding, .arms = arms_by(list, days, first, deciding)}};
  for (const Metric metric : {Metric::kLinkCtr, Metric::kConversionRate, Metric::kCpa,
                              Metric::kRoas, Metric::kClicksPerSpend}) {
    const bool has_any = std::any_of(days.begin(), days.end(), [&](const store::ArmDay& day) {
      return totals_of(day, metric).numerator > 0;
    });
    if (metric == deciding || !has_any) continue;
    metrics.push_back({.metric = metric, .arms = arms_by(list, days, first, metric)});
  }
  return metrics;
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

}  // namespace

std::string decided_metric(const store::Experiment& concluded) {
  const Json& metric = concluded.conclusion.at("analysis").at("metric");
  return metric.is_string() ? metric.get<std::string>() : "";
}

StoredLook look_at_experiment(const ExperimentRunner& runner, const store::Experiment& experiment,
                              const experiments::AnalysisOptions* asked) {
  experiments::AnalysisOptions options;
  options.control = experiment.control_arm;
  options.is_classic = runner.is_classic;
  options.min_sample = experiment.min_sample;
  options.planned_n = experiment.planned_sample;
  options.baseline = experiment.baseline;
  options.seed = runner.seed;
  const auto last =
      store::last_analysis(runner.session, runner.brand.id, experiment.id, runner.known_at.own);
  if (last) options.past = past_of(last->document);
  options.look = last ? last->look + 1 : 1;

  const bool is_of_ads = experiment.kind == "ads";
  std::vector<experiments::MetricArms> metrics;
  std::int64_t read = 0;
  if (is_of_ads) {
    const std::vector<store::ArmDay> days = delivered_days(runner, experiment);
    read = static_cast<std::int64_t>(days.size());
    metrics = metrics_of(runner, experiment, days);
  }
  options.has_runs = !is_of_ads;
  if (experiment.days) options.planned_days = *experiment.days;
  options.effect_variance = effect_variance(
      runner, experiment, is_of_ads ? experiments::name_of(metrics.front().metric) : "");

  StoredLook look;
  const auto analyse = [&] {
    if (is_of_ads) {
      look.analysis = experiments::analyze_metrics(metrics, options);
    } else {
      options.split = experiment.split;
      options.assigned.clear();
      auto arms = arms_of_runs(runner, experiment, options.assigned);
      read = 0;
      for (const auto& [arm, runs] : options.assigned) read += runs;
      look.analysis = experiments::analyze(std::move(arms), options);
    }
    look.document = experiments::to_json(look.analysis);
    look.document["experiment_id"] = experiment.id;
    if (is_of_ads) look.document["primary_metric"] = *experiment.primary_metric;
    look.document["evidence"] =
        experiment.assignment == "separate_ad_sets" ? "quasi_experimental" : "randomised";
    look.document["read"] = read;
    look.document["rejected"] = 0;
  };
  analyse();
  look.is_new = !last || !is_same(last->document.at("arms"), look.document.at("arms"));
  if (!look.is_new) {
    // The same look again.
    options.look = last->look;
    analyse();
  }
  if (look.is_new && !runner.known_at.is_past()) {
    store::insert_analysis(runner.session, runner.brand.id, experiment.id,
                           {.look = options.look, .document = look.document}, runner.now);
  }
  if (asked != nullptr) {
    // What is kept is the look as it always is.
    options.method = asked->method;
    options.parts = asked->parts;
    options.non_inferiority = asked->non_inferiority;
    options.non_inferiority_confidence = asked->non_inferiority_confidence;
    options.monte_carlo = asked->monte_carlo;
    options.srm_min_deviation = asked->srm_min_deviation;
    analyse();
  }
  return look;
}

core::Json analyze_experiment(const ExperimentRunner& runner, const std::string& id,
                              const experiments::AnalysisOptions& asked) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = known_experiment(runner, id);
  need_state(experiment, {"active", "deploying", "running", "analyzing"}, "analysed");
  const auto arms =
      store::experiment_arms(runner.session, runner.brand.id, id, runner.known_at.inputs);
  if (advance(runner, experiment, arms) && !runner.known_at.is_past()) {
    store::update_experiment(runner.session, runner.brand.id, experiment);
  }
  Json document = look_at_experiment(runner, experiment, &asked).document;
  if (experiment.kind == "generation") {
    const auto results =
        results_of_runs(runner.session, runner.brand.id, id, runner.known_at.inputs);
    document["runs"] = runs_json(results);
    document["override_rates"] = override_rates_json(results);
  }
  if (!runner.is_dry_run) transaction.commit();
  return document;
}

core::Json conclude_experiment(const ExperimentRunner& runner, const std::string& id) {
  store::Transaction transaction(runner.session);
  transaction.lock("experiments/" + runner.brand.id);
  store::Experiment experiment = experiment_of(runner.session, runner.brand.id, id);
  const auto arms = store::experiment_arms(runner.session, runner.brand.id, id);
  advance(runner, experiment, arms);
  need_state(experiment, {"active", "running", "analyzing"}, "concluded");
  conclude_with(runner, experiment, look_at_experiment(runner, experiment));
  if (!runner.is_dry_run) transaction.commit();
  return experiment_document(experiment, arms);
}

core::Json experiment_effects(const ExperimentRunner& runner) {
  Json effects = Json::array();
  std::set<std::tuple<std::string, std::string, std::set<std::string>>> known;
  for (const store::CausalEffect& effect : store::causal_effects(runner.session, runner.brand.id)) {
    // A later one of the same two values, either way round, holds the pairs of this one too.
    if (!known.insert({effect.metric, effect.dimension, {effect.value, effect.compared_with}})
             .second) {
      continue;
    }
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
