#pragma once

#include "rule.hpp"

namespace adgenome::scoring {

/// Applies a rule to what the ad library says of every candidate of a block; where no candidate
/// of the pool has such data, to nothing known.
template <Score (*kRule)(const AdLibrary&)>
void score_each_ad(const Pool& pool, Block block) {
  for (std::size_t i = 0; i < block.scores.size(); ++i) {
    const Score score =
        kRule(pool.has_ad_library() ? pool.ad_library[block.begin + i] : AdLibrary{});
    block.scores[i] = score.value;
    block.has_data[i] = score.has_data;
  }
}

}  // namespace adgenome::scoring
