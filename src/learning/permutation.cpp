#include "permutation.hpp"

#include <adgenome/core/random.hpp>
#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace adgenome::learning {
namespace {

constexpr double kMostEnumerated = 10'000;
constexpr int kPermutations = 9'999;
/// Equal statistics of two labellings differ by rounding.
constexpr double kTie = 1 - 1e-9;

/// In how many ways the labels of a block can be exchanged.
double arrangements(std::span<const std::uint32_t> block, const std::vector<double>& x) {
  std::map<double, int> placed;
  double ways = 1;
  int count = 0;
  for (const std::uint32_t cluster : block) {
    ways *= ++count;
    ways /= ++placed[x[cluster]];
    if (ways > kMostEnumerated * kMostEnumerated) break;
  }
  return ways;
}

std::vector<double> by_cluster(std::span<const LabelShare> label, std::size_t clusters) {
  std::vector<double> x(clusters);
  for (const LabelShare& each : label) x[each.cluster] = each.x;
  return x;
}

}  // namespace

LabelPermutation::LabelPermutation(std::span<const ClusterTrials> trials,
                                   std::span<const std::uint32_t> blocks, std::uint32_t strata)
    : begin_(blocks.size() + 1), sums_(blocks.size()), strata_(strata) {
  std::vector<double> all(strata);
  std::vector<double> successes(strata);
  for (const ClusterTrials& each : trials) {
    all[each.stratum] += each.trials;
    successes[each.stratum] += each.successes;
  }
  for (const ClusterTrials& each : trials) {
    const std::uint32_t k = each.stratum;
    const double residual = each.successes - each.trials * successes[k] / all[k];
    cells_.push_back({.stratum = k, .residual = residual, .share = each.trials / all[k]});
    sums_[each.cluster] += residual;
    begin_[each.cluster + 1] = cells_.size();
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_block;
  for (std::uint32_t g = 0; g < blocks.size(); ++g) by_block[blocks[g]].push_back(g);
  for (auto& [name, clusters] : by_block) blocks_.push_back(std::move(clusters));

  std::size_t pairs = 0;
  for (std::size_t g = 0; g < blocks.size(); ++g) {
    const std::size_t count = begin_[g + 1] - begin_[g];
    pairs += count * count;
  }
  if (pairs > 2 * cells_.size()) return;
  has_products_ = true;
  std::vector<std::map<std::uint32_t, double>> products(strata);
  for (std::size_t g = 0; g < blocks.size(); ++g) {
    for (std::size_t i = begin_[g]; i < begin_[g + 1]; ++i) {
      for (std::size_t j = begin_[g]; j < begin_[g + 1]; ++j) {
        products[cells_[i].stratum][cells_[j].stratum] += cells_[i].residual * cells_[j].residual;
      }
    }
  }
  for (const auto& row : products) {
    product_begin_.push_back(products_.size());
    for (const auto& [stratum, value] : row) products_.push_back({stratum, value});
  }
  product_begin_.push_back(products_.size());
}

double LabelPermutation::share_of(std::uint32_t cluster, const Scratch& scratch) const {
  double sum = 0;
  for (std::size_t i = begin_[cluster]; i < begin_[cluster + 1]; ++i) {
    sum += scratch.share[cells_[i].stratum] * cells_[i].residual;
  }
  return sum;
}

double LabelPermutation::squares_cluster_by_cluster(std::span<const LabelShare> labelled,
                                                    const Scratch& scratch) const {
  double squares = 0;
  for (std::uint32_t g = 0; g < sums_.size(); ++g) {
    const double u = share_of(g, scratch);
    squares += u * u;
  }
  for (const LabelShare& each : labelled) {
    const double own = each.x * sums_[each.cluster];
    squares += own * (own - 2 * share_of(each.cluster, scratch));
  }
  return squares;
}

double LabelPermutation::statistic(std::span<const LabelShare> labelled, Scratch& scratch) const {
  // U_g = x_g sum_k r_gk - sum_k m_k r_gk with r the residuals and m the shares of the label. The
  // residuals of a stratum add up to 0, so T needs the first part alone, and the squares of the
  // second need only the products of residuals of two strata.
  double total = 0;
  scratch.touched.clear();
  for (const auto& [cluster, x] : labelled) {
    total += x * sums_[cluster];
    for (std::size_t i = begin_[cluster]; i < begin_[cluster + 1]; ++i) {
      double& share = scratch.share[cells_[i].stratum];
      if (share == 0) scratch.touched.push_back(cells_[i].stratum);
      share += x * cells_[i].share;
    }
  }
  double squares = 0;
  if (has_products_) {
    for (const std::uint32_t k : scratch.touched) {
      double row = 0;
      for (std::size_t i = product_begin_[k]; i < product_begin_[k + 1]; ++i) {
        row += scratch.share[products_[i].stratum] * products_[i].value;
      }
      squares += scratch.share[k] * row;
    }
    for (const auto& [cluster, x] : labelled) {
      const double own = x * sums_[cluster];
      squares += own * (own - 2 * share_of(cluster, scratch));
    }
  } else {
    squares = squares_cluster_by_cluster(labelled, scratch);
  }
  for (const std::uint32_t k : scratch.touched) scratch.share[k] = 0;
  const auto clusters = static_cast<double>(sums_.size());
  if (!(squares > 1e-20 * total * total) || clusters < 2) return 0;
  return total * total / (clusters / (clusters - 1) * squares);
}

double LabelPermutation::enumerated(std::span<const LabelShare> label, double observed) const {
  const std::vector<double> x = by_cluster(label, sums_.size());
  // The exchanges of the blocks as the digits of a number: the first block counts fastest.
  std::vector<std::vector<double>> placed;
  for (const auto& block : blocks_) {
    std::vector<double>& values = placed.emplace_back();
    for (const std::uint32_t cluster : block) values.push_back(x[cluster]);
    std::ranges::sort(values);
  }
  Scratch scratch{.share = std::vector<double>(strata_), .touched = {}};
  std::vector<LabelShare> labelled;
  double count = 0;
  double extreme = 0;
  for (bool is_over = false; !is_over;) {
    labelled.clear();
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      for (std::size_t i = 0; i < blocks_[b].size(); ++i) {
        if (placed[b][i] > 0) labelled.push_back({.cluster = blocks_[b][i], .x = placed[b][i]});
      }
    }
    ++count;
    if (statistic(labelled, scratch) >= observed * kTie) ++extreme;
    is_over = true;
    for (auto& values : placed) {
      if (std::ranges::next_permutation(values).found) {
        is_over = false;
        break;
      }
    }
  }
  return extreme / count;
}

