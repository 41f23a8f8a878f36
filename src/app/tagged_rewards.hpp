#pragma once

#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/learning/genome.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// Reads rows {"ad_id", "run", "tags", "reward", "weight"} and, where it is known, "matured_at"; a
/// later row of an ad revises the earlier one. By ad.
std::vector<learning::TaggedReward> read_tagged_rewards(const std::string& input,
                                                        core::Rejects& rejects, RowCounts& counts,
                                                        bool needs_day = false);

}  // namespace adgenome::app
