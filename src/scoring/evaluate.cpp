#include "evaluate.hpp"

#include <algorithm>

#include "scorers/scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Sums for coverage and variance. Values are taken relative to the first one, so that a scorer
/// that says the same of everybody has a variance of exactly 0.
struct Sums {
  double shift = 0;
  double sum = 0;
  double sum_of_squares = 0;
  std::int64_t count = 0;
  std::int64_t with_data = 0;

  void add(double value, bool has_data) {
    if (count == 0) shift = value;
    const double relative = value - shift;
    sum += relative;
    sum_of_squares += relative * relative;
    ++count;
    with_data += has_data;
  }

  ScorerSummary summary() const {
    if (count == 0) return {};
    const auto n = static_cast<double>(count);
    return {.coverage = static_cast<double>(with_data) / n,
            .variance = std::max(0.0, (sum_of_squares - sum * sum / n) / n)};
  }
};

}  // namespace

Evaluated evaluate(const Pool& pool, const Setting& setting, const Weights& weights,
                   std::span<const std::uint8_t> is_admissible) {
  const std::span<const Scorer> all = scorers();
  double total_weight = 0;
  for (const double weight : weights) total_weight += weight;

  Evaluated result{.composites = std::vector<double>(pool.size(), total_weight > 0 ? 0.0 : 1.0),
                   .summaries = {}};
  std::vector<Sums> sums(all.size());
  std::array<double, kBlock> scores;
  std::array<std::uint8_t, kBlock> has_data;
  for (std::size_t begin = 0; begin < pool.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, pool.size() - begin);
    const std::span<double> composites = std::span(result.composites).subspan(begin, size);
    for (std::size_t s = 0; s < all.size(); ++s) {
      if (all[s].score == nullptr) continue;
      all[s].score(pool, setting, {begin, {scores.data(), size}, {has_data.data(), size}});
      for (std::size_t i = 0; i < size; ++i) {
        if (is_admissible[begin + i]) sums[s].add(scores[i], has_data[i] != 0);
      }
      if (weights[s] > 0) {
        for (std::size_t i = 0; i < size; ++i) composites[i] += weights[s] * scores[i];
      }
    }
    if (total_weight > 0) {
      for (double& composite : composites) composite /= total_weight;
    }
  }
  for (std::size_t s = 0; s < all.size(); ++s) {
    result.summaries.push_back(all[s].score == nullptr ? ScorerSummary{} : sums[s].summary());
  }
  return result;
}

std::vector<std::optional<double>> scores_of(const Pool& pool, const Setting& setting,
                                             std::size_t candidate) {
  std::vector<std::optional<double>> scores;
  for (const Scorer& scorer : scorers()) {
    if (scorer.score == nullptr) {
      scores.emplace_back();
      continue;
    }
    double score = 0;
    std::uint8_t has_data = 0;
    scorer.score(pool, setting, {candidate, {&score, 1}, {&has_data, 1}});
    scores.emplace_back(score);
  }
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
