#include "rule.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Share of the template's required assets that the product's asset tags cover.
Score rule(const Pool& pool, std::size_t i, const Setting& setting) {
  const std::uint64_t begin = i == 0 ? 0 : pool.required_ends[i - 1];
  const std::uint64_t end = pool.required_ends[i];
  if (begin == end) return {1, false};
  std::uint64_t covered = 0;
  for (std::uint64_t at = begin; at < end; ++at) covered += setting.is_covered[pool.required[at]];
  return {static_cast<double>(covered) / static_cast<double>(end - begin), setting.has_asset_tags};
}

}  // namespace

void asset_match(const Pool& pool, const Setting& setting, Block block) {
  score_each<rule>(pool, setting, block);
}

}  // namespace adgenome::scoring
