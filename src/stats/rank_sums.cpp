#include "rank_sums.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace adgenome::stats {
namespace {

/// Ranks counted from the lowest in the largest step that hits them all: the fewer sums there
/// are, the less there is to count.
struct Lattice {
  std::int64_t lowest = 0;
  std::int64_t step = 1;
  std::int64_t most = 0;  ///< the largest sum of `chosen` ranks on the lattice
};

Lattice lattice_of(std::span<const RankGroup> groups, std::int64_t chosen) {
  Lattice lattice{.lowest = groups.front().doubled_rank, .step = 0, .most = 0};
  for (const RankGroup& group : groups) {
    lattice.step = std::gcd(lattice.step, group.doubled_rank - lattice.lowest);
  }
  lattice.step = std::max<std::int64_t>(lattice.step, 1);
  std::int64_t left = chosen;
  for (std::size_t g = groups.size(); g > 0 && left > 0; --g) {
    const std::int64_t taken = std::min(left, groups[g - 1].size);
    lattice.most += taken * ((groups[g - 1].doubled_rank - lattice.lowest) / lattice.step);
    left -= taken;
  }
  return lattice;
}

}  // namespace

bool can_count(std::span<const RankGroup> groups, std::int64_t chosen) {
  std::int64_t values = 0;
  std::int64_t choices = 0;
  for (const RankGroup& group : groups) {
    values += group.size;
    if (values > kMostCountedValues) return false;
    choices += std::min(group.size, chosen);
  }
  constexpr double kMostSteps = 1e9;
  const auto sums = static_cast<double>(lattice_of(groups, chosen).most + 1);
  return sums * static_cast<double>(chosen) * static_cast<double>(choices) <= kMostSteps;
}

RankSums count_rank_sums(std::span<const RankGroup> groups, std::int64_t chosen) {
  const Lattice lattice = lattice_of(groups, chosen);
  const auto rows = static_cast<std::size_t>(chosen) + 1;
  const auto sums = static_cast<std::size_t>(lattice.most) + 1;
  // ways[k * sums + s]: k values of the groups so far with the sum s.
  std::vector<double> ways(rows * sums, 0.0);
  ways[0] = 1;
  for (const RankGroup& group : groups) {
    const auto rank =
        static_cast<std::size_t>((group.doubled_rank - lattice.lowest) / lattice.step);
    const auto size = static_cast<std::size_t>(group.size);
    // Downwards, so that what is read does not hold this group yet.
    for (std::size_t k = rows - 1; k > 0; --k) {
      double combinations = 1;
      for (std::size_t j = 1; j <= std::min(size, k); ++j) {
        combinations *= static_cast<double>(size - j + 1);
        combinations /= static_cast<double>(j);
        const std::size_t offset = j * rank;
        if (offset >= sums) break;
        const double* from = &ways[(k - j) * sums];
        double* to = &ways[k * sums + offset];
        for (std::size_t s = 0; s < sums - offset; ++s) to[s] += combinations * from[s];
      }
    }
  }
  return {.least = chosen * lattice.lowest,
          .step = lattice.step,
          .ways = {ways.end() - static_cast<std::ptrdiff_t>(sums), ways.end()}};
}

}  // namespace adgenome::stats
