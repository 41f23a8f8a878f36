#include "kernel.hpp"

#include <algorithm>
#include <array>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace adgenome::visual {
namespace {

bool multiply_portable(const float* left, const float* right, std::int64_t depth, float floor,
                       float* products) {
  constexpr std::size_t kRows = 4;
  constexpr std::size_t kColumns = 8;
  std::array<float, kRows * kColumns> sums{};
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::size_t row = 0; row < kRows; ++row) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        sums[row * kColumns + column] += left[row] * right[column];
      }
    }
    left += kRows;
    right += kColumns;
  }
  if (std::none_of(sums.begin(), sums.end(), [floor](float sum) { return sum >= floor; })) {
    return false;
  }
  std::copy(sums.begin(), sums.end(), products);
  return true;
}

#if defined(__x86_64__)

// Fused multiply-add is asked for by name: the build's -ffp-contract=off keeps it out elsewhere.

__attribute__((target("avx512f"))) bool multiply_avx512(const float* left, const float* right,
                                                        std::int64_t depth, float floor,
                                                        float* products) {
  constexpr int kRows = 14;
  __m512 sums[kRows][2];
#pragma GCC unroll 14
  for (int row = 0; row < kRows; ++row) sums[row][0] = sums[row][1] = _mm512_setzero_ps();
  for (std::int64_t k = 0; k < depth; ++k) {
    const __m512 first = _mm512_load_ps(right);
    const __m512 second = _mm512_load_ps(right + 16);
#pragma GCC unroll 14
    for (int row = 0; row < kRows; ++row) {
      const __m512 value = _mm512_set1_ps(left[row]);
      sums[row][0] = _mm512_fmadd_ps(value, first, sums[row][0]);
      sums[row][1] = _mm512_fmadd_ps(value, second, sums[row][1]);
    }
    left += kRows;
    right += 32;
  }
  const __m512 border = _mm512_set1_ps(floor);
  unsigned any = 0;
#pragma GCC unroll 14
  for (int row = 0; row < kRows; ++row) {
    any |= _mm512_cmp_ps_mask(sums[row][0], border, _CMP_GE_OQ);
    any |= _mm512_cmp_ps_mask(sums[row][1], border, _CMP_GE_OQ);
  }
  if (any == 0) return false;
#pragma GCC unroll 14
  for (int row = 0; row < kRows; ++row) {
    _mm512_storeu_ps(products + 32 * row, sums[row][0]);
    _mm512_storeu_ps(products + 32 * row + 16, sums[row][1]);
  }
  return true;
}

__attribute__((target("avx2,fma"))) bool multiply_avx2(const float* left, const float* right,
                                                       std::int64_t depth, float floor,
                                                       float* products) {
  constexpr int kRows = 6;
  __m256 sums[kRows][2];
#pragma GCC unroll 6
  for (int row = 0; row < kRows; ++row) sums[row][0] = sums[row][1] = _mm256_setzero_ps();
  for (std::int64_t k = 0; k < depth; ++k) {
    const __m256 first = _mm256_load_ps(right);
    const __m256 second = _mm256_load_ps(right + 8);
#pragma GCC unroll 6
    for (int row = 0; row < kRows; ++row) {
      const __m256 value = _mm256_broadcast_ss(left + row);
      sums[row][0] = _mm256_fmadd_ps(value, first, sums[row][0]);
      sums[row][1] = _mm256_fmadd_ps(value, second, sums[row][1]);
    }
    left += kRows;
    right += 16;
  }
  const __m256 border = _mm256_set1_ps(floor);
  __m256 any = _mm256_setzero_ps();
#pragma GCC unroll 6
  for (int row = 0; row < kRows; ++row) {
    any = _mm256_or_ps(any, _mm256_cmp_ps(sums[row][0], border, _CMP_GE_OQ));
    any = _mm256_or_ps(any, _mm256_cmp_ps(sums[row][1], border, _CMP_GE_OQ));
  }
  if (_mm256_movemask_ps(any) == 0) return false;
#pragma GCC unroll 6
  for (int row = 0; row < kRows; ++row) {
    _mm256_storeu_ps(products + 16 * row, sums[row][0]);
    _mm256_storeu_ps(products + 16 * row + 8, sums[row][1]);
  }
  return true;
}

#endif

}  // namespace

std::span<const Kernel> kernels() {
  static const std::vector<Kernel> usable = [] {
    std::vector<Kernel> found;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) found.push_back({14, 32, multiply_avx512});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      found.push_back({6, 16, multiply_avx2});
    }
#endif
    found.push_back({4, 8, multiply_portable});
    return found;
  }();
  return usable;
}

}  // namespace adgenome::visual
