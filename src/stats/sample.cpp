#include <adgenome/core/error.hpp>
#include <adgenome/stats/sample.hpp>
#include <algorithm>
#include <cmath>

#include "compensated.hpp"
#include "radix_sort.hpp"

namespace adgenome::stats {
namespace {

/// Adds to the end of an ascending sample.
void append(Sample& sample, double value, std::int64_t count) {
  if (!sample.values.empty() && sample.values.back() == value) {
    if (sample.counts.empty()) sample.counts.assign(sample.values.size(), 1);
    sample.counts.back() += count;
  } else {
    if (sample.counts.empty() && count != 1) sample.counts.assign(sample.values.size(), 1);
    sample.values.push_back(value);
    if (!sample.counts.empty() || count != 1) sample.counts.push_back(count);
  }
  sample.size += count;
}

Sample merge(Sample a, Sample b) {
  if (a.values.empty()) return b;
  if (b.values.empty()) return a;
  Sample merged;
  merged.values.reserve(a.values.size() + b.values.size());
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.values.size() || j < b.values.size()) {
    const bool takes_a =
        j == b.values.size() || (i < a.values.size() && a.values[i] <= b.values[j]);
    if (takes_a) {
      append(merged, a.values[i], a.count_at(i));
      ++i;
    } else {
      append(merged, b.values[j], b.count_at(j));
      ++j;
    }
  }
  return merged;
}

}  // namespace

Sample make_sample(std::vector<double> values) {
  for (double& value : values) value += 0.0;  // -0 becomes 0
  sort_values(values);
  Sample sample;
  sample.size = static_cast<std::int64_t>(values.size());
  if (std::adjacent_find(values.begin(), values.end()) == values.end()) {
    sample.values = std::move(values);
    return sample;
  }
  // Folded in place: the distinct values move to the front.
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    values[distinct++] = values[i];
    sample.counts.push_back(static_cast<std::int64_t>(end - i));
    i = end;
  }
  values.resize(distinct);
  sample.values = std::move(values);
  return sample;
}

void SampleBuilder::add(double value, std::int64_t count) {
  if (count == 0) return;
  if (count > kMaxSampleSize - size_) {
    throw core::InvalidInput("the counts of one arm add up to more than 2^53");
  }
  size_ += count;
  if (count == 1) {
    singles_.push_back(value);
  } else {
    weighted_.emplace_back(value + 0.0, count);
  }
  // As many again as there are already: every value takes part in few merges.
  constexpr std::size_t kLeast = std::size_t{1} << 16;
  if (singles_.size() + weighted_.size() >= std::max(kLeast, folded_.values.size())) fold();
}

void SampleBuilder::fold() {
  folded_ = merge(std::move(folded_), make_sample(std::exchange(singles_, {})));
  std::sort(weighted_.begin(), weighted_.end());
  Sample weighted;
  for (const auto& [value, count] : weighted_) append(weighted, value, count);
  weighted_.clear();
  folded_ = merge(std::move(folded_), std::move(weighted));
}

Sample SampleBuilder::build() && {
  fold();
  return std::move(folded_);
}

bool is_binary(const Sample& sample) {
  return std::all_of(sample.values.begin(), sample.values.end(),
                     [](double value) { return value == 0 || value == 1; });
}

std::int64_t successes(const Sample& sample) {
  return sample.values.empty() || sample.values.back() != 1
             ? 0
             : sample.count_at(sample.values.size() - 1);
}

Moments moments(const Sample& sample) {
  Moments result;
  if (sample.size == 0) return result;
  const auto n = static_cast<double>(sample.size);
  CompensatedSum sum;
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    const auto count = static_cast<double>(sample.count_at(i));
    const double product = sample.values[i] * count;
    sum.add(product);
    if (count != 1) sum.add(std::fma(sample.values[i], count, -product));
  }
  result.sum = sum.value();
  result.mean = result.sum / n;
  if (sample.size < 2) return result;
  // Around the mean, corrected for the mean's own rounding (Chan, Golub and LeVeque 1983).
  CompensatedSum squares;
  CompensatedSum deviations;
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    const auto count = static_cast<double>(sample.count_at(i));
    const double deviation = sample.values[i] - result.mean;
    squares.add(count * deviation * deviation);
    deviations.add(count * deviation);
  }
  if (sample.values.size() == 1) return result;
  const double correction = deviations.value() * deviations.value() / n;
  result.variance = std::max(0.0, squares.value() - correction) / (n - 1);
  return result;
}

}  // namespace adgenome::stats
