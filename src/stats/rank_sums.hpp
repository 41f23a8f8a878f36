#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::stats {

/// Equal values of the pooled sample: twice their mid-rank, and how many they are.
struct RankGroup {
  std::int64_t doubled_rank = 0;
  std::int64_t size = 0;
};

/// In how many ways `chosen` of the pooled values have each sum of ranks: the sum doubled is
/// `least + step * i`, the ways are `ways[i]`.
struct RankSums {
  std::int64_t least = 0;
  std::int64_t step = 1;
  std::vector<double> ways;
};

/// Most values that are counted: beyond it the number of ways outgrows a double.
inline constexpr std::int64_t kMostCountedValues = 1000;

/// Whether counting takes about a second at most.
bool can_count(std::span<const RankGroup> groups, std::int64_t chosen);

/// By dynamic programming over the groups. All terms are positive, so that the relative error
/// stays below 1e-13. Needs can_count.
RankSums count_rank_sums(std::span<const RankGroup> groups, std::int64_t chosen);

}  // namespace adgenome::stats
