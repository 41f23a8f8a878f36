#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  if (!setting.has_category) return {0.5, false};
  const std::uint32_t category = pool.category[i];
  if (category == Interner::kNone) return {0, false};
  return {category == setting.category ? 1.0 : 0.0, true};
}

}  // namespace

void category_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
