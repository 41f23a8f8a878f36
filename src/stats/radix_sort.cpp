#include "radix_sort.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace adgenome::stats {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr int kDigitBits = 11;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr int kPasses = 6;  // 6 digits of 11 bits hold 64

/// Unsigned integers in the order of the doubles.
std::uint64_t key_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double value_of(std::uint64_t key) {
  return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key);
}

std::size_t digit_of(std::uint64_t key, int pass) {
  return (key >> (pass * kDigitBits)) & (kBuckets - 1);
}

}  // namespace

void sort_values(std::vector<double>& values) {
  constexpr std::size_t kSmall = 4096;
  if (values.size() < kSmall) {
    std::sort(values.begin(), values.end());
    return;
  }
  const std::size_t size = values.size();
  const auto first = std::make_unique_for_overwrite<std::uint64_t[]>(size);
  const auto second = std::make_unique_for_overwrite<std::uint64_t[]>(size);
  std::vector<std::array<std::size_t, kBuckets>> histograms(kPasses);
  for (std::size_t i = 0; i < size; ++i) {
    first[i] = key_of(values[i]);
    for (int pass = 0; pass < kPasses; ++pass) ++histograms[pass][digit_of(first[i], pass)];
  }
  std::uint64_t* from = first.get();
  std::uint64_t* to = second.get();
  for (int pass = 0; pass < kPasses; ++pass) {
    std::array<std::size_t, kBuckets>& position = histograms[pass];
    if (position[digit_of(from[0], pass)] == size) continue;  // the same digit everywhere
    std::size_t start = 0;
    for (std::size_t& count : position) start += std::exchange(count, start);
    for (std::size_t i = 0; i < size; ++i) to[position[digit_of(from[i], pass)]++] = from[i];
    std::swap(from, to);
  }
  for (std::size_t i = 0; i < size; ++i) values[i] = value_of(from[i]);
}

}  // namespace adgenome::stats
