#include <adgenome/stats/rank_tests.hpp>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

#include "pooled.hpp"
#include "rank_sums.hpp"

namespace adgenome::stats {
namespace {

/// Pairs with variant - control at most `bound`. Rounded differences keep the order of the exact
/// ones, so that one sweep over both samples finds them.
WideCount pairs_up_to(const Sample& control, const Sample& variant, double bound) {
  WideCount pairs = 0;
  std::int64_t control_above = control.size;  // values of control with difference <= bound
  std::size_t c = 0;
  for (std::size_t v = 0; v < variant.values.size(); ++v) {
    while (c < control.values.size() && variant.values[v] - control.values[c] > bound) {
      control_above -= control.count_at(c++);
    }
    pairs += static_cast<WideCount>(variant.count_at(v)) * control_above;
  }
  return pairs;
}

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::uint64_t key_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double value_of(std::uint64_t key) {
  return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key);
}

/// The `rank`-th smallest difference (from 1), by halving the doubles between the least and the
/// greatest one.
double ordered_difference(const Sample& control, const Sample& variant, WideCount rank) {
  std::uint64_t low = key_of(variant.values.front() - control.values.back());
  std::uint64_t high = key_of(variant.values.back() - control.values.front());
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (pairs_up_to(control, variant, value_of(middle)) >= rank) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return value_of(low) + 0.0;
}

/// The largest k with P(U <= k - 1) <= tail where no values are tied; 0 where there is none.
WideCount rejected_below(std::int64_t n, std::int64_t m, double tail) {
  const std::int64_t values = n + m;
  if (values <= kMostExactValues) {
    std::vector<RankGroup> groups;
    for (std::int64_t i = 1; i <= values; ++i) groups.push_back({.doubled_rank = 2 * i, .size = 1});
    const RankSums sums = count_rank_sums(groups, std::min(n, m));
    double total = 0;
    for (const double ways : sums.ways) total += ways;
    double below = 0;
    std::int64_t k = 0;
    for (const double ways : sums.ways) {
      if (ways == 0) continue;  // below the least sum of different ranks; from there U counts up
      below += ways;
      if (below > tail * total) break;
      ++k;
    }
    return k;
  }
  const auto pairs = static_cast<double>(n) * static_cast<double>(m);
  const double deviation = std::sqrt(pairs * static_cast<double>(values + 1) / 12);
  const double k = std::floor(pairs / 2 + normal_quantile(tail) * deviation + 0.5);
  return static_cast<WideCount>(std::max(0.0, k));
}

}  // namespace

Shift hodges_lehmann(const Sample& control, const Sample& variant, double confidence) {
  const WideCount pairs = static_cast<WideCount>(control.size) * variant.size;
  Shift shift;
  const double lower_median = ordered_difference(control, variant, (pairs + 1) / 2);
  const double upper_median =
      pairs % 2 == 1 ? lower_median : ordered_difference(control, variant, pairs / 2 + 1);
  shift.estimate = lower_median + (upper_median - lower_median) / 2;
  const WideCount k = rejected_below(control.size, variant.size, (1 - confidence) / 2);
  if (k < 1) return shift;
  shift.interval = {.lower = ordered_difference(control, variant, k),
                    .upper = ordered_difference(control, variant, pairs + 1 - k)};
  return shift;
}

}  // namespace adgenome::stats
