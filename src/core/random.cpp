#include <Random123/philox.h>

#include <adgenome/core/random.hpp>

namespace adgenome::core {

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  key_[0] = static_cast<std::uint32_t>(seed);
  key_[1] = static_cast<std::uint32_t>(seed >> 32);
  // FNV-1a: the stream's name stands in the upper half of the counter.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  name_[0] = static_cast<std::uint32_t>(hash);
  name_[1] = static_cast<std::uint32_t>(hash >> 32);
}

std::uint64_t RandomStream::bits_at(std::uint64_t n) const {
  // One block of the generator gives two words of the stream.
  const std::uint64_t block = n / 2;
  const r123::Philox4x32 philox;
  const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(block),
                                            static_cast<std::uint32_t>(block >> 32), name_[0],
                                            name_[1]}};
  const r123::Philox4x32::key_type key{{key_[0], key_[1]}};
  const auto out = philox(counter, key);
  const std::size_t at = n % 2 == 0 ? 0 : 2;
  return static_cast<std::uint64_t>(out[at]) | static_cast<std::uint64_t>(out[at + 1]) << 32;
}

std::uint64_t RandomStream::next_below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next_bits()) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (low < threshold) {
      product = static_cast<Wide>(next_bits()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace adgenome::core
