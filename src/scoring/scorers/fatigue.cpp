#include <algorithm>
#include <cmath>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

constexpr double kFloor = 0.2;
constexpr std::int64_t kFewUses = 3;

/// Low while tired: both curves rise from 0 with the days of rest, so that a template, or its
/// combination of elements, that was just used is drawn less often. Fewer than three uses of a
/// combination tire nobody.
Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const Usage& usage = pool.audience_usage[i];
  const Usage& combination = pool.combination_usage[i];
  double template_rest = 1;
  if (usage.state == Usage::State::kDateUnknown) {
    template_rest = kFloor;
  } else if (usage.state == Usage::State::kDated) {
    template_rest = 1 - std::exp(-0.05 * core::days_between(usage.last, setting.now));
  }
  double combination_rest = 1;
  if (pool.combination_uses[i] >= kFewUses && combination.state == Usage::State::kDated) {
    combination_rest = 1 - std::exp(-0.03 * core::days_between(combination.last, setting.now));
  }
  return {std::clamp(template_rest * combination_rest, kFloor, 1.0),
          usage.state != Usage::State::kDateUnknown};
}

}  // namespace

void fatigue(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
