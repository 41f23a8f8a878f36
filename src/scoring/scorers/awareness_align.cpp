#include <cstdlib>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Distance of the template's awareness level from the persona's stage, both 1 to 5.
Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const int level = pool.awareness[i];
  if (level == 0 || setting.awareness == 0) return {0.5, false};
  return {1 - std::abs(level - setting.awareness) / 4.0, true};
}

}  // namespace

void awareness_align(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
