#include "evaluate.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "scorers/scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Sums for coverage and variance over the admissible candidates. Values are taken relative to
/// the first one's, so that a scorer that says the same of everybody has a variance of exactly 0.
struct Sums {
  static constexpr std::size_t kLanes = 4;  // sums that do not wait for each other
  double shift = 0;
  std::array<double, kLanes> sum{};
  std::array<double, kLanes> sum_of_squares{};
  std::int64_t with_data = 0;

  void add(std::span<const double> scores, std::span<const std::uint8_t> has_data,
           std::span<const std::uint8_t> is_admissible) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double relative = is_admissible[i] ? scores[i] - shift : 0.0;
      sum[i % kLanes] += relative;
      sum_of_squares[i % kLanes] += relative * relative;
      with_data += is_admissible[i] & has_data[i];
    }
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
  std::array<double, kBlock> scores;
  std::array<std::uint8_t, kBlock> has_data;
  // What is the same of every candidate costs nothing.
  const auto is_same_of_all = [&](std::size_t s) {
    return s < registry.size() && registry[s].needs == Needs::kAdLibrary &&
           !pool.has_ad_library() && weights[s] == 0;
  };
  for (std::size_t begin = 0; begin < pool.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, pool.size() - begin);
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
      sums[s].add({scores.data(), size}, {has_data.data(), size},
                  is_admissible.subspan(begin, size));
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
    std::uint8_t has_data = 0;
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
  std::vector<std::uint8_t> passes(pool.size());
  asset_match(pool, setting, {0, scores, passes});
  for (std::size_t i = 0; i < pool.size(); ++i) {
    passes[i] = is_admissible[i] && pool.is_detected[i] && scores[i] >= min_asset_score;
  }
  return passes;
}

}  // namespace adgenome::scoring
