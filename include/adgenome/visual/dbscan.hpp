#pragma once

#include <adgenome/core/workers.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::visual {

struct DbscanSettings {
  double eps = 0.3;              ///< largest cosine distance of neighbours, in (0, 2]
  std::int64_t min_samples = 3;  ///< neighbours that make a core point, itself counted
};

struct Clustering {
  static constexpr std::int32_t kNoise = -1;

  std::vector<std::int32_t> labels;  ///< cluster of each vector, from 0, or kNoise
  std::vector<bool> is_core;
  std::int32_t cluster_count = 0;
};

/// Euclidean length, in double precision. Zero and infinity say that a vector has no direction.
double length(std::span<const float> vector);
double length(std::span<const double> vector);

/// 1 - x.y of the unit vectors, in double precision, cut to [0, 2]: what decides at the border.
double cosine_distance(std::span<const float> x, double x_length, std::span<const float> y,
                       double y_length);
double cosine_distance(std::span<const double> x, double x_length, std::span<const double> y,
                       double y_length);

/// DBSCAN (Ester, Kriegel, Sander, Xu 1996) on cosine distance, exact: labels and core points are
/// those of scikit-learn's DBSCAN(metric="cosine") on the same values as float64. Clusters are
/// numbered by their first core point; a border point that several clusters reach is of the
/// first of them.
///
/// `values`: vectors of `dimensions` numbers, one after the other, each with a direction.
/// Memory beside them: a few megabytes a worker and O(n * min_samples), never n x n. The result
/// does not depend on the number of workers.
Clustering dbscan(std::span<const float> values, std::int64_t dimensions,
                  const DbscanSettings& settings, const core::Workers& workers);
Clustering dbscan(std::span<const double> values, std::int64_t dimensions,
                  const DbscanSettings& settings, const core::Workers& workers);

}  // namespace adgenome::visual
