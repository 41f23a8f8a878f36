#include <array>
#include <cmath>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Posterior mean of the element score of this template for the brand.
Score rule(const Pool& pool, std::size_t i, const Setting&) {
  // Taken from a table: whether a template has one is nothing that a processor could foresee.
  const std::array<double, 2> values{0.5, pool.posterior_mean[i]};
  const bool is_known = !std::isnan(values[1]);
  return {values[is_known], is_known};
}

}  // namespace

void performance(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
