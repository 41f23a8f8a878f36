#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const std::uint32_t sex = pool.sex[i];
  if (sex == Interner::kNone || !setting.has_sex) return {0.7, false};
  if (sex == setting.sex) return {1, true};
  if (sex == setting.unisex || setting.sex_is_unisex) return {0.7, true};
  return {0.2, true};
}

}  // namespace

void audience_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
