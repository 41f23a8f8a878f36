#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  if (!setting.has_category) return {0.5, false};
  const std::uint32_t category = pool.category[i];
  const bool is_known = category != Interner::kNone;
  return {static_cast<double>(is_known && category == setting.category), is_known};
}

}  // namespace

void category_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
