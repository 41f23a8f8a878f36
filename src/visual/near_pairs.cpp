#include "near_pairs.hpp"

#include <adgenome/visual/dbscan.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <vector>

namespace adgenome::visual {
namespace {

// The right block stays in the cache that the cores share; it is packed again for every left
// block, which therefore is larger. A strip of left panels stays in a core's own cache.
constexpr std::int64_t kRightBytes = 3 << 20;
constexpr std::int64_t kLeftBytes = 6 << 20;
constexpr std::int64_t kStripBytes = 400 << 10;
constexpr std::int64_t kMostRows = 4096;
constexpr std::align_val_t kAlignment{64};

struct Aligned {
  void operator()(float* memory) const { ::operator delete[](memory, kAlignment); }
};

std::int64_t round_up(std::int64_t value, std::int64_t step) {
  return (value + step - 1) / step * step;
}

std::int64_t rows_that_fit(std::int64_t bytes, std::int64_t dimensions, std::int64_t count,
                           std::int64_t step) {
  const std::int64_t fitting = bytes / (dimensions * static_cast<std::int64_t>(sizeof(float)));
  const std::int64_t rows = std::min({fitting, count, kMostRows});
  return std::max(rows / step, std::int64_t{1}) * step;
}

/// Similarities in single precision that are certainly near, and those that are certainly not.
struct Borders {
  float possible;
  float certain;
};

/// Rounding the unit vectors to float and summing d products errs by less than (d + 8) units of
/// 2^-24 of |x||y| = 1 (Higham 2002, 3.1), whatever the order of the sum; doubled for good measure.
Borders borders(double eps, std::int64_t dimensions) {
  const double margin = static_cast<double>(2 * dimensions + 16) * 0x1p-24;
  const double similarity = 1.0 - eps;
  return {std::nextafter(static_cast<float>(similarity - margin), -4.0F),
          std::nextafter(static_cast<float>(similarity + margin), 4.0F)};
}

/// Unit vectors of the rows [begin, end), interleaved in panels of `width`; the last panel is
/// filled up with zeros.
template <class Real>
class Block {
 public:
  Block(std::int64_t rows, std::int64_t width, std::int64_t dimensions)
      : width_(width),
        dimensions_(dimensions),
        memory_(static_cast<float*>(::operator new[](
            static_cast<std::size_t>(round_up(rows, width) * dimensions) * sizeof(float),
            kAlignment))) {}

  void pack(std::span<const Real> values, std::span<const double> lengths, std::int64_t begin,
            std::int64_t end) {
    begin_ = begin;
    end_ = end;
    constexpr std::int64_t kSlice = 16;  // elements of all rows of a panel that stay in L1
    for (std::int64_t panel = 0; panel < panels(); ++panel) {
      float* const target = memory_.get() + panel * width_ * dimensions_;
      for (std::int64_t slice = 0; slice < dimensions_; slice += kSlice) {
        const std::int64_t slice_end = std::min(slice + kSlice, dimensions_);
        for (std::int64_t lane = 0; lane < width_; ++lane) {
          const std::int64_t row = begin + panel * width_ + lane;
          const Real* source = values.data() + std::min(row, end - 1) * dimensions_;
          const double scale = row < end ? 1.0 / lengths[static_cast<std::size_t>(row)] : 0.0;
          for (std::int64_t k = slice; k < slice_end; ++k) {
            target[k * width_ + lane] = static_cast<float>(static_cast<double>(source[k]) * scale);
          }
        }
      }
    }
  }

  std::int64_t begin() const { return begin_; }
  std::int64_t end() const { return end_; }
  std::int64_t panels() const { return (end_ - begin_ + width_ - 1) / width_; }
  const float* panel(std::int64_t index) const {
    return memory_.get() + index * width_ * dimensions_;
  }

 private:
  std::int64_t width_;
  std::int64_t dimensions_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::unique_ptr<float[], Aligned> memory_;
};

/// What one worker does: its buffers, and the products of two blocks at a time.
template <class Real>
class Screen {
 public:
  Screen(std::span<const Real> values, std::span<const double> lengths, std::int64_t dimensions,
         double eps, const Kernel& kernel, std::int64_t left_rows, std::int64_t right_rows)
      : values_(values),
        lengths_(lengths),
        dimensions_(dimensions),
        eps_(eps),
        borders_(borders(eps, dimensions)),
        kernel_(kernel),
        right_rows_(right_rows),
        left_(left_rows, kernel.rows, dimensions),
        right_(right_rows, kernel.columns, dimensions),
        products_(static_cast<std::size_t>(kernel.rows * kernel.columns)) {}

