#include <cmath>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// The longer a template has rested for this product, the better; never used is best.
Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const Usage& usage = pool.product_usage[i];
  switch (usage.state) {
    case Usage::State::kNever:
      return {1, true};
    case Usage::State::kDateUnknown:
      return {0.3, false};
    case Usage::State::kDated:
      break;
  }
  return {1 - 0.7 * std::exp(-0.05 * core::days_between(usage.last, setting.now)), true};
}

}  // namespace

void unused_bonus(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
