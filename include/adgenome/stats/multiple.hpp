#pragma once

#include <span>
#include <vector>

namespace adgenome::stats {

// Adjusted p-values, in the order of the input.

/// Benjamini and Hochberg (1995): the smallest false discovery rate at which each is rejected.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

/// Holm (1979): the smallest family-wise error at which each is rejected.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace adgenome::stats
