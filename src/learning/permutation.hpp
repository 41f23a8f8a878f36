#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace adgenome::learning {

/// What the clusters of one dimension delivered in each stratum; by cluster, from 0.
struct ClusterTrials {
  std::uint32_t cluster = 0;
  std::uint32_t stratum = 0;
  double successes = 0;
  double trials = 0;
};

/// The share x in (0, 1] of a label in a cluster's trials; every other cluster has none of it.
struct LabelShare {
  std::uint32_t cluster = 0;
  double x = 0;
};

struct PermutationTest {
  double statistic = 0;
  double p = 1;
};

/// Whether labels of whole clusters go with success within strata:
///   U_g = sum_k (x_g - N1k / Nk) (y - n Yk / Nk) over the rows of cluster g, T = sum U_g,
///   W = T^2 / (G / (G - 1) sum U_g^2),
/// against W after exchanging labels between clusters of one block: all exchanges up to 10,000,
/// else 9,999 by `seed`. The same exchanges serve every label of the dimension.
class LabelPermutation {
 public:
  /// `trials` by cluster and stratum; `blocks` by cluster.
  LabelPermutation(std::span<const ClusterTrials> trials, std::span<const std::uint32_t> blocks,
                   std::uint32_t strata);

  /// One test a label.
  std::vector<PermutationTest> test(const std::vector<std::vector<LabelShare>>& labels,
                                    std::uint64_t seed, const std::string& stream) const;

 private:
  struct Cell {
    std::uint32_t stratum = 0;
    double residual = 0;  ///< y - n Yk / Nk
    double share = 0;     ///< n / Nk
  };
  struct Product {
    std::uint32_t stratum = 0;
    double value = 0;
  };
  /// Memory of one evaluation, kept between them.
  struct Scratch {
    std::vector<double> share;  ///< N1k / Nk by stratum, 0 between evaluations
    std::vector<std::uint32_t> touched;
  };

  double statistic(std::span<const LabelShare> labelled, Scratch& scratch) const;
  double squares_cluster_by_cluster(std::span<const LabelShare> labelled,
                                    const Scratch& scratch) const;
  double share_of(std::uint32_t cluster, const Scratch& scratch) const;
  double enumerated(std::span<const LabelShare> label, double observed) const;

  std::vector<Cell> cells_;
  std::vector<std::size_t> begin_;  ///< of a cluster's cells
  std::vector<double> sums_;        ///< of a cluster's residuals
  std::vector<std::vector<std::uint32_t>> blocks_;
  /// Sums over clusters of products of residuals of two strata, where they are fewer than cells.
  std::vector<Product> products_;
  std::vector<std::size_t> product_begin_;
  bool has_products_ = false;
  std::uint32_t strata_ = 0;
};

}  // namespace adgenome::learning
