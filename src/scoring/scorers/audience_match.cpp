#include <array>

#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  if (!setting.has_sex) return {0.7, false};
  const std::uint32_t sex = pool.sex[i];
  const bool is_same = sex == setting.sex;
  const bool is_either = sex == setting.unisex || setting.sex_is_unisex;
  // By what is known, whether one of the two is for both, and whether they are the same.
  constexpr std::array<double, 8> kValues{0.7, 0.7, 0.7, 0.7, 0.2, 1, 0.7, 1};
  const bool is_known = sex != Interner::kNone;
  return {kValues[4U * is_known + 2U * is_either + is_same], is_known};
}

}  // namespace

void audience_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
