#include <adgenome/learning/cold_start.hpp>
#include <adgenome/learning/reward.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {
namespace {

using std::chrono::days;

constexpr auto kFirstWeeks = days(14);
constexpr auto kFirstMonth = days(30);
constexpr auto kProvisionalAge = days(3);
constexpr std::int64_t kProvisionalImpressions = 500;
constexpr double kOwnObservations = 100;
constexpr double kGreatestOwnShare = 0.8;
constexpr double kPriorObservations = 10;
constexpr double kMostExploration = 0.30;
constexpr std::int64_t kFewAds = 30;

/// The Beta distribution with this mean and variance.
Belief with_moments(double mean, double variance) {
  const double sum = mean * (1 - mean) / variance - 1;
  return {.alpha = mean * sum, .beta = (1 - mean) * sum};
}

double click_cost(const AdOutcome& outcome, double clicks) {
  return static_cast<double>(outcome.spend_micros) / 1e6 / clicks;
}

bool has_evidence(const AdOutcome& outcome, core::Day today) {
  return outcome.first_delivery && *outcome.first_delivery + kProvisionalAge <= today &&
         outcome.impressions >= kProvisionalImpressions && outcome.clicks;
}

}  // namespace

ColdStart cold_start(const std::optional<core::Day>& first_delivery, core::Day today) {
  if (!first_delivery || *first_delivery > today) return ColdStart::kNoData;
  const auto age = today - *first_delivery;
  if (age < kFirstWeeks) return ColdStart::kFirstWeeks;
  return age < kFirstMonth ? ColdStart::kFirstMonth : ColdStart::kOwnData;
}

Belief belief(const ElementScore& score, const std::optional<BetaPrior>& prior, ColdStart level) {
  const Belief own{score.alpha, score.beta};
  if (!prior) return own;
  const Belief before{prior->alpha, prior->beta};
  if (level == ColdStart::kNoData || score.observations == 0) return before;
  if (level == ColdStart::kFirstWeeks) return own;
  if (level == ColdStart::kFirstMonth) {
    const double share =
        std::min(static_cast<double>(score.observations) / kOwnObservations, kGreatestOwnShare);
    return with_moments(
        share * own.mean() + (1 - share) * before.mean(),
        share * share * own.variance() + (1 - share) * (1 - share) * before.variance());
  }
  return {.alpha = kPriorObservations * before.mean() + score.alpha - 1,
          .beta = kPriorObservations * (1 - before.mean()) + score.beta - 1};
}

ComponentBaseline click_cost_baseline(std::span<const AdOutcome> outcomes, core::Day today) {
  std::vector<double> costs;
  for (const AdOutcome& outcome : outcomes) {
    if (!has_evidence(outcome, today) || *outcome.clicks == 0) continue;
    const double cost = click_cost(outcome, static_cast<double>(*outcome.clicks));
    if (cost > 0) costs.push_back(cost);
  }
  return quartiles_of(std::move(costs), BaselineSource::kBrand)
      .value_or(ComponentBaseline{.p25 = 0.30, .p75 = 1.50});
}

std::optional<ProvisionalReward> provisional_reward(const AdOutcome& outcome,
                                                    const Baseline& baseline,
                                                    const ComponentBaseline& cost,
                                                    core::Day today) {
  if (!has_evidence(outcome, today)) return std::nullopt;
  const bool is_classic = baseline.rules == Rules::kClassic;
  const ComponentBaseline& ctr = baseline.components[Component::kCtr];
  const double clicks = static_cast<double>(*outcome.clicks) + (is_classic ? 0 : 0.5);
  const double rate = clicks / static_cast<double>(outcome.impressions);
  if (is_classic) {
    // Without a click the cost of one is beyond every quartile.
    const double cheap =
        clicks > 0 ? 1 - normalise_linear(click_cost(outcome, clicks), cost.p25, cost.p75) : 0;
    return ProvisionalReward{.reward = (normalise_linear(rate, ctr.p25, ctr.p75) + cheap) / 2};
  }
  const double paid = click_cost(outcome, clicks);
  const double cheap = 1 - normalise(paid, cost.p25, cost.p75);
  // Both go by the same clicks, so their errors add up.
  const double log_sd = 1 / std::sqrt(clicks);
  const double cost_sd = paid > 0 ? normalised_sd(paid, log_sd, cost.p25, cost.p75) : 0;
  const double sd = (normalised_sd(rate, log_sd, ctr.p25, ctr.p75) + cost_sd) / 2;
  return ProvisionalReward{.reward = (normalise(rate, ctr.p25, ctr.p75) + cheap) / 2,
                           .weight = learner_weight(sd)};
}

bool may_be_provisional(const AdOutcome& outcome, core::Day brand_first_delivery, core::Day today) {
  return outcome.first_delivery &&
         *outcome.first_delivery + kProvisionalAge <= brand_first_delivery + kFirstWeeks &&
         today < brand_first_delivery + kFirstMonth;
}

double exploration_rate(std::int64_t matured_ads) {
  return std::max(0.05, kMostExploration * std::exp(-static_cast<double>(matured_ads) / 100));
}

double forced_exploration(std::int64_t matured_ads) {
  return matured_ads < kFewAds ? kMostExploration : exploration_rate(matured_ads);
}

}  // namespace adgenome::learning
