#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Share of the template's required assets that the product's asset tags cover.
Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const Setting::AssetShare& share = setting.asset_shares[pool.required[i]];
  return {share.covered, share.is_known};
}

}  // namespace

void asset_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
