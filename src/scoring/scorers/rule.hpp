#pragma once

#include <adgenome/scoring/scorer.hpp>

namespace adgenome::scoring {

/// What a rule says of one candidate.
struct Score {
  double value;
  bool has_data;  ///< false: the value is the rule's neutral one
};

/// Applies a rule to every candidate of a block. The rule is a template argument so that it is
/// compiled into the loop.
template <Score (*kRule)(const Pool&, std::size_t, const Setting&)>
void score_each(const Pool& pool, const Setting& setting, Block block) {
  for (std::size_t i = 0; i < block.scores.size(); ++i) {
    const Score score = kRule(pool, block.begin + i, setting);
    block.scores[i] = score.value;
    block.has_data[i] = score.has_data;
  }
}

}  // namespace adgenome::scoring
