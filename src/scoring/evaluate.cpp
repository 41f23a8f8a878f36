#include "evaluate.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <numeric>

#include "scorers/scorers.hpp"

namespace adgenome::scoring {
namespace {

using Numbers = std::array<double, kBlock>;
using Flags = std::array<bool, kBlock>;

/// How many rows have both flags, eight at a time: each byte of `sums` counts its own rows.
std::int64_t count_both(const Flags& a, const Flags& b) {
  constexpr std::uint64_t kEvenBytes = 0x00FF00FF00FF00FF;
  static_assert(kBlock / 8 <= 255, "a byte counts the rows of its place");
  std::uint64_t sums = 0;
  for (std::size_t i = 0; i < kBlock; i += 8) {
    std::uint64_t of_a = 0;
    std::uint64_t of_b = 0;
    std::memcpy(&of_a, &a[i], 8);
    std::memcpy(&of_b, &b[i], 8);
    sums += of_a & of_b;
  }
  const std::uint64_t pairs = (sums & kEvenBytes) + ((sums >> 8) & kEvenBytes);
  return static_cast<std::int64_t>((pairs * 0x0001000100010001) >> 48);
}

/// Which rows of a block count. Rows behind the last one do not.
struct Admitted {
  Flags flags{};
  Numbers ones{};  ///< 1 or 0

  explicit Admitted(std::span<const std::uint8_t> is_admissible) {
    std::copy(is_admissible.begin(), is_admissible.end(), flags.begin());
    std::copy(is_admissible.begin(), is_admissible.end(), ones.begin());
  }
};

/// Sums for coverage and variance over the admissible candidates. Values are taken relative to
/// the first one's, so that a scorer that says the same of everybody has a variance of exactly 0.
struct Sums {
  static constexpr std::size_t kLanes = 4;  // sums that do not wait for each other
  double shift = 0;
  std::array<double, kLanes> sum{};
  std::array<double, kLanes> sum_of_squares{};
  std::int64_t with_data = 0;

  void add(const Numbers& scores, const Flags& has_data, const Admitted& admitted) {
    // Copies, which no score can be the same memory as.
    std::array<double, kLanes> block_sum{};
    std::array<double, kLanes> block_squares{};
    const double from = shift;
    for (std::size_t i = 0; i < kBlock; i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double relative = (scores[i + lane] - from) * admitted.ones[i + lane];
        block_sum[lane] += relative;
        block_squares[lane] += relative * relative;
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sum[lane] += block_sum[lane];
      sum_of_squares[lane] += block_squares[lane];
    }
    with_data += count_both(has_data, admitted.flags);
  }

  ScorerSummary summary(std::int64_t count) const {
    if (count == 0) return {};
    const auto n = static_cast<double>(count);
    const double total = std::accumulate(sum.begin(), sum.end(), 0.0);
    const double squares = std::accumulate(sum_of_squares.begin(), sum_of_squares.end(), 0.0);
    return {.coverage = static_cast<double>(with_data) / n,
            .variance = std::max(0.0, (squares - total * total / n) / n)};
  }
};

}  // namespace

Evaluated evaluate(const Pool& pool, const Setting& setting, const Weights& weights,
                   std::span<const std::vector<double>> program_scores,
                   std::span<const std::uint8_t> is_admissible) {
  const std::span<const Scorer> registry = scorers();
  double total_weight = 0;
  for (const double weight : weights) total_weight += weight;

  Evaluated result{.composites = std::vector<double>(pool.size(), total_weight > 0 ? 0.0 : 1.0),
                   .summaries = {}};
  std::vector<Sums> sums(registry.size() + program_scores.size());
  const auto first = static_cast<std::size_t>(
      std::find(is_admissible.begin(), is_admissible.end(), 1) - is_admissible.begin());
  const auto count = std::accumulate(is_admissible.begin(), is_admissible.end(), std::int64_t{0});
  Numbers scores{};
  Flags has_data{};
  // What is the same of every candidate costs nothing.
  const auto is_same_of_all = [&](std::size_t s) {
    return s < registry.size() && registry[s].needs == Needs::kAdLibrary &&
           !pool.has_ad_library() && weights[s] == 0;
  };
  for (std::size_t begin = 0; begin < pool.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, pool.size() - begin);
    const Admitted admitted(is_admissible.subspan(begin, size));
    const std::span<double> composites = std::span(result.composites).subspan(begin, size);
    for (std::size_t s = 0; s < sums.size(); ++s) {
      if (is_same_of_all(s)) continue;
      if (s < registry.size()) {
        registry[s].score(pool, setting, {begin, {scores.data(), size}, {has_data.data(), size}});
      } else {
        const double* given = program_scores[s - registry.size()].data() + begin;
        std::copy(given, given + size, scores.begin());
        has_data.fill(1);
      }
      if (begin <= first && first < begin + size) sums[s].shift = scores[first - begin];
      sums[s].add(scores, has_data, admitted);
      if (weights[s] > 0) {
        for (std::size_t i = 0; i < size; ++i) composites[i] += weights[s] * scores[i];
      }
    }
    if (total_weight > 0) {
      for (double& composite : composites) composite /= total_weight;
    }
  }
  for (const Sums& each : sums) result.summaries.push_back(each.summary(count));
  return result;
}

std::vector<double> scores_of(const Pool& pool, const Setting& setting,
                              std::span<const std::vector<double>> program_scores,
                              std::size_t candidate) {
  std::vector<double> scores;
  for (const Scorer& scorer : scorers()) {
    double score = 0;
    bool has_data = false;
    scorer.score(pool, setting, {candidate, {&score, 1}, {&has_data, 1}});
    scores.push_back(score);
  }
  for (const std::vector<double>& given : program_scores) scores.push_back(given[candidate]);
  return scores;
}

std::vector<std::uint8_t> pass_gate(const Pool& pool, const Setting& setting,
                                    std::span<const std::uint8_t> is_admissible,
                                    double min_asset_score) {
  std::vector<double> scores(pool.size());
  const auto has_data = std::make_unique<bool[]>(pool.size());
  asset_match(pool, setting, {0, scores, {has_data.get(), pool.size()}});
  std::vector<std::uint8_t> passes(pool.size());
  for (std::size_t i = 0; i < pool.size(); ++i) {
    passes[i] = is_admissible[i] && pool.is_detected[i] && scores[i] >= min_asset_score;
  }
  return passes;
}

}  // namespace adgenome::scoring