  /// All pairs of a row in [begin, end) with one of a higher index.
  template <class Visit>
  void run(std::int64_t begin, std::int64_t end, std::int64_t count, const Visit& visit) {
    left_.pack(values_, lengths_, begin, end);
    for (std::int64_t column = begin; column < count; column += right_rows_) {
      right_.pack(values_, lengths_, column, std::min(column + right_rows_, count));
      multiply_blocks(visit);
    }
  }

 private:
  template <class Visit>
  void multiply_blocks(const Visit& visit) {
    const std::int64_t strip = std::max<std::int64_t>(
        1, kStripBytes / (kernel_.rows * dimensions_ * static_cast<std::int64_t>(sizeof(float))));
    for (std::int64_t start = 0; start < left_.panels(); start += strip) {
      const std::int64_t stop = std::min(start + strip, left_.panels());
      for (std::int64_t right = 0; right < right_.panels(); ++right) {
        for (std::int64_t left = start; left < stop; ++left) multiply_panels(left, right, visit);
      }
    }
  }

  template <class Visit>
  void multiply_panels(std::int64_t left, std::int64_t right, const Visit& visit) {
    const std::int64_t first_row = left_.begin() + left * kernel_.rows;
    const std::int64_t first_column = right_.begin() + right * kernel_.columns;
    const std::int64_t last_column = std::min(first_column + kernel_.columns, right_.end()) - 1;
    if (first_row >= last_column) return;  // below the diagonal
    if (!kernel_.multiply(left_.panel(left), right_.panel(right), dimensions_, borders_.possible,
                          products_.data())) {
      return;
    }
    pairs_.clear();
    const std::int64_t last_row = std::min(first_row + kernel_.rows, left_.end()) - 1;
    for (std::int64_t row = first_row; row <= last_row; ++row) {
      const float* products =
          &products_[static_cast<std::size_t>((row - first_row) * kernel_.columns)];
      for (std::int64_t column = std::max(first_column, row + 1); column <= last_column; ++column) {
        const float product = products[column - first_column];
        if (product < borders_.possible) continue;
        if (product < borders_.certain && !is_near(row, column)) continue;
        pairs_.push_back({static_cast<std::int32_t>(row), static_cast<std::int32_t>(column)});
      }
    }
    if (!pairs_.empty()) visit(std::span<const Pair>(pairs_));
  }

  bool is_near(std::int64_t row, std::int64_t column) const {
    const auto size = static_cast<std::size_t>(dimensions_);
    return cosine_distance(values_.subspan(static_cast<std::size_t>(row) * size, size),
                           lengths_[static_cast<std::size_t>(row)],
                           values_.subspan(static_cast<std::size_t>(column) * size, size),
                           lengths_[static_cast<std::size_t>(column)]) <= eps_;
  }

  std::span<const Real> values_;
  std::span<const double> lengths_;
  std::int64_t dimensions_;
  double eps_;
  Borders borders_;
  const Kernel& kernel_;
  std::int64_t right_rows_;
  Block<Real> left_;
  Block<Real> right_;
  std::vector<float> products_;
  std::vector<Pair> pairs_;
};

}  // namespace

template <class Real>
void for_each_near_pair(std::span<const Real> values, std::int64_t dimensions, double eps,
                        const core::Workers& workers, const Kernel& kernel,
                        const std::function<void(int worker, std::span<const Pair> pairs)>& visit) {
  const std::int64_t count = static_cast<std::int64_t>(values.size()) / dimensions;
  std::vector<double> lengths;
  lengths.reserve(static_cast<std::size_t>(count));
  for (std::int64_t row = 0; row < count; ++row) {
    lengths.push_back(length(values.subspan(static_cast<std::size_t>(row * dimensions),
                                            static_cast<std::size_t>(dimensions))));
  }
  const std::int64_t left_rows = rows_that_fit(kLeftBytes, dimensions, count, kernel.rows);
  const std::int64_t right_rows = rows_that_fit(kRightBytes, dimensions, count, kernel.columns);
  // Row blocks by falling work, so that the workers end together.
  std::atomic<std::int64_t> next = 0;
  workers.run([&](int worker) {
    Screen<Real> screen(values, lengths, dimensions, eps, kernel, left_rows, right_rows);
    const auto visit_here = [&](std::span<const Pair> pairs) { visit(worker, pairs); };
    for (;;) {
      const std::int64_t begin = next.fetch_add(left_rows);
      if (begin >= count) return;
      screen.run(begin, std::min(begin + left_rows, count), count, visit_here);
    }
  });
}

template void for_each_near_pair(std::span<const float>, std::int64_t, double, const core::Workers&,
                                 const Kernel&,
                                 const std::function<void(int, std::span<const Pair>)>&);
template void for_each_near_pair(std::span<const double>, std::int64_t, double,
                                 const core::Workers&, const Kernel&,
                                 const std::function<void(int, std::span<const Pair>)>&);

}  // namespace adgenome::visual
