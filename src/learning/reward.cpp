#include <adgenome/learning/reward.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {
namespace {

constexpr double kWeightScale = 0.05;
constexpr double kGreatestSd = 0.5;
constexpr double kNormal975 = 1.959963984540054;
// Page 6.1 writes 1.0986: the logit of 0.75, with which the quartiles give 0.25 and 0.75 exactly.
constexpr double kQuartileLogit = 1.0986122886681098;  // ln 3

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

/// The logit of where `x` stands between the quartiles.
double place_of(double x, double p25, double p75) {
  const double low = std::log(p25);
  const double high = std::log(p75);
  return kQuartileLogit * (2 * std::log(x) - low - high) / (high - low);
}

/// Why an ad has no reward.
std::string missing_reason(const AdOutcome& outcome, const Reward& reward) {
  if (!outcome.first_delivery) return "no_delivery";
  if (reward.coverage.value_or(0) > 0) return "coverage";
  const bool is_waiting =
      std::any_of(reward.components.values.begin(), reward.components.values.end(),
                  [](const ComponentReward& c) {
                    return c.target_weight > 0 && c.state == Maturity::kMaturing;
                  });
  return is_waiting ? "too_young" : "not_enough_evidence";
}

/// Whether the component takes part in the reward: it is final, or what is late was estimated.
bool counts(const ComponentReward& part) {
  return part.state == Maturity::kFinal || part.estimated;
}

/// Places a rate in the baseline's distribution.
void place_rate(Component component, double rate, double log_sd, const Baseline& baseline,
                ComponentReward& part) {
  const ComponentBaseline& from = baseline.components[component];
  const bool is_classic = baseline.rules == Rules::kClassic;
  const double place =
      is_classic ? normalise_linear(rate, from.p25, from.p75) : normalise(rate, from.p25, from.p75);
  part.normalised = component == Component::kCpm ? 1 - place : place;
  part.normalised_sd = is_classic ? 0 : normalised_sd(rate, log_sd, from.p25, from.p75);
}

ComponentReward compute_component(Component component, const AdOutcome& outcome,
                                  const BrandModel& model, const Baseline& baseline,
                                  core::Day today) {
  ComponentReward result;
  if (!model.delivers(component) || !outcome.is_deliverable[component]) return result;
  const RateEstimate rate = estimate(component, outcome, model, baseline.rules);
  result.raw = rate.raw;
  result.shrunk = rate.shrunk;
  result.expected_events = rate.expected_events;
  result.state = Maturity::kImmature;
  if (!rate.value) return result;
  if (component == Component::kCtr && outcome.standardised_clicks) {
    result.standardised =
        outcome.standardised_clicks->events / outcome.standardised_clicks->exposure;
  }
  place_rate(component, *rate.value, rate.log_sd, baseline, result);
  if (!rate.has_evidence || !outcome.first_delivery) return result;
  const bool is_old = final_from(component, outcome) <= today;
  result.state = is_old ? Maturity::kFinal : Maturity::kMaturing;
  if (!is_old && rate.final_value) {
    const double half = kNormal975 * rate.final_log_sd;
    const auto& reported =
        component == Component::kCtr ? outcome.reported_clicks : outcome.reported_conversions;
    result.estimated = {
        .value = *rate.final_value,
        .interval = {*rate.final_value * std::exp(-half), *rate.final_value * std::exp(half)},
        .reported_share = reported->share};
    place_rate(component, *rate.final_value, rate.final_log_sd, baseline, result);
  }
  return result;
}

/// Conversions and orders are the same purchases: their errors add up; clicks are others.
double combined_sd(const PerComponent<ComponentReward>& components) {
  const auto part = [&](Component component) {
    return components[component].weight * components[component].normalised_sd;
  };
  return std::hypot(part(Component::kCtr), part(Component::kConversion) + part(Component::kRoas),
                    part(Component::kCpm));
}

Reward compute_reward(const AdOutcome& outcome, const BrandModel& model, const Baseline& baseline,
                      core::Day today, const ObjectiveTable& objectives) {
  Reward result;
  result.ad_id = outcome.ad_id;
  result.objective = canonical_objective(outcome.objective);
  const PerComponent<double> weights = objectives.weights(result.objective);
  double deliverable = 0;
  double present = 0;
  bool is_final = true;
  bool is_under_way = false;
  for (const Component component : kComponents) {
    ComponentReward& at = result.components[component];
    at = compute_component(component, outcome, model, baseline, today);
    at.target_weight = weights[component];
    if (at.target_weight == 0 || !at.state) continue;
    deliverable += at.target_weight;
    if (counts(at)) present += at.target_weight;
    is_final = is_final && at.state == Maturity::kFinal;
    is_under_way = is_under_way || at.state != Maturity::kImmature;
  }
  if (deliverable > 0) result.coverage = present / deliverable;
  if (is_under_way) result.state = is_final ? Maturity::kFinal : Maturity::kMaturing;
  if (present == 0 || *result.coverage < outcome.maturity.coverage) {
    result.reason = missing_reason(outcome, result);
    return result;
  }
  double sum = 0;
  for (const Component component : kComponents) {
    ComponentReward& at = result.components[component];
    if (!counts(at) || at.target_weight == 0) continue;
    at.weight = at.target_weight / present;
    sum += at.weight * *at.normalised;
    result.is_estimated = result.is_estimated || at.estimated;
    const core::Day day = final_from(component, outcome);
    result.matured_at = std::max(result.matured_at.value_or(day), day);
  }
  result.reward = std::clamp(sum, 0.0, 1.0);
  if (baseline.rules == Rules::kClassic) {
    result.weight = 1;
  } else {
    result.reward_sd = combined_sd(result.components);
    result.weight = learner_weight(*result.reward_sd);
  }
  return result;
}

}  // namespace

