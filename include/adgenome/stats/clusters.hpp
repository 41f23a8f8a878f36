#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace adgenome::stats {

/// Units that were made together and do alike: the ads of a run.
struct Cluster {
  std::int64_t size = 0;
  double mean = 0;
  double squares = 0;  ///< sum of squared deviations from the mean

  /// `count` units of this value more.
  void add(double value, std::int64_t count = 1);
};

enum class ClusterMethod {
  kExact,       ///< every arrangement of the clusters over the arms
  kSampled,     ///< 9,999 arrangements drawn, and the one that is there
  kAsymptotic,  ///< the normal law that the arrangements tend to: for very many clusters
};
std::string_view name_of(ClusterMethod method);

/// Variant against control, each cluster one observation: its mean.
struct ClusterTest {
  std::int64_t clusters_control = 0;
  std::int64_t clusters_variant = 0;
  double mean_control = 0;  ///< of the cluster means
  double mean_variant = 0;
  double difference = 0;
  double p_value = 1;  ///< two-sided: share of arrangements at least as far from 0
  ClusterMethod method = ClusterMethod::kExact;
  std::optional<double> error;       ///< standard error of the difference, by Welch
  std::optional<double> df;          ///< of Welch's t on the cluster means
  std::optional<Interval> interval;  ///< by Welch's t on the cluster means
  /// By analysis of variance within the arms (Donner 1986); absent where every cluster is one
  /// unit, no arm has two clusters, or nothing varies.
  std::optional<double> icc;
  /// 1 + (m0 - 1) icc: how many times wider than for units of their own the variance is.
  std::optional<double> design_effect;
};

/// Both arms hold a cluster at least, and none is empty. The same seed draws the same arrangements.
ClusterTest compare_clusters(std::span<const Cluster> control, std::span<const Cluster> variant,
                             double confidence, std::uint64_t seed);

/// Clusters of both arms that were made for the same thing; each arm has one at least.
struct ClusterStratum {
  std::vector<Cluster> control;
  std::vector<Cluster> variant;
};

/// The same within strata, of which there is one at least. `difference` is that of the cluster
/// means of each stratum, weighted by n_c n_v / (n_c + n_v), and the means are weighted likewise;
/// arms are exchanged within the strata only. `error`, `df` and `interval` are those of least
/// squares with an effect of the arm and one of each stratum. There is no `icc`.
ClusterTest compare_clusters_within(std::span<const ClusterStratum> strata, double confidence,
                                    std::uint64_t seed);

/// Of one group of clusters; absent where there are fewer than two, all are one unit, or nothing
/// varies.
std::optional<double> intraclass_correlation(std::span<const Cluster> clusters);

/// Whether compare_clusters gives a p below alpha: draws no more arrangements than that takes.
bool clusters_differ(std::span<const double> control_means, std::span<const double> variant_means,
                     double alpha, std::uint64_t seed);

}  // namespace adgenome::stats
