#include <adgenome/learning/element_choice.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {

std::vector<double> probabilities_greatest(std::span<const Belief> beliefs) {
  // Sum over cells of the i-th probability times the others' distribution functions in the middle.
  constexpr int kCells = 1000;
  const std::size_t n = beliefs.size();
  std::vector<double> shares(n, 0);
  std::vector<double> below(n, 0);
  std::vector<double> middle(n);
  for (int cell = 0; cell < kCells; ++cell) {
    for (std::size_t i = 0; i < n; ++i) {
      middle[i] = stats::beta_cdf((cell + 0.5) / kCells, beliefs[i].alpha, beliefs[i].beta);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double above = cell + 1 == kCells ? 1
                                              : stats::beta_cdf((cell + 1.0) / kCells,
                                                                beliefs[i].alpha, beliefs[i].beta);
      double product = above - below[i];
      below[i] = above;
      for (std::size_t j = 0; j < n && product > 0; ++j) {
        if (j != i) product *= middle[j];
      }
      shares[i] += product;
    }
  }
  double sum = 0;
  for (const double share : shares) sum += share;
  for (double& share : shares) share = sum > 0 ? share / sum : 1 / static_cast<double>(n);
  return shares;
}

ElementDraw draw_element(std::span<const Belief> beliefs, double exploration,
                         core::RandomStream& random) {
  ElementDraw result;
  for (const Belief& belief : beliefs) {
    result.draws.push_back(stats::beta_quantile(random.next_uniform(), belief.alpha, belief.beta));
  }
  result.chosen = static_cast<std::size_t>(
      std::max_element(result.draws.begin(), result.draws.end()) - result.draws.begin());
  result.is_explored = beliefs.size() > 1 && random.next_uniform() < exploration;
  if (result.is_explored) result.chosen = random.next_below(beliefs.size());
  result.propensities = probabilities_greatest(beliefs);
  for (double& propensity : result.propensities) {
    propensity = exploration / static_cast<double>(beliefs.size()) + (1 - exploration) * propensity;
  }
  return result;
}

TagScore score_tags(std::span<const Belief> beliefs) {
  double precision = 0;
  double sum = 0;
  for (const Belief& belief : beliefs) {
    precision += 1 / belief.variance();
    sum += belief.mean() / belief.variance();
  }
  const double mean = sum / precision;
  const double strength = std::max(mean * (1 - mean) * precision - 1, 1e-3);
  return {.score = mean, .interval = credible_interval(mean * strength, (1 - mean) * strength)};
}

}  // namespace adgenome::learning
