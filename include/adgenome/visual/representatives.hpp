#pragma once

#include <adgenome/visual/dbscan.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::visual {

/// Who stands for a cluster. All are positions of vectors.
struct Representatives {
  std::vector<std::size_t> members;   ///< in order
  std::size_t medoid = 0;             ///< has the smallest sum of distances to the members
  std::vector<std::size_t> examples;  ///< the members next to the medoid, nearest first
};

/// The representatives of each cluster of `clustering`, by its number; of equal ones the first.
/// `values` and `dimensions` are those that were clustered.
std::vector<Representatives> representatives(std::span<const float> values, std::int64_t dimensions,
                                             const Clustering& clustering,
                                             std::size_t example_count);
std::vector<Representatives> representatives(std::span<const double> values,
                                             std::int64_t dimensions, const Clustering& clustering,
                                             std::size_t example_count);

}  // namespace adgenome::visual
