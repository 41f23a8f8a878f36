#include "looks.hpp"

#include <adgenome/stats/sequential.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace adgenome::experiments {
namespace {

constexpr std::int64_t kLeastRates = 20;  // an arm
constexpr std::int64_t kLeastMeans = 50;  // values of any kind
constexpr std::int64_t kLeastClusters = 20;
constexpr double kWinsorisedAt = 0.99;

/// Units of one arm as the sequential test takes them.
struct Units {
  double n = 0;
  double mean = 0;
  double variance = 0;  ///< of a unit
};

Units of_clusters(const std::vector<stats::Cluster>& clusters) {
  stats::Cluster of_means;
  for (const stats::Cluster& cluster : clusters) of_means.add(cluster.mean);
  const auto n = static_cast<double>(of_means.size);
  return {.n = n, .mean = of_means.mean, .variance = n > 1 ? of_means.squares / (n - 1) : 0};
}

/// With a success and a failure added, so that the variance is never 0.
Units of_rate(const stats::Sample& sample) {
  const auto s = static_cast<double>(stats::successes(sample));
  const auto n = static_cast<double>(sample.size);
  const double p = (s + 1) / (n + 2);
  return {.n = n, .mean = s / n, .variance = p * (1 - p)};
}

/// The value that this share of both arms' values does not exceed.
double pooled_quantile(const stats::Sample& a, const stats::Sample& b, double share) {
  std::vector<std::pair<double, std::int64_t>> pooled;
  for (const stats::Sample* sample : {&a, &b}) {
    for (std::size_t i = 0; i < sample->values.size(); ++i) {
      pooled.emplace_back(sample->values[i], sample->count_at(i));
    }
  }
  std::sort(pooled.begin(), pooled.end());
  const auto wanted =
      static_cast<std::int64_t>(std::ceil(share * static_cast<double>(a.size + b.size)));
  std::int64_t seen = 0;
  for (const auto& [value, count] : pooled) {
    seen += count;
    if (seen >= wanted) return value;
  }
  return pooled.back().first;
}

Units of_means(const stats::Sample& sample, double most) {
  stats::Cluster all;
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    all.add(std::min(sample.values[i], most), sample.count_at(i));
  }
  const auto n = static_cast<double>(all.size);
  return {.n = n, .mean = all.mean, .variance = n > 1 ? all.squares / (n - 1) : 0};
}

/// The sequential test itself, before earlier looks come in.
Sequential mixture(const Units& c, const Units& v, double tau2, double alpha) {
  Sequential result;
  result.difference = v.mean - c.mean;
  result.variance = c.variance / c.n + v.variance / v.n;
  result.tau2 = tau2;
  const double d = result.difference;
  const double variance = result.variance;
  result.log_lambda = stats::mixture_log_lambda(d, variance, tau2);
  result.p_value = std::min(1.0, std::exp(-result.log_lambda));
  const double half =
      std::sqrt(variance) *
      std::sqrt((variance + tau2) / tau2 * (-2 * std::log(alpha) + std::log1p(tau2 / variance)));
  result.interval = {.lower = d - half, .upper = d + half};
  return result;
}

/// Of a comparison: what its units are, and what they need.
struct Plan {
  Units control;
  Units variant;
  std::int64_t least = 0;
  double planned_variance = 0;  ///< of the difference at the planned sample
};

stats::MeanError mean_error(const Units& units) {
  return {.mean = units.mean, .error = std::sqrt(units.variance / units.n), .df = units.n - 1};
}

}  // namespace

