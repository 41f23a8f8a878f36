#include <adgenome/learning/element_pick.hpp>
#include <adgenome/stats/posteriors.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

namespace adgenome::learning {
namespace {

constexpr double kMostExploration = 0.30;
constexpr double kLeastExploration = 0.05;
constexpr double kExplorationDecay = 100;  // ads
constexpr std::int64_t kFewAds = 30;

}  // namespace

double forced_exploration(std::int64_t matured_ads) {
  if (matured_ads < kFewAds) return kMostExploration;
  return std::max(kLeastExploration, kMostExploration * std::exp(-static_cast<double>(matured_ads) /
                                                                 kExplorationDecay));
}

ElementPick pick_element(std::span<const ElementBelief> values, double exploration,
                         core::RandomStream& random) {
  ElementPick draw;
  if (values.size() == 1) return draw;
  draw.is_explored = random.next_uniform() < exploration;
  if (draw.is_explored) {
    draw.index = static_cast<std::size_t>(random.next_below(values.size()));
  } else {
    double largest = -1;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double drawn =
          stats::beta_quantile(random.next_uniform(), values[i].alpha, values[i].beta);
      if (drawn <= largest) continue;
      largest = drawn;
      draw.index = i;
    }
  }
  std::vector<stats::Posterior> beliefs;
  beliefs.reserve(values.size());
  for (const ElementBelief& value : values)
    beliefs.push_back(stats::Posterior::beta(value.alpha, value.beta));
  draw.propensity = exploration / static_cast<double>(values.size()) +
                    (1 - exploration) * stats::best_arm(beliefs).p_best[draw.index];
  return draw;
}

}  // namespace adgenome::learning
