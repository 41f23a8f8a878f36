#include <algorithm>
#include <array>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// The template's evaluation: D1 to D5 of at most 3 each, nothing where it is not compliant (D6).
/// An evaluation that lacks a D counts it as 0; a D6 not judged is not a refusal.
Score rule(const Pool& pool, std::size_t i, const Setting&) {
  const Evaluation& evaluation = pool.evaluation[i];
  int sum = 0;
  for (const std::int8_t d : evaluation.d) sum += std::max<int>(d, 0);  // a missing one is below 0
  sum *= evaluation.is_compliant != 0;
  const std::array<double, 2> values{0.5, sum / 15.0};
  return {values[evaluation.is_given], evaluation.is_given};
}

}  // namespace

void belief_clarity(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