void look_at(const Arm& control, const Arm& variant, bool is_binary, const AnalysisOptions& options,
             Comparison& result) {
  const auto leave_out = [&](std::string reason) {
    result.not_computed.emplace_back("sequential", std::move(reason));
  };
  if (!options.planned_n) return leave_out("needs --planned-n");
  const bool is_clustered = !control.clusters.empty() && !options.is_classic;
  Plan plan;
  const auto planned = static_cast<double>(*options.planned_n);
  if (is_clustered) {
    plan = {.control = of_clusters(control.clusters),
            .variant = of_clusters(variant.clusters),
            .least = kLeastClusters};
  } else if (is_binary) {
    if (!options.baseline) return leave_out("needs --baseline for values of 0 and 1");
    plan = {.control = of_rate(control.sample),
            .variant = of_rate(variant.sample),
            .least = kLeastRates,
            .planned_variance = 2 * *options.baseline * (1 - *options.baseline) / planned};
  } else {
    const bool is_money = options.metric == Metric::kCpa || options.metric == Metric::kRoas;
    const double most = is_money
                            ? pooled_quantile(control.sample, variant.sample, kWinsorisedAt)
                            : std::max(control.sample.values.back(), variant.sample.values.back());
    plan = {.control = of_means(control.sample, most),
            .variant = of_means(variant.sample, most),
            .least = kLeastMeans};
  }
  const Units& c = plan.control;
  const Units& v = plan.variant;
  result.is_peeking = options.look > 1 && std::min(c.n, v.n) < planned;
  if (std::min(c.n, v.n) < static_cast<double>(plan.least)) {
    return leave_out("needs " + std::to_string(plan.least) + (is_clustered ? " runs" : " values") +
                     " an arm");
  }
  if (plan.planned_variance == 0) {
    const double pooled = ((c.n - 1) * c.variance + (v.n - 1) * v.variance) / (c.n + v.n - 2);
    plan.planned_variance = 2 * pooled / planned;
  }
  if (!(c.variance + v.variance > 0)) return leave_out("no arm varies");
  const auto past = options.past.find(variant.name);
  const double tau2 = past != options.past.end()
                          ? past->second.tau2
                          : stats::mixture_factor(options.alpha) * plan.planned_variance;
  Sequential now = mixture(c, v, tau2, options.alpha);
  if (past != options.past.end()) {
    now.p_value = std::min(now.p_value, past->second.p_value);
    now.interval.lower = std::max(now.interval.lower, past->second.interval.lower);
    now.interval.upper = std::min(now.interval.upper, past->second.interval.upper);
  }
  const double spread = options.effect_variance.value_or(tau2);
  result.effect_shrunk = now.difference * (spread / (spread + now.variance));
  result.sequential = now;
}

void test_non_inferiority(const Arm& control, const Arm& variant, bool is_binary,
                          const AnalysisOptions& options, Comparison& result) {
  const double margin = *options.non_inferiority;
  const double confidence = options.non_inferiority_confidence;
  const bool is_clustered = !control.clusters.empty() && !options.is_classic;
  if (is_binary && !is_clustered) {
    result.non_inferiority = stats::non_inferior_rate(
        {stats::successes(control.sample), control.sample.size},
        {stats::successes(variant.sample), variant.sample.size}, margin, confidence);
    return;
  }
  const auto units = [&](const Arm& arm) {
    return is_clustered ? of_clusters(arm.clusters)
                        : of_means(arm.sample, arm.sample.values.back());
  };
  const Units c = units(control);
  const Units v = units(variant);
  if (c.n > 1 && v.n > 1) {
    result.non_inferiority =
        stats::non_inferior_mean(mean_error(c), mean_error(v), margin, confidence);
  }
  if (!result.non_inferiority) {
    result.not_computed.emplace_back("non_inferiority",
                                     "needs values that vary around a mean above 0, two an arm");
  }
}

SampleRatio sample_ratio(const std::vector<std::int64_t>& observed, double split,
                         double min_deviation) {
  constexpr double kLevel = 0.001;
  constexpr double kSmall = 100'000;
  SampleRatio result;
  result.observed = observed;
  const auto total =
      static_cast<double>(std::accumulate(observed.begin(), observed.end(), std::int64_t{0}));
  const auto variants = static_cast<double>(observed.size() - 1);
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const double share = i == 0 ? 1 - split : split / variants;
    const double expected = share * total;
    const double away = static_cast<double>(observed[i]) - expected;
    result.expected.push_back(expected);
    if (total > 0) {
      result.chi_squared += away * away / expected;
      result.largest_deviation = std::max(result.largest_deviation, std::abs(away) / expected);
    }
  }
  result.df = variants;
  result.p_value = stats::chi_squared_sf(result.chi_squared, result.df);
  if (observed.size() == 2 && total > 0) {
    result.exact_p_value = stats::binomial_test(
        {.successes = observed[1], .trials = observed[0] + observed[1]}, split);
  }
  // Of few units chi-square is no more than a guess: both have to say so.
  result.is_invalid = std::max(result.p_value, result.exact_p_value.value_or(0)) < kLevel &&
                      (result.largest_deviation > min_deviation || total > kSmall);
  return result;
}

}  // namespace adgenome::experiments
