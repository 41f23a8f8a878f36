#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/baseline.hpp>
#include <adgenome/learning/element_prior.hpp>
#include <cstdint>
#include <optional>
#include <span>

namespace adgenome::learning {

/// How much a brand's own data says yet, by days since its first delivery: 0 none, 1 until day 14,
/// 2 until day 30, 3 after.
enum class ColdStart { kNoData, kFirstWeeks, kFirstMonth, kOwnData };
inline int number_of(ColdStart level) {
  return static_cast<int>(level);
}

ColdStart cold_start(const std::optional<core::Day>& first_delivery, core::Day today);

/// Level 0: the prior. 1: the brand's own posterior. 2: w own + (1 - w) prior with
/// w = min(observations / 100, 0.8), as the Beta distribution with the mean and variance of that
/// mixture of two means. 3: the prior counts as 10 observations. Without a prior the own posterior;
/// an element without observations: the prior.
Belief belief(const ElementScore& score, const std::optional<BetaPrior>& prior, ColdStart level);

/// A reward for the first weeks of a brand, until the real one takes its place.
struct ProvisionalReward {
  double reward = 0;
  double weight = 1;
};

/// Quartiles of what a click cost, in the major unit: those of the brand's ads where 20 have the
/// evidence, else 0.30 and 1.50.
ComponentBaseline click_cost_baseline(std::span<const AdOutcome> outcomes, core::Day today);

/// The mean of the normalised link click rate and the normalised cost of a click (lower is better)
/// of an ad with 3 days and 500 impressions; robust: half a click more, and the weight of its
/// uncertainty; nothing where clicks are not known.
std::optional<ProvisionalReward> provisional_reward(const AdOutcome& outcome,
                                                    const Baseline& baseline,
                                                    const ComponentBaseline& click_cost,
                                                    core::Day today);

/// Whether an ad may have one: it was three days old within the brand's first 14 days, and the
/// brand's first month is not over.
bool may_be_provisional(const AdOutcome& outcome, core::Day brand_first_delivery, core::Day today);

/// How often a choice is made at random: max(0.05, 0.30 exp(-matured / 100)).
double exploration_rate(std::int64_t matured_ads);

/// The same for what ads are made of: 0.30 as long as fewer than 30 ads are matured.
double forced_exploration(std::int64_t matured_ads);

}  // namespace adgenome::learning
