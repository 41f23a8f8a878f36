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
// 256 places to write to are as many as the first level of address translation keeps at hand: six
// passes over digits of 11 bits take twice the time of eight over 8.
constexpr int kDigitBits = 8;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr int kDigits = 64 / kDigitBits;
/// Digits that are left to the end: values rarely differ in them alone.
constexpr int kLowDigits = 3;
constexpr std::size_t kSmall = 4096;

/// Unsigned integers in the order of the doubles.
std::uint64_t key_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double value_of(std::uint64_t key) {
  return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key);
}

// Keys lie in the memory of doubles, so that the values' own place is one of the two buffers.
std::uint64_t load(const double& place) {
  return std::bit_cast<std::uint64_t>(place);
}

void store(double& place, std::uint64_t key) {
  place = std::bit_cast<double>(key);
}

std::size_t digit_of(std::uint64_t key, int digit) {
  return (key >> (digit * kDigitBits)) & (kBuckets - 1);
}

/// Stable by the digits `first` to `last`, the lowest first. Both buffers hold `size` keys; the one
/// returned holds the result.
double* sort_by_digits(double* from, double* to, std::size_t size, int first, int last) {
  std::array<std::array<std::size_t, kBuckets>, kDigits> histograms{};
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t key = load(from[i]);
    for (int digit = first; digit <= last; ++digit) ++histograms[digit][digit_of(key, digit)];
  }
  for (int digit = first; digit <= last; ++digit) {
    std::array<std::size_t, kBuckets>& position = histograms[digit];
    if (position[digit_of(load(from[0]), digit)] == size) continue;  // the same digit everywhere
    std::size_t start = 0;
    for (std::size_t& count : position) start += std::exchange(count, start);
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t key = load(from[i]);
      store(to[position[digit_of(key, digit)]++], key);
    }
    std::swap(from, to);
  }
  return from;
}

/// Keys that are equal in all but their low digits, for which `spare` has room too.
void sort_run(double* begin, std::size_t size, double* spare) {
  if (size < kSmall) {
    std::sort(begin, begin + size,
              [](const double& a, const double& b) { return load(a) < load(b); });
    return;
  }
  double* const sorted = sort_by_digits(begin, spare, size, 0, kLowDigits - 1);
  if (sorted != begin) std::copy(sorted, sorted + size, begin);
}

}  // namespace

void sort_values(std::vector<double>& values) {
  if (values.size() < kSmall) {
    std::sort(values.begin(), values.end());
    return;
  }
  const std::size_t size = values.size();
  const auto buffer = std::make_unique_for_overwrite<double[]>(size);
  for (double& value : values) store(value, key_of(value));
  double* const keys = sort_by_digits(values.data(), buffer.get(), size, kLowDigits, kDigits - 1);
  double* const spare = keys == values.data() ? buffer.get() : values.data();
  const auto high = [&](std::size_t i) { return load(keys[i]) >> (kLowDigits * kDigitBits); };
  for (std::size_t i = 0; i < size;) {
    std::size_t end = i + 1;
    while (end < size && high(end) == high(i)) ++end;
    if (end - i > 1) sort_run(keys + i, end - i, spare + i);
    i = end;
  }
  for (std::size_t i = 0; i < size; ++i) values[i] = value_of(load(keys[i]));
}

}  // namespace adgenome::stats
