#include <adgenome/learning/genome.hpp>
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <tuple>
#include <utility>

namespace adgenome::learning {
namespace {

constexpr double kImportedWeight = 0.3;
constexpr double kClassicSuccess = 0.5;
constexpr std::int64_t kFewestRuns = 5;
constexpr double kNoVariance = 1e-18;  // what rounding leaves of equal rewards

/// Rewards in the order of their ads, so that sums do not depend on the order given.
std::vector<const TaggedReward*> in_order(std::span<const TaggedReward> rewards) {
  std::vector<const TaggedReward*> sorted;
  sorted.reserve(rewards.size());
  for (const TaggedReward& reward : rewards) sorted.push_back(&reward);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->ad_id < b->ad_id; });
  return sorted;
}

/// An ad without a run has one of its own; the blank keeps it apart from runs of that name.
std::string run_of(const TaggedReward& reward) {
  return reward.run.empty() ? " " + reward.ad_id : reward.run;
}

}  // namespace

Interval credible_interval(double alpha, double beta) {
  return {.low = boost::math::ibeta_inv(alpha, beta, 0.025),
          .high = boost::math::ibeta_inv(alpha, beta, 0.975)};
}

Icc fit_icc(std::span<const TaggedReward> rewards) {
  struct Run {
    double ads = 0;
    double sum = 0;
  };
  const std::vector<const TaggedReward*> sorted = in_order(rewards);
  std::map<std::string, Run> runs;
  double sum = 0;
  for (const TaggedReward* reward : sorted) {
    Run& run = runs[run_of(*reward)];
    run.ads += 1;
    run.sum += reward->reward;
    sum += reward->reward;
  }
  Icc result;
  for (const auto& [name, run] : runs) result.runs += run.ads >= 2;
  if (result.runs < kFewestRuns) return result;

  const double count = static_cast<double>(sorted.size());
  const double groups = static_cast<double>(runs.size());
  const double mean = sum / count;
  double between = 0;
  double squared_sizes = 0;
  for (const auto& [name, run] : runs) {
    const double difference = run.sum / run.ads - mean;
    between += run.ads * difference * difference;
    squared_sizes += run.ads * run.ads;
  }
  double within = 0;
  for (const TaggedReward* reward : sorted) {
    const Run& run = runs[run_of(*reward)];
    const double difference = reward->reward - run.sum / run.ads;
    within += difference * difference;
  }
  const double between_square = between / (groups - 1);
  const double within_square = within / (count - groups);
  const double size = (count - squared_sizes / count) / (groups - 1);
  const double total = between_square + (size - 1) * within_square;
  if (total < kNoVariance) return result;
  result.value = std::clamp((between_square - within_square) / total, 0.0, 1.0);
  result.is_fitted = true;
  return result;
}

double Discount::share_of(const std::optional<core::Day>& day) const {
  if (!day) return 1;
  const double weeks = static_cast<double>((today - *day).count()) / 7;
  return std::exp2(-std::max(0.0, weeks) / half_life_weeks);
}

std::vector<Credit> credits_of(std::span<const TaggedReward> rewards, double icc, Rules rules) {
  std::map<std::string, std::int64_t> ads_of_run;
  for (const TaggedReward& reward : rewards) ++ads_of_run[run_of(reward)];
  std::vector<Credit> credits;
  credits.reserve(rewards.size());
  for (const TaggedReward& reward : rewards) {
    const double imported = reward.is_imported ? kImportedWeight : 1;
    if (rules == Rules::kClassic) {
      const bool is_success = reward.reward >= kClassicSuccess;
      credits.push_back({is_success ? imported : 0, is_success ? 0 : imported});
      continue;
    }
    const double others = static_cast<double>(ads_of_run[run_of(reward)] - 1);
    const double weight = reward.weight * imported / (1 + others * icc);
    credits.push_back({weight * reward.reward, weight * (1 - reward.reward)});
  }
  return credits;
}

std::vector<ElementEvent> element_events(std::span<const TaggedReward> rewards, double icc,
                                         Rules rules) {
  const std::vector<Credit> credits = credits_of(rewards, icc, rules);
  std::vector<ElementEvent> events;
  for (const TaggedReward* reward : in_order(rewards)) {
    const Credit& credit = credits[static_cast<std::size_t>(reward - rewards.data())];
    const auto add = [&](const std::string& scope) {
      for (const auto& [dimension, value] : reward->tags) {
        events.push_back({.ad_id = reward->ad_id,
                          .element = {.scope = scope, .dimension = dimension, .value = value},
                          .alpha = credit.alpha,
                          .beta = credit.beta,
                          .day = reward->day});
      }
    };
    add("");
    if (!reward->product_id.empty()) add(reward->product_id);
  }
  return events;
}

std::vector<ElementScore> sum_events(std::vector<ElementEvent> events,
                                     const std::optional<Discount>& discount) {
  std::sort(events.begin(), events.end(), [](const ElementEvent& a, const ElementEvent& b) {
    return std::tie(a.element, a.ad_id) < std::tie(b.element, b.ad_id);
  });
  std::vector<ElementScore> scores;
  double alpha = 0;
  double beta = 0;
  for (const ElementEvent& event : events) {
    if (scores.empty() || scores.back().element != event.element) {
      scores.push_back({.element = event.element});
      alpha = beta = 0;
    }
    const double share = discount ? discount->share_of(event.day) : 1;
    alpha += share * event.alpha;
    beta += share * event.beta;
    scores.back().alpha = 1 + alpha;
    scores.back().beta = 1 + beta;
    ++scores.back().observations;
  }
  return scores;
}

std::vector<ElementScore> score_elements(std::span<const TaggedReward> rewards, double icc,
                                         Rules rules, const std::optional<Discount>& discount) {
  struct Sum {
    Credit credit;
    std::int64_t observations = 0;
  };
  const std::vector<Credit> credits = credits_of(rewards, icc, rules);
  std::map<std::string, std::map<std::string, Sum>> sums;
  for (const TaggedReward* reward : in_order(rewards)) {
    const Credit& credit = credits[static_cast<std::size_t>(reward - rewards.data())];
    const double share = discount ? discount->share_of(reward->day) : 1;
    for (const auto& [dimension, value] : reward->tags) {
      Sum& sum = sums[dimension][value];
      sum.credit.alpha += share * credit.alpha;
      sum.credit.beta += share * credit.beta;
      ++sum.observations;
    }
  }
  std::vector<ElementScore> scores;
  for (const auto& [dimension, values] : sums) {
    for (const auto& [value, sum] : values) {
      scores.push_back({.element = {.scope = "", .dimension = dimension, .value = value},
                        .alpha = 1 + sum.credit.alpha,
                        .beta = 1 + sum.credit.beta,
                        .observations = sum.observations});
    }
  }
  return scores;
}

ShownElement shown_element(ElementScore score, const Belief& belief) {
  return {.score = std::move(score),
          .belief = belief,
          .interval = credible_interval(belief.alpha, belief.beta)};
}

void order_for_display(std::vector<ShownElement>& elements) {
  std::sort(elements.begin(), elements.end(), [](const ShownElement& a, const ShownElement& b) {
    const double low_a = -a.interval.low;
    const double low_b = -b.interval.low;
    return std::tie(a.score.element.scope, a.score.element.dimension, low_a,
                    a.score.element.value) <
           std::tie(b.score.element.scope, b.score.element.dimension, low_b, b.score.element.value);
  });
}

}  // namespace adgenome::learning
