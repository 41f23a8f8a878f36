#include <adgenome/core/random.hpp>
#include <adgenome/stats/clusters.hpp>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "compensated.hpp"

namespace adgenome::stats {
namespace {

constexpr double kMostExact = 10'000;
constexpr std::int64_t kDraws = 9'999;
/// Draws times clusters that are worth waiting for; beyond it the normal law is as good.
constexpr double kMostWork = 5e8;
/// Differences that are equal but for rounding.
constexpr double kTie = 1e-9;

double mean_of(std::span<const double> values) {
  CompensatedSum sum;
  for (const double value : values) sum.add(value);
  return sum.value() / static_cast<double>(values.size());
}

/// n over k, or something above kMostExact.
double arrangements(std::size_t n, std::size_t k) {
  k = std::min(k, n - k);
  double ways = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    ways = ways * static_cast<double>(n - k + i) / static_cast<double>(i);
    if (ways > 2 * kMostExact) return ways;
  }
  return std::round(ways);
}

/// The means of all clusters, centred, those of the smaller arm first: an arrangement is which of
/// them are in it.
class Arrangements {
 public:
  Arrangements(std::span<const double> control, std::span<const double> variant)
      : pooled_(control.begin(), control.end()), chosen_(std::min(control.size(), variant.size())) {
    pooled_.insert(pooled_.end(), variant.begin(), variant.end());
    const double centre = mean_of(pooled_);
    double largest = 0;
    for (double& value : pooled_) largest = std::max(largest, std::abs(value -= centre));
    if (variant.size() < control.size()) std::reverse(pooled_.begin(), pooled_.end());
    const double observed =
        std::abs(std::accumulate(pooled_.begin(), pooled_.begin() + chosen(), 0.0));
    // Centred, the difference of the means is this sum times a constant.
    threshold_ = observed - kTie * largest * static_cast<double>(chosen_);
  }

  double exact_p() const {
    std::vector<std::size_t> at(chosen_);
    std::iota(at.begin(), at.end(), std::size_t{0});
    std::int64_t hits = 0;
    std::int64_t all = 0;
    for (;;) {
      double sum = 0;
      for (const std::size_t i : at) sum += pooled_[i];
      hits += is_hit(sum);
      ++all;
      std::size_t moved = chosen_;
      while (moved > 0 && at[moved - 1] == pooled_.size() - chosen_ + moved - 1) --moved;
      if (moved == 0) break;
      ++at[moved - 1];
      for (std::size_t i = moved; i < chosen_; ++i) at[i] = at[i - 1] + 1;
    }
    return static_cast<double>(hits) / static_cast<double>(all);
  }

  /// Stops where more than `most_hits` were found.
  double sampled_p(std::uint64_t seed, std::int64_t most_hits = kDraws) {
    core::RandomStream random(seed, "clusters");
    std::int64_t hits = 1;  // the arrangement that is there
    for (std::int64_t draw = 0; draw < kDraws && hits <= most_hits; ++draw) {
      double sum = 0;
      for (std::size_t i = 0; i < chosen_; ++i) {
        std::swap(pooled_[i], pooled_[i + random.next_below(pooled_.size() - i)]);
        sum += pooled_[i];
      }
      hits += is_hit(sum);
    }
    return static_cast<double>(hits) / static_cast<double>(kDraws + 1);
  }

  double asymptotic_p() const {
    CompensatedSum squares;
    for (const double value : pooled_) squares.add(value * value);
    const auto n = static_cast<double>(pooled_.size());
    const auto k = static_cast<double>(chosen_);
    const double variance = squares.value() / (n - 1) * k * (n - k) / n;
    return variance > 0 ? normal_two_sided(std::max(0.0, threshold_) / std::sqrt(variance)) : 1;
  }

  ClusterMethod method() const {
    if (arrangements(pooled_.size(), chosen_) <= kMostExact) return ClusterMethod::kExact;
    return static_cast<double>(kDraws) * static_cast<double>(chosen_) <= kMostWork
               ? ClusterMethod::kSampled
               : ClusterMethod::kAsymptotic;
  }

