#include <adgenome/stats/proportions.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::stats {
namespace {

double rate_of(Successes arm) {
  return static_cast<double>(arm.successes) / static_cast<double>(arm.trials);
}

Interval lift_interval(Successes control, Successes variant, double z) {
  auto s_c = static_cast<double>(control.successes);
  auto n_c = static_cast<double>(control.trials);
  auto s_v = static_cast<double>(variant.successes);
  auto n_v = static_cast<double>(variant.trials);
  const bool is_certain = s_c == n_c && s_v == n_v;
  if (s_c == 0 || s_v == 0 || is_certain) {
    for (double* successes : {&s_c, &s_v}) *successes += 0.5;
    for (double* trials : {&n_c, &n_v}) *trials += 1;
  }
  const double log_ratio = std::log((s_v / n_v) / (s_c / n_c));
  // (1 - p) / s, written so that p near 1 keeps its digits.
  const double half = z * std::sqrt((n_v - s_v) / n_v / s_v + (n_c - s_c) / n_c / s_c);
  Interval interval{.lower = std::expm1(log_ratio - half), .upper = std::expm1(log_ratio + half)};
  if (variant.successes == 0) interval.lower = -1;
  return interval;
}

/// P(successes), by the beta density: no difference of large logarithms.
double probability_of(std::int64_t successes, std::int64_t trials, double chance) {
  return beta_density(chance, static_cast<double>(successes) + 1,
                      static_cast<double>(trials - successes) + 1) /
         static_cast<double>(trials + 1);
}

double probability_at_most(std::int64_t successes, std::int64_t trials, double chance) {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return beta_sf(chance, static_cast<double>(successes) + 1,
                 static_cast<double>(trials - successes));
}

}  // namespace

double binomial_test(Successes arm, double chance) {
  constexpr double kAsLikely = 1 + 1e-7;
  const auto [k, n] = arm;
  const double mean = chance * static_cast<double>(n);
  if (static_cast<double>(k) == mean) return 1;
  // Above the mean it is the mirror image: failures below theirs.
  if (static_cast<double>(k) > mean) {
    return binomial_test({.successes = n - k, .trials = n}, 1 - chance);
  }
  const double most = probability_of(k, n, chance) * kAsLikely;
  // The first number above the mean that is no likelier: from there on they get rarer.
  auto first = static_cast<std::int64_t>(std::ceil(mean));
  std::int64_t end = n + 1;
  while (first < end) {
    const std::int64_t middle = first + (end - first) / 2;
    if (probability_of(middle, n, chance) <= most) {
      end = middle;
    } else {
      first = middle + 1;
    }
  }
  const double above =
      first > n ? 0
                : beta_cdf(chance, static_cast<double>(first), static_cast<double>(n - first) + 1);
  return std::min(1.0, probability_at_most(k, n, chance) + above);
}

Interval wilson_interval(Successes arm, double z) {
  const auto s = static_cast<double>(arm.successes);
  const auto n = static_cast<double>(arm.trials);
  const double z2 = z * z;
  const double centre = (s + z2 / 2) / (n + z2);
  const double half = z / (n + z2) * std::sqrt(s * (n - s) / n + z2 / 4);
  return {.lower = arm.successes == 0 ? 0.0 : centre - half,
          .upper = arm.successes == arm.trials ? 1.0 : centre + half};
}

Proportions compare_proportions(Successes control, Successes variant, double confidence) {
  Proportions result;
  const double p_c = rate_of(control);
  const double p_v = rate_of(variant);
  result.rate_control = p_c;
  result.rate_variant = p_v;
  result.difference = p_v - p_c;

  const double z = -normal_quantile((1 - confidence) / 2);
  const Interval c = wilson_interval(control, z);
  const Interval v = wilson_interval(variant, z);
  result.difference_interval = {
      .lower = result.difference - std::hypot(p_v - v.lower, c.upper - p_c),
      .upper = result.difference + std::hypot(v.upper - p_v, p_c - c.lower)};
  if (control.successes > 0) {
    result.relative_lift = p_v / p_c - 1;
    result.relative_lift_interval = lift_interval(control, variant, z);
  }

  const auto n_c = static_cast<double>(control.trials);
  const auto n_v = static_cast<double>(variant.trials);
  const double successes = static_cast<double>(control.successes + variant.successes);
  const double failures = n_c + n_v - successes;
  if (successes == 0 || failures == 0) return result;
  const double pooled_variance = successes / (n_c + n_v) * (failures / (n_c + n_v));
  result.z = result.difference / std::sqrt(pooled_variance * (1 / n_c + 1 / n_v));
  result.p_value = normal_two_sided(*result.z);
  return result;
}

}  // namespace adgenome::stats
