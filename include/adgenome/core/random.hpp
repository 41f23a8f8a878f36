#pragma once

#include <cstdint>
#include <string_view>

namespace adgenome::core {

/// A named stream of random numbers under a seed: Philox4x32-10 (Salmon et al. 2011, Random123),
/// counter-based, so that the n-th number of a stream does not depend on threads or on what other
/// streams were asked for. The same seed and name give the same numbers on every machine.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  /// The n-th 64 bits of the stream.
  std::uint64_t bits_at(std::uint64_t n) const;

  /// The next 64 bits.
  std::uint64_t next_bits() { return bits_at(position_++); }

  /// The next uniform double in the open interval (0, 1), with 52 random bits.
  double next_uniform() { return to_uniform(next_bits()); }
  double uniform_at(std::uint64_t n) const { return to_uniform(bits_at(n)); }

  /// The next integer in [0, bound), without bias (Lemire 2019). `bound` is at least 1.
  std::uint64_t next_below(std::uint64_t bound);

  static double to_uniform(std::uint64_t bits) {
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
  }

 private:
  std::uint32_t key_[2];
  std::uint32_t name_[2];
  std::uint64_t position_ = 0;
};

}  // namespace adgenome::core
