#include "similarity.hpp"

#include <array>
#include <numeric>

namespace adgenome::scoring {
namespace {

/// Of two vectors of one length. Sums in lanes that do not wait for each other, always the same.
double dot(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += static_cast<double>(a[i + lane]) * b[i + lane];
    }
  }
  for (; i < a.size(); ++i) sums[0] += static_cast<double>(a[i]) * b[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

std::vector<std::size_t> similar_to(const Pool& pool, std::size_t row, double most) {
  std::vector<std::size_t> similar;
  const std::span<const float> own = pool.embedding(row);
  if (own.empty()) return similar;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    const std::span<const float> other = pool.embedding(i);
    if (i != row && other.size() == own.size() && dot(own, other) > most) similar.push_back(i);
  }
  return similar;
}

std::int64_t without_embedding(const Pool& pool, std::span<const std::uint8_t> is_admissible) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    count += is_admissible[i] != 0 && pool.embedding(i).empty();
  }
  return count;
}

}  // namespace adgenome::scoring
