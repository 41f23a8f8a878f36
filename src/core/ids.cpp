#include <adgenome/core/hash.hpp>
#include <adgenome/core/ids.hpp>
#include <array>
#include <cstdio>

namespace adgenome::core {

std::string uuid7(Time time, std::uint64_t random_a, std::uint64_t random_b) {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%08x-%04x-7%03x-%04x-%012llx",
                static_cast<unsigned>(millis >> 16 & 0xffffffffU),
                static_cast<unsigned>(millis & 0xffffU), static_cast<unsigned>(random_a & 0xfffU),
                static_cast<unsigned>(0x8000U | (random_b >> 48 & 0x3fffU)),
                static_cast<unsigned long long>(random_b & 0xffffffffffffULL));
  return {out.data(), 36};
}

IdSource::IdSource(std::uint64_t seed, std::string_view command, Time now)
    : stream_(seed, "ids/" + std::string(command)), now_(now) {}

std::string IdSource::next() {
  const std::uint64_t a = stream_.next_bits();
  return uuid7(now_, a, stream_.next_bits());
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

std::string short_id(std::string_view id) {
  if (is_uuid(id)) return std::string(id.substr(28));
  return sha256_hex(id).substr(56);
}

}  // namespace adgenome::core
