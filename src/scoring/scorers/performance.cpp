#include <cmath>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Posterior mean of the element score of this template for the brand.
Score rule(const Pool& pool, std::size_t i, const Setting&) {
  const double mean = pool.posterior_mean[i];
  if (std::isnan(mean)) return {0.5, false};
  return {mean, true};
}

}  // namespace

void performance(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
