#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace adgenome::stats {

/// Values of one arm: the distinct ones, ascending, and how often each occurred. Where all
/// occurred once `counts` is empty, so that ten million doubles take 80 MB.
struct Sample {
  std::vector<double> values;
  std::vector<std::int64_t> counts;
  std::int64_t size = 0;  ///< sum of the counts

  std::int64_t count_at(std::size_t i) const { return counts.empty() ? 1 : counts[i]; }
};

/// The most values that one sample may stand for: 2^53, so that every count is a double exactly.
inline constexpr std::int64_t kMaxSampleSize = std::int64_t{1} << 53;

/// Sorts and folds finite values, in any order.
Sample make_sample(std::vector<double> values);

/// Collects values in any order in memory that depends on how many distinct ones there are.
class SampleBuilder {
 public:
  /// `value` finite, `count` 0 or more. Throws InvalidInput beyond kMaxSampleSize.
  void add(double value, std::int64_t count = 1);
  Sample build() &&;

 private:
  void fold();

  Sample folded_;
  std::vector<double> singles_;
  std::vector<std::pair<double, std::int64_t>> weighted_;
  std::int64_t size_ = 0;
};

/// Whether every value is 0 or 1.
bool is_binary(const Sample& sample);
/// Of a binary sample: how many are 1.
std::int64_t successes(const Sample& sample);

struct Moments {
  double sum = 0;
  double mean = 0;      ///< 0 for an empty sample
  double variance = 0;  ///< with n - 1; 0 below two values
};

/// Compensated sums, so that the result does not hang on the size of the sample.
Moments moments(const Sample& sample);

}  // namespace adgenome::stats
