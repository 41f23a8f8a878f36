#include <adgenome/stats/shrinkage.hpp>
#include <cmath>
#include <cstddef>

namespace adgenome::stats {
namespace {

struct Spread {
  double mean = 0;
  double squares = 0;  ///< sum of w (y - mean)^2
  double slope = 0;    ///< sum of w^2 (y - mean)^2, minus its derivative by tau2
};

Spread spread_at(double tau2, std::span<const double> estimates,
                 std::span<const double> variances) {
  Spread spread;
  double total = 0;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double weight = 1 / (variances[i] + tau2);
    total += weight;
    spread.mean += weight * estimates[i];
  }
  spread.mean /= total;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double weight = 1 / (variances[i] + tau2);
    const double squared = (estimates[i] - spread.mean) * (estimates[i] - spread.mean);
    spread.squares += weight * squared;
    spread.slope += weight * weight * squared;
  }
  return spread;
}

}  // namespace

Shrinkage shrink_together(std::span<const double> estimates, std::span<const double> variances) {
  Shrinkage result;
  if (estimates.empty()) return result;
  const double expected = static_cast<double>(estimates.size()) - 1;
  // The sum of squares falls with tau2 and is convex in it: Newton from below does not overshoot.
  constexpr int kMostSteps = 200;
  for (int step = 0; step < kMostSteps; ++step) {
    const Spread spread = spread_at(result.tau2, estimates, variances);
    const double excess = spread.squares - expected;
    if (!(excess > 0) || !(spread.slope > 0)) break;
    const double change = excess / spread.slope;
    result.tau2 += change;
    if (change <= 1e-15 * result.tau2) break;
  }
  result.mean = spread_at(result.tau2, estimates, variances).mean;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double share = result.tau2 / (result.tau2 + variances[i]);
    result.shrunk.push_back(result.mean + share * (estimates[i] - result.mean));
  }
  return result;
}

}  // namespace adgenome::stats