  double p_value(ClusterMethod method, std::uint64_t seed, std::int64_t most_hits = kDraws) {
    switch (method) {
      case ClusterMethod::kExact:
        return exact_p();
      case ClusterMethod::kSampled:
        return sampled_p(seed, most_hits);
      case ClusterMethod::kAsymptotic:
        break;
    }
    return asymptotic_p();
  }

 private:
  std::ptrdiff_t chosen() const { return static_cast<std::ptrdiff_t>(chosen_); }
  bool is_hit(double sum) const { return std::abs(sum) >= threshold_; }

  std::vector<double> pooled_;
  std::size_t chosen_;
  double threshold_ = 0;
};

/// The centred means of one stratum, those of the variant first.
struct CentredStratum {
  std::vector<double> means;
  std::size_t chosen = 0;

  CentredStratum(std::span<const double> control, std::span<const double> variant)
      : means(variant.begin(), variant.end()), chosen(variant.size()) {
    means.insert(means.end(), control.begin(), control.end());
    const double centre = mean_of(means);
    for (double& mean : means) mean -= centre;
  }

  /// What is there adds up to n_c n_v / (n_c + n_v) times the difference of the arms' means.
  double sum() const {
    return std::accumulate(means.begin(), means.begin() + static_cast<std::ptrdiff_t>(chosen), 0.0);
  }

  std::vector<double> all_sums() const {
    std::vector<double> sums;
    std::vector<bool> is_in(means.size());
    std::fill(is_in.begin(), is_in.begin() + static_cast<std::ptrdiff_t>(chosen), true);
    do {
      double sum = 0;
      for (std::size_t i = 0; i < means.size(); ++i) sum += is_in[i] ? means[i] : 0;
      sums.push_back(sum);
    } while (std::prev_permutation(is_in.begin(), is_in.end()));
    return sums;
  }

  double drawn_sum(core::RandomStream& random) {
    double sum = 0;
    for (std::size_t i = 0; i < chosen; ++i) {
      std::swap(means[i], means[i + random.next_below(means.size() - i)]);
      sum += means[i];
    }
    return sum;
  }