std::string_view name_of(Maturity state) {
  switch (state) {
    case Maturity::kImmature:
      return "immature";
    case Maturity::kMaturing:
      return "maturing";
    case Maturity::kFinal:
      return "final";
  }
  return "";
}

double normalise(double x, double p25, double p75) {
  if (p25 == p75) return 0.5;
  return logistic(place_of(x, p25, p75));
}

double normalise_linear(double x, double p25, double p75) {
  if (p25 == p75) return 0.5;
  return std::clamp((x - p25) / (p75 - p25), 0.0, 1.0);
}

double normalised_sd(double x, double log_sd, double p25, double p75) {
  if (log_sd == 0) return 0;
  if (p25 == p75) return kGreatestSd;
  const double center = place_of(x, p25, p75);
  const double scale = 2 * kQuartileLogit * log_sd / (std::log(p75) - std::log(p25));
  // Moments by the trapezoidal rule over the standard normal, which converges exponentially.
  constexpr double kStep = 0.125;
  constexpr int kSteps = 56;
  double mass = 0;
  double sum = 0;
  double squares = 0;
  for (int i = -kSteps; i <= kSteps; ++i) {
    const double z = kStep * i;
    const double density = std::exp(-z * z / 2);
    const double value = logistic(center + scale * z);
    mass += density;
    sum += density * value;
    squares += density * value * value;
  }
  const double mean = sum / mass;
  return std::sqrt(std::max(0.0, squares / mass - mean * mean));
}

double learner_weight(double reward_sd) {
  return kWeightScale / (kWeightScale + reward_sd * reward_sd);
}

std::vector<Reward> compute_rewards(std::span<const AdOutcome> outcomes, const BrandModel& model,
                                    const Baseline& baseline, core::Day today,
                                    const ObjectiveTable& objectives) {
  std::vector<Reward> rewards;
  rewards.reserve(outcomes.size());
  for (const AdOutcome& outcome : outcomes) {
    rewards.push_back(compute_reward(outcome, model, baseline, today, objectives));
  }
  return rewards;
}

bool has_late_data(const Reward& kept, const Reward& computed) {
  return std::any_of(kComponents.begin(), kComponents.end(), [&](Component component) {
    const ComponentReward& before = kept.components[component];
    const ComponentReward& after = computed.components[component];
    return after.target_weight > 0 &&
           (before.raw != after.raw || before.standardised != after.standardised ||
            before.state != after.state);
  });
}

bool is_revised(double kept, double computed, double tolerance) {
  return std::abs(kept - computed) > tolerance;
}

Reward review_reward(std::string ad_id, bool is_approved, core::Day reviewed_at) {
  return {.ad_id = std::move(ad_id),
          .objective = "UNKNOWN",
          .components = {},
          .state = Maturity::kFinal,
          .reason = std::nullopt,
          .reward = is_approved ? 1.0 : 0.0,
          .reward_sd = 0.0,
          .weight = 1.0,
          .coverage = std::nullopt,
          .matured_at = reviewed_at};
}

}  // namespace adgenome::learning
