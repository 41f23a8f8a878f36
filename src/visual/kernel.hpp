#pragma once

#include <cstdint>
#include <span>

namespace adgenome::visual {

/// A single-precision product of two small panels, in the widest form that this processor has.
/// It screens only: what follows from it is decided in double precision near the border, so that
/// results do not depend on the form.
struct Kernel {
  int rows;     ///< vectors of the left panel
  int columns;  ///< vectors of the right panel

  /// Dot products of every vector of `left` with every vector of `right`. A panel holds its
  /// vectors interleaved: element k of vector v at [k * rows + v] (or columns). Where any product
  /// is at least `floor`, writes all to `products` (rows x columns) and returns true. `right` is
  /// aligned to 64 bytes.
  bool (*multiply)(const float* left, const float* right, std::int64_t depth, float floor,
                   float* products);
};

/// The kernels that this processor can run, widest first; the last runs everywhere.
std::span<const Kernel> kernels();

}  // namespace adgenome::visual
