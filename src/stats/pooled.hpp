#pragma once

#include <adgenome/stats/sample.hpp>
#include <cstddef>
#include <cstdint>

namespace adgenome::stats {

// Products of two sample sizes do not fit 64 bits.
__extension__ typedef __int128 WideCount;

/// Calls `visit(count in a, count in b)` for every distinct value of both, ascending.
template <class Visit>
void for_each_pooled_value(const Sample& a, const Sample& b, Visit visit) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.values.size() && j < b.values.size()) {
    if (a.values[i] < b.values[j]) {
      visit(a.count_at(i++), std::int64_t{0});
    } else if (b.values[j] < a.values[i]) {
      visit(std::int64_t{0}, b.count_at(j++));
    } else {
      visit(a.count_at(i++), b.count_at(j++));
    }
  }
  while (i < a.values.size()) visit(a.count_at(i++), std::int64_t{0});
  while (j < b.values.size()) visit(std::int64_t{0}, b.count_at(j++));
}

}  // namespace adgenome::stats
