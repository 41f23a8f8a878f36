#pragma once

#include <adgenome/core/workers.hpp>
#include <cstdint>
#include <functional>
#include <span>

#include "kernel.hpp"

namespace adgenome::visual {

struct Pair {
  std::int32_t first;
  std::int32_t second;
};

/// Calls `visit` with every pair first < second of the rows of `values` (`dimensions` numbers
/// each, none of them without a direction) whose cosine distance is at most `eps`, each once, in
/// batches and in no order. The rule at the border is that of cosine_distance().
///
/// Blocks of the upper triangle are screened in single precision; pairs that its rounding leaves
/// open are recomputed. Takes a few megabytes a worker.
template <class Real>
void for_each_near_pair(std::span<const Real> values, std::int64_t dimensions, double eps,
                        const core::Workers& workers, const Kernel& kernel,
                        const std::function<void(int worker, std::span<const Pair> pairs)>& visit);

}  // namespace adgenome::visual
