#pragma once

#include <adgenome/core/files.hpp>
#include <cstdint>
#include <span>
#include <string>

namespace adgenome::ingest {

/// What the header of an .npy file says: a matrix of 32- or 64-bit floats, in C order.
struct NpyHeader {
  bool is_double = false;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// Reads a matrix as NumPy stores it (format versions 1 to 3 of numpy.lib.format), row by row.
/// Everything but little-endian float32 or float64 in C order with two dimensions is refused, and
/// so is a file that ends too early or goes on behind the last row.
class NpyReader {
 public:
  explicit NpyReader(core::Input input);

  const NpyHeader& header() const { return header_; }
  const std::string& name() const { return input_.name; }
  /// Reads the next row into header().columns numbers of the header's type; false at the end.
  bool next(std::span<float> row);
  bool next(std::span<double> row);

 private:
  template <class Real>
  bool read_row(std::span<Real> row);

  core::Input input_;
  NpyHeader header_;
  std::int64_t row_ = 0;
};

}  // namespace adgenome::ingest
