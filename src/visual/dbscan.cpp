#include <adgenome/visual/dbscan.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "near_pairs.hpp"

namespace adgenome::visual {
namespace {

template <class Real>
double length_of(std::span<const Real> vector) {
  double squares = 0;
  for (const Real value : vector)
    squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares);
}

template <class Real>
double distance_of(std::span<const Real> x, double x_length, std::span<const Real> y,
                   double y_length) {
  double similarity = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    similarity += (static_cast<double>(x[k]) / x_length) * (static_cast<double>(y[k]) / y_length);
  }
  return std::clamp(1.0 - similarity, 0.0, 2.0);
}

/// Disjoint sets; the root of a set is its lowest member.
class Forest {
 public:
  explicit Forest(std::size_t size) : parents_(size) {
    std::iota(parents_.begin(), parents_.end(), std::int32_t{0});
  }

  std::int32_t root(std::int32_t node) {
    while (parent(node) != node) {
      parent(node) = parent(parent(node));
      node = parent(node);
    }
    return node;
  }

  void unite(std::int32_t a, std::int32_t b) {
    a = root(a);
    b = root(b);
    if (a != b) parent(std::max(a, b)) = std::min(a, b);
  }

 private:
  std::int32_t& parent(std::int32_t node) { return parents_[static_cast<std::size_t>(node)]; }
  std::vector<std::int32_t> parents_;
};

/// How many neighbours every point has, as far as that matters: no further than core points need.
class NeighbourCounts {
 public:
  NeighbourCounts(std::size_t points, std::int64_t min_samples)
      : counts_(points),
        enough_(static_cast<std::int32_t>(
            std::min<std::int64_t>(min_samples, static_cast<std::int64_t>(points) + 1))) {
    for (auto& count : counts_) count.store(1, std::memory_order_relaxed);
  }

  bool is_core(std::int32_t point) const {
    return counts_[static_cast<std::size_t>(point)].load(std::memory_order_relaxed) >= enough_;
  }
  /// Counts a neighbour; says whether the point is known to be a core point now.
  bool add(std::int32_t point) {
    if (is_core(point)) return true;
    auto& count = counts_[static_cast<std::size_t>(point)];
    return count.fetch_add(1, std::memory_order_relaxed) + 1 >= enough_;
  }

 private:
  std::vector<std::atomic<std::int32_t>> counts_;
  std::int32_t enough_;
};

/// What a worker found. A pair of two core points is united at once and forgotten; the others
/// wait until all neighbours are counted. A point waits in fewer than min_samples pairs for its
/// own sake, which is what bounds the memory.
struct Findings {
  Forest forest;
  std::vector<Pair> waiting;
};

template <class Real>
Clustering cluster(std::span<const Real> values, std::int64_t dimensions,
                   const DbscanSettings& settings, const core::Workers& workers) {
  const std::size_t points = values.size() / static_cast<std::size_t>(dimensions);
  NeighbourCounts counts(points, settings.min_samples);
  std::vector<Findings> findings(static_cast<std::size_t>(workers.count()),
                                 Findings{.forest = Forest(points), .waiting = {}});
  for_each_near_pair(values, dimensions, settings.eps, workers, kernels().front(),
                     [&](int worker, std::span<const Pair> pairs) {
                       Findings& mine = findings[static_cast<std::size_t>(worker)];
                       for (const Pair& pair : pairs) {
                         const bool first_is_core = counts.add(pair.first);
                         const bool second_is_core = counts.add(pair.second);
                         if (first_is_core && second_is_core) {
                           mine.forest.unite(pair.first, pair.second);
                         } else {
                           mine.waiting.push_back(pair);
                         }
                       }
                     });

  Forest& forest = findings.front().forest;
  for (Findings& other : findings) {
    for (std::size_t point = 0; point < points; ++point) {
      const auto node = static_cast<std::int32_t>(point);
      forest.unite(node, other.forest.root(node));
    }
    for (const Pair& pair : other.waiting) {
      if (counts.is_core(pair.first) && counts.is_core(pair.second)) {
        forest.unite(pair.first, pair.second);
      }
    }
  }

  Clustering result{.labels = std::vector<std::int32_t>(points, Clustering::kNoise),
                    .is_core = std::vector<bool>(points),
                    .cluster_count = 0};
  for (std::size_t point = 0; point < points; ++point) {
    const auto node = static_cast<std::int32_t>(point);
    if (!counts.is_core(node)) continue;
    result.is_core[point] = true;
    const std::int32_t root = forest.root(node);  // not behind `point`: it has its label
    result.labels[point] =
        root == node ? result.cluster_count++ : result.labels[static_cast<std::size_t>(root)];
  }
  const auto reach = [&](std::int32_t core, std::int32_t border) {
    std::int32_t& label = result.labels[static_cast<std::size_t>(border)];
    const std::int32_t offered = result.labels[static_cast<std::size_t>(core)];
    label = label == Clustering::kNoise ? offered : std::min(label, offered);
  };
  for (const Findings& found : findings) {
    for (const Pair& pair : found.waiting) {
      const bool first_is_core = counts.is_core(pair.first);
      if (first_is_core == counts.is_core(pair.second)) continue;
      first_is_core ? reach(pair.first, pair.second) : reach(pair.second, pair.first);
    }
  }
  return result;
}

}  // namespace

double length(std::span<const float> vector) {
  return length_of(vector);
}
double length(std::span<const double> vector) {
  return length_of(vector);
}

double cosine_distance(std::span<const float> x, double x_length, std::span<const float> y,
                       double y_length) {
  return distance_of(x, x_length, y, y_length);
}
double cosine_distance(std::span<const double> x, double x_length, std::span<const double> y,
                       double y_length) {
  return distance_of(x, x_length, y, y_length);
}

Clustering dbscan(std::span<const float> values, std::int64_t dimensions,
                  const DbscanSettings& settings, const core::Workers& workers) {
  return cluster(values, dimensions, settings, workers);
}
Clustering dbscan(std::span<const double> values, std::int64_t dimensions,
                  const DbscanSettings& settings, const core::Workers& workers) {
  return cluster(values, dimensions, settings, workers);
}

}  // namespace adgenome::visual
