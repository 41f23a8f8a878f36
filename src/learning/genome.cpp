#include <adgenome/learning/genome.hpp>
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <tuple>
#include <utility>

namespace adgenome::learning {
namespace {

constexpr double kImportedWeight = 0.3;
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

std::vector<ElementEvent> element_events(std::span<const TaggedReward> rewards, double icc) {
  std::map<std::string, std::int64_t> ads_of_run;
  for (const TaggedReward& reward : rewards) ++ads_of_run[run_of(reward)];
  std::vector<ElementEvent> events;
  for (const TaggedReward* reward : in_order(rewards)) {
    const double others = static_cast<double>(ads_of_run[run_of(*reward)] - 1);
    const double weight =
        reward->weight * (reward->is_imported ? kImportedWeight : 1) / (1 + others * icc);
    const auto add = [&](const std::string& scope) {
      for (const auto& [dimension, value] : reward->tags) {
        events.push_back({.ad_id = reward->ad_id,
                          .element = {.scope = scope, .dimension = dimension, .value = value},
                          .alpha = weight * reward->reward,
                          .beta = weight * (1 - reward->reward)});
      }
    };
    add("");
    if (!reward->product_id.empty()) add(reward->product_id);
  }
  return events;
}

std::vector<ElementScore> sum_events(std::vector<ElementEvent> events) {
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
    alpha += event.alpha;
    beta += event.beta;
    scores.back().alpha = 1 + alpha;
    scores.back().beta = 1 + beta;
    ++scores.back().observations;
  }
  return scores;
}

void order_for_display(std::vector<ElementScore>& scores) {
  std::vector<std::pair<double, ElementScore>> keyed;
  keyed.reserve(scores.size());
  for (ElementScore& score : scores) {
    const double low = credible_interval(score.alpha, score.beta).low;
    keyed.emplace_back(-low, std::move(score));
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.element.scope, a.second.element.dimension, a.first,
                    a.second.element.value) < std::tie(b.second.element.scope,
                                                       b.second.element.dimension, b.first,
                                                       b.second.element.value);
  });
  scores.clear();
  for (auto& [low, score] : keyed) scores.push_back(std::move(score));
}

}  // namespace adgenome::learning