  double variance_of_sum() const {
    CompensatedSum squares;
    for (const double mean : means) squares.add(mean * mean);
    const auto n = static_cast<double>(means.size());
    const auto k = static_cast<double>(chosen);
    return squares.value() / (n - 1) * k * (n - k) / n;
  }
};

/// Share of the arrangements within the strata that are at least as far from 0 as what is there.
std::pair<ClusterMethod, double> p_within(std::vector<CentredStratum> strata, std::uint64_t seed) {
  double ways = 1;
  double chosen = 0;
  double observed = 0;
  double largest = 0;
  for (const CentredStratum& stratum : strata) {
    ways = std::min(2 * kMostExact, ways * arrangements(stratum.means.size(), stratum.chosen));
    chosen += static_cast<double>(stratum.chosen);
    observed += stratum.sum();
    for (const double mean : stratum.means) largest = std::max(largest, std::abs(mean));
  }
  const double threshold = std::abs(observed) - kTie * largest * chosen;
  const auto is_hit = [&](double sum) { return std::abs(sum) >= threshold; };
  if (ways <= kMostExact) {
    std::vector<double> sums = {0};
    for (const CentredStratum& stratum : strata) {
      std::vector<double> next;
      for (const double more : stratum.all_sums()) {
        for (const double sum : sums) next.push_back(sum + more);
      }
      sums = std::move(next);
    }
    const auto hits = std::count_if(sums.begin(), sums.end(), is_hit);
    return {ClusterMethod::kExact, static_cast<double>(hits) / static_cast<double>(sums.size())};
  }
  if (static_cast<double>(kDraws) * chosen > kMostWork) {
    double variance = 0;
    for (const CentredStratum& stratum : strata) variance += stratum.variance_of_sum();
    const double z = std::max(0.0, threshold) / std::sqrt(variance);
    return {ClusterMethod::kAsymptotic, variance > 0 ? normal_two_sided(z) : 1};
  }
  core::RandomStream random(seed, "clusters");
  std::int64_t hits = 1;  // the arrangement that is there
  for (std::int64_t draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    for (CentredStratum& stratum : strata) sum += stratum.drawn_sum(random);
    hits += is_hit(sum);
  }
  return {ClusterMethod::kSampled, static_cast<double>(hits) / static_cast<double>(kDraws + 1)};
}

std::vector<double> means_of(std::span<const Cluster> clusters) {
  std::vector<double> means;
  means.reserve(clusters.size());
  for (const Cluster& cluster : clusters) means.push_back(cluster.mean);
  return means;
}

double variance_of(std::span<const double> values, double mean) {
  CompensatedSum squares;
  for (const double value : values) squares.add((value - mean) * (value - mean));
  return squares.value() / static_cast<double>(values.size() - 1);
}

/// Sums of squares between and within the clusters of an arm.
struct Variation {
  double between = 0;
  double within = 0;
  double units = 0;
  double squared_sizes = 0;
};

Variation variation_of(std::span<const Cluster> clusters) {
  Variation result;
  CompensatedSum sum;
  for (const Cluster& cluster : clusters) {
    const auto size = static_cast<double>(cluster.size);
    result.units += size;
    result.squared_sizes += size * size;
    result.within += cluster.squares;
    sum.add(size * cluster.mean);
  }
  const double mean = sum.value() / result.units;
  for (const Cluster& cluster : clusters) {
    result.between +=
        static_cast<double>(cluster.size) * (cluster.mean - mean) * (cluster.mean - mean);
  }
  return result;
}

struct Correlation {
  double icc = 0;
  double usual_size = 0;
};

/// By analysis of variance of clusters within `groups` of them.
std::optional<Correlation> correlation(std::initializer_list<std::span<const Cluster>> groups) {
  double clusters = 0;
  double between = 0;
  double within = 0;
  double units = 0;
  double shared = 0;
  for (const auto& group : groups) {
    const Variation found = variation_of(group);
    clusters += static_cast<double>(group.size());
    between += found.between;
    within += found.within;
    units += found.units;
    shared += found.squared_sizes / found.units;
  }
  const double df = clusters - static_cast<double>(groups.size());
  if (df <= 0 || units <= clusters) return std::nullopt;
  const double usual_size = (units - shared) / df;
  const double mean_between = between / df;
  const double mean_within = within / (units - clusters);
  const double total = mean_between + (usual_size - 1) * mean_within;
  if (!(total > 0)) return std::nullopt;
  return Correlation{.icc = (mean_between - mean_within) / total, .usual_size = usual_size};
}

}  // namespace

void Cluster::add(double value, std::int64_t count) {
  if (count == 0) return;
  // Chan, Golub and LeVeque (1983).
  const auto before = static_cast<double>(size);
  const auto more = static_cast<double>(count);
  const double away = value - mean;
  size += count;
  mean += away * more / static_cast<double>(size);
  squares += away * away * before * more / static_cast<double>(size);
}

std::string_view name_of(ClusterMethod method) {
  switch (method) {
    case ClusterMethod::kExact:
      return "exact_permutation";
    case ClusterMethod::kSampled:
      return "sampled_permutation";
    case ClusterMethod::kAsymptotic:
      break;
  }
  return "asymptotic_permutation";
}