std::vector<PermutationTest> LabelPermutation::test(
    const std::vector<std::vector<LabelShare>>& labels, std::uint64_t seed,
    const std::string& stream) const {
  Scratch scratch{.share = std::vector<double>(strata_), .touched = {}};
  std::vector<PermutationTest> tests(labels.size());
  std::vector<std::size_t> sampled;  // labels of too many exchanges
  for (std::size_t v = 0; v < labels.size(); ++v) {
    tests[v].statistic = statistic(labels[v], scratch);
    const std::vector<double> x = by_cluster(labels[v], sums_.size());
    double ways = 1;
    for (const auto& block : blocks_) ways *= arrangements(block, x);
    if (ways <= kMostEnumerated + 0.5) {
      tests[v].p = enumerated(labels[v], tests[v].statistic);
    } else {
      sampled.push_back(v);
    }
  }
  if (sampled.empty()) return tests;

  core::RandomStream random(seed, stream);
  std::vector<std::uint32_t> place(sums_.size());
  std::vector<int> extreme(labels.size());
  std::vector<LabelShare> exchanged;
  for (int b = 0; b < kPermutations; ++b) {
    for (const auto& block : blocks_) {
      for (std::size_t i = 0; i < block.size(); ++i) {
        const std::size_t j = random.next_below(i + 1);
        place[block[i]] = place[block[j]];
        place[block[j]] = block[i];
      }
    }
    for (const std::size_t v : sampled) {
      exchanged.clear();
      for (const auto& [cluster, x] : labels[v]) exchanged.push_back({place[cluster], x});
      if (statistic(exchanged, scratch) >= tests[v].statistic * kTie) ++extreme[v];
    }
  }
  for (const std::size_t v : sampled) tests[v].p = (1.0 + extreme[v]) / (kPermutations + 1.0);
  return tests;
}

}  // namespace adgenome::learning
