#include <adgenome/core/error.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "compensated.hpp"
#include "pooled.hpp"
#include "rank_sums.hpp"

namespace adgenome::stats {
namespace {

/// What one pass over both samples gives.
struct Ranked {
  WideCount doubled_u_variant = 0;
  WideCount pairs = 0;
  /// Variance of U: n_a n_b / 12 (N + 1 - sum(t^3 - t) / (N (N - 1))), as the equal sum
  /// n_a n_b / (12 N (N - 1)) sum(t (N - t) (N + t)), which has no differences of large numbers.
  double variance = 0;
};

Ranked rank(const Sample& control, const Sample& variant) {
  Ranked ranked;
  const auto n = static_cast<double>(control.size + variant.size);
  std::int64_t control_below = 0;
  std::int64_t untied = 0;
  CompensatedSum ties;
  for_each_pooled_value(control, variant, [&](std::int64_t in_control, std::int64_t in_variant) {
    ranked.doubled_u_variant +=
        static_cast<WideCount>(in_variant) * (2 * control_below + in_control);
    control_below += in_control;
    if (in_control + in_variant == 1) {
      ++untied;
    } else {
      const auto t = static_cast<double>(in_control + in_variant);
      ties.add(t * (n - t) * (n + t));
    }
  });
  ties.add(static_cast<double>(untied) * (n - 1) * (n + 1));
  ranked.pairs = static_cast<WideCount>(control.size) * variant.size;
  if (n > 1)
    ranked.variance = static_cast<double>(ranked.pairs) / (12 * n * (n - 1)) * ties.value();
  return ranked;
}

std::vector<RankGroup> rank_groups(const Sample& control, const Sample& variant) {
  std::vector<RankGroup> groups;
  std::int64_t below = 0;
  for_each_pooled_value(control, variant, [&](std::int64_t in_control, std::int64_t in_variant) {
    const std::int64_t size = in_control + in_variant;
    groups.push_back({.doubled_rank = 2 * below + size + 1, .size = size});
    below += size;
  });
  return groups;
}

struct Probability {
  double value = 1;
  double log = 0;
};

/// `distance`: twice the distance of U from its mean, a whole number.
Probability exact_probability(const std::vector<RankGroup>& groups, std::int64_t chosen,
                              std::int64_t values, std::int64_t distance) {
  const RankSums sums = count_rank_sums(groups, chosen);
  const std::int64_t mean = chosen * (values + 1);  // of the doubled sum of ranks
  double total = 0;
  double as_far = 0;
  for (std::size_t i = 0; i < sums.ways.size(); ++i) {
    const std::int64_t sum = sums.least + sums.step * static_cast<std::int64_t>(i);
    total += sums.ways[i];
    if (std::abs(sum - mean) >= distance) as_far += sums.ways[i];
  }
  return {.value = std::min(1.0, as_far / total), .log = std::min(0.0, std::log(as_far / total))};
}

Probability asymptotic_probability(double distance, double deviation) {
  const double z = (distance - 0.5) / deviation;
  return {.value = std::min(1.0, 2 * normal_sf(z)),
          .log = std::min(0.0, std::numbers::ln2 + normal_log_sf(z))};
}

}  // namespace

MannWhitney mann_whitney(const Sample& control, const Sample& variant, RankMethod method) {
  const Ranked ranked = rank(control, variant);
  const std::int64_t values = control.size + variant.size;
  const auto pairs = static_cast<double>(ranked.pairs);
  const WideCount doubled_u_control = 2 * ranked.pairs - ranked.doubled_u_variant;
  const WideCount away = ranked.doubled_u_variant - ranked.pairs;  // 2 (u_variant - mean)
  const double deviation = std::sqrt(ranked.variance);

  MannWhitney result;
  result.u_control = static_cast<double>(doubled_u_control) / 2;
  result.u_variant = static_cast<double>(ranked.doubled_u_variant) / 2;
  result.u_min = std::min(result.u_control, result.u_variant);
  result.rank_biserial = static_cast<double>(away) / pairs;
  result.common_language_effect = result.u_variant / pairs;
  result.null_deviation = deviation / pairs;
  result.is_exact =
      method == RankMethod::kExact || (method == RankMethod::kAuto && values <= kMostExactValues);
  std::vector<RankGroup> groups;
  const std::int64_t chosen = std::min(control.size, variant.size);
  if (result.is_exact) {
    if (values <= kMostCountedValues) groups = rank_groups(control, variant);
    if (groups.empty() || !can_count(groups, chosen)) {
      throw core::InvalidInput("the exact Mann-Whitney test of " + std::to_string(control.size) +
                                   " and " + std::to_string(variant.size) +
                                   " values is out of reach",
                               "use --method auto or --method asymptotic");
    }
  }
  if (ranked.variance == 0) return result;  // all values are equal

  result.z = static_cast<double>(away) / 2 / deviation;
  const WideCount distance = away < 0 ? -away : away;
  const Probability p =
      result.is_exact
          ? exact_probability(groups, chosen, values, static_cast<std::int64_t>(distance))
          : asymptotic_probability(static_cast<double>(distance) / 2, deviation);
  result.p_value = p.value;
  result.log_p_value = p.log;
  return result;
}

}  // namespace adgenome::stats