ClusterTest compare_clusters(std::span<const Cluster> control, std::span<const Cluster> variant,
                             double confidence, std::uint64_t seed) {
  const std::vector<double> c = means_of(control);
  const std::vector<double> v = means_of(variant);
  ClusterTest test;
  test.clusters_control = static_cast<std::int64_t>(c.size());
  test.clusters_variant = static_cast<std::int64_t>(v.size());
  test.mean_control = mean_of(c);
  test.mean_variant = mean_of(v);
  test.difference = test.mean_variant - test.mean_control;
  Arrangements possible(c, v);
  test.method = possible.method();
  test.p_value = possible.p_value(test.method, seed);
  if (const auto found = correlation({control, variant})) {
    test.icc = found->icc;
    test.design_effect = 1 + (found->usual_size - 1) * found->icc;
  }
  if (c.size() < 2 || v.size() < 2) return test;
  const auto k_c = static_cast<double>(c.size());
  const auto k_v = static_cast<double>(v.size());
  const double error_c = variance_of(c, test.mean_control) / k_c;
  const double error_v = variance_of(v, test.mean_variant) / k_v;
  const double error = error_c + error_v;
  if (!(error > 0)) return test;
  const double share = error_c / error;
  test.error = std::sqrt(error);
  test.df = 1 / (share * share / (k_c - 1) + (1 - share) * (1 - share) / (k_v - 1));
  const double half = -student_t_quantile((1 - confidence) / 2, *test.df) * *test.error;
  test.interval = Interval{.lower = test.difference - half, .upper = test.difference + half};
  return test;
}

ClusterTest compare_clusters_within(std::span<const ClusterStratum> strata, double confidence,
                                    std::uint64_t seed) {
  ClusterTest test;
  std::vector<CentredStratum> centred;
  std::vector<std::pair<double, double>> differences;  // with their weights
  double weights = 0;
  CompensatedSum residual;
  for (const ClusterStratum& stratum : strata) {
    const std::vector<double> c = means_of(stratum.control);
    const std::vector<double> v = means_of(stratum.variant);
    const auto k_c = static_cast<double>(c.size());
    const auto k_v = static_cast<double>(v.size());
    const double mean_c = mean_of(c);
    const double mean_v = mean_of(v);
    const double weight = k_c * k_v / (k_c + k_v);
    test.clusters_control += static_cast<std::int64_t>(c.size());
    test.clusters_variant += static_cast<std::int64_t>(v.size());
    test.mean_control += weight * mean_c;
    test.mean_variant += weight * mean_v;
    weights += weight;
    differences.emplace_back(mean_v - mean_c, weight);
    for (const double mean : c) residual.add((mean - mean_c) * (mean - mean_c));
    for (const double mean : v) residual.add((mean - mean_v) * (mean - mean_v));
    centred.emplace_back(c, v);
  }
  test.mean_control /= weights;
  test.mean_variant /= weights;
  test.difference = test.mean_variant - test.mean_control;
  std::tie(test.method, test.p_value) = p_within(std::move(centred), seed);
  for (const auto& [difference, weight] : differences) {
    residual.add(weight * (difference - test.difference) * (difference - test.difference));
  }
  const auto df = static_cast<double>(test.clusters_control + test.clusters_variant) -
                  static_cast<double>(strata.size()) - 1;
  if (df < 1 || !(residual.value() > 0)) return test;
  test.df = df;
  test.error = std::sqrt(residual.value() / df / weights);
  const double half = -student_t_quantile((1 - confidence) / 2, df) * *test.error;
  test.interval = Interval{.lower = test.difference - half, .upper = test.difference + half};
  return test;
}

std::optional<double> intraclass_correlation(std::span<const Cluster> clusters) {
  if (clusters.empty()) return std::nullopt;
  const auto found = correlation({clusters});
  return found ? std::optional(found->icc) : std::nullopt;
}

bool clusters_differ(std::span<const double> control_means, std::span<const double> variant_means,
                     double alpha, std::uint64_t seed) {
  Arrangements possible(control_means, variant_means);
  const auto most_hits = static_cast<std::int64_t>(alpha * static_cast<double>(kDraws + 1));
  return possible.p_value(possible.method(), seed, most_hits) < alpha;
}

}  // namespace adgenome::stats
