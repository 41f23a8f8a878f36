#include <adgenome/stats/ratios.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "experiment_store_analysis.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::size_t kLeastPairs = 5;

/// An effect with its variance.
struct RawEffect {
  double effect = 0;
  double variance = 0;
  double df = 0;
};

/// The raw effect of a comparison that is stored, with its variance.
std::optional<RawEffect> raw_effect(const experiments::Comparison& comparison) {
  if (comparison.day_sums) {
    return RawEffect{.effect = comparison.day_sums->log_ratio,
                     .variance = comparison.day_sums->error * comparison.day_sums->error,
                     .df = comparison.day_sums->df};
  }
  if (comparison.cluster && comparison.cluster->error) {
    return RawEffect{.effect = comparison.cluster->difference,
                     .variance = *comparison.cluster->error * *comparison.cluster->error,
                     .df = *comparison.cluster->df};
  }
  return std::nullopt;
}

Json effects_json(const experiments::Analysis& analysis) {
  Json effects = Json::array();
  for (const experiments::Comparison& comparison : analysis.comparisons) {
    const auto raw = raw_effect(comparison);
    if (!raw) continue;
    const double error = std::sqrt(raw->variance);
    // As wide as the test that decided.
    const double t = -stats::student_t_quantile(analysis.alpha / 2, raw->df);
    Json shrunk_interval;
    if (comparison.effect_shrunk && raw->effect != 0) {
      // Shrunk by the factor t2 / (t2 + V), and so is its variance.
      const double factor = *comparison.effect_shrunk / raw->effect;
      const double half = t * error * std::sqrt(std::max(0.0, factor));
      shrunk_interval = {*comparison.effect_shrunk - half, *comparison.effect_shrunk + half};
    }
    effects.push_back(
        {{"arm", comparison.arm},
         {"effect", raw->effect},
         {"variance", raw->variance},
         {"interval", {raw->effect - t * error, raw->effect + t * error}},
         {"effect_shrunk", comparison.effect_shrunk ? Json(*comparison.effect_shrunk) : Json()},
         {"shrunk_interval", std::move(shrunk_interval)}});
  }
  return effects;
}

/// Pairs of ads that differ in one element only, by their ads. Tests of the same two ads are one
/// pair, their effects weighted by the inverse of their variances.
struct MatchedPairs {
  struct Pooled {
    double weight = 0;
    double weighted = 0;
  };
  std::map<std::pair<std::string, std::string>, Pooled> by_ads;
  bool is_randomised = true;

  std::vector<double> effects() const {
    std::vector<double> list;
    for (const auto& [ads, pooled] : by_ads) list.push_back(pooled.weighted / pooled.weight);
    return list;
  }
  std::vector<double> variances() const {
    std::vector<double> list;
    for (const auto& [ads, pooled] : by_ads) list.push_back(1 / pooled.weight);
    return list;
  }
};

using ElementPair = std::pair<std::string, std::string>;  // from, to

std::string element_of(const store::ExperimentArm& arm, const std::string& dimension) {
  const Json value = arm.config.value(dimension, Json());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_pairs(const ExperimentRunner& runner, const store::Experiment& experiment,
               std::map<ElementPair, MatchedPairs>& pairs) {
  std::map<std::string, std::string> elements;
  std::map<std::string, std::string> ads;
  for (const store::ExperimentArm& arm :
       store::experiment_arms(runner.session, runner.brand.id, experiment.id)) {
    elements[arm.arm] = element_of(arm, *experiment.test_variable);
    ads[arm.arm] = arm.ad_id;
  }
  for (const Json& effect : experiment.conclusion.at("effects")) {
    const std::string arm = effect.at("arm").get<std::string>();
    ElementPair of_elements(elements[experiment.control_arm], elements[arm]);
    std::pair<std::string, std::string> of_ads(ads[experiment.control_arm], ads[arm]);
    const double weight = 1 / effect.at("variance").get<double>();
    double weighted = weight * effect.at("effect").get<double>();
    for (int direction = 0; direction < 2; ++direction) {
      MatchedPairs& into = pairs[of_elements];
      MatchedPairs::Pooled& pooled = into.by_ads[of_ads];
      pooled.weight += weight;
      pooled.weighted += weighted;
      std::swap(of_elements.first, of_elements.second);
      std::swap(of_ads.first, of_ads.second);
      weighted = -weighted;
      into.is_randomised = into.is_randomised && experiment.assignment == "platform_split";
    }
  }
}

/// The effect of the element, from this and earlier experiments that tested it.
void settle_elements(const ExperimentRunner& runner, const store::Experiment& experiment,
                     double alpha) {
  const std::string metric = decided_metric(experiment);
  std::map<ElementPair, MatchedPairs> own;
  add_pairs(runner, experiment, own);
  std::map<ElementPair, MatchedPairs> all = own;
  std::vector<double> effects;
  std::vector<double> variances;
  for (const store::Experiment& past : store::experiments(runner.session, runner.brand.id)) {
    if (past.id == experiment.id || past.kind != "ads" || !past.conclusion.is_object() ||
        decided_metric(past) != metric) {
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
    if (pair.first != from || found.by_ads.size() < kLeastPairs) continue;
    const stats::RandomEffects mean =
        stats::random_effects(found.effects(), found.variances(), 1 - alpha);
    const double spread = stats::paule_mandel(effects, variances);
    const double error2 = mean.error * mean.error;
    store::put_causal_effect(runner.session, runner.brand.id,
                             {.experiment_id = experiment.id,
                              .metric = metric,
                              .dimension = *experiment.test_variable,
                              .value = pair.second,
                              .compared_with = pair.first,
                              .effect = mean.mean,
                              .effect_low = mean.interval.lower,
                              .effect_high = mean.interval.upper,
                              .effect_shrunk = mean.mean * spread / (spread + error2),
                              .pairs = static_cast<std::int64_t>(found.by_ads.size()),
                              .evidence = found.is_randomised ? "randomised" : "quasi_experimental",
                              .document = {{"p_value", mean.p_value},
                                           {"tau2", mean.tau2},
                                           {"df", mean.df},
                                           {"scope", "element"}}},
                             runner.now);
  }
}

}  // namespace

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

}  // namespace adgenome::app
