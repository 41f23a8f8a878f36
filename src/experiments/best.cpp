#include <adgenome/core/random.hpp>
#include <adgenome/stats/multiple.hpp>
#include <cstddef>

#include "arms.hpp"

namespace adgenome::experiments {
namespace {

double draw_from(const stats::Posterior& posterior, double u) {
  return posterior.family == stats::Posterior::Family::kBeta
             ? stats::beta_quantile(u, posterior.first, posterior.second)
             : posterior.first + posterior.second * stats::normal_quantile(u);
}

std::vector<double> drawn_best(const std::vector<stats::Posterior>& posteriors, std::int64_t draws,
                               std::uint64_t seed) {
  core::RandomStream random(seed, "p_best");
  std::vector<std::int64_t> wins(posteriors.size());
  std::vector<double> values(posteriors.size());
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = draw_from(posteriors[i], random.next_uniform());
    }
    ++wins[static_cast<std::size_t>(std::max_element(values.begin(), values.end()) -
                                    values.begin())];
  }
  std::vector<double> shares;
  for (const std::int64_t won : wins) {
    shares.push_back(static_cast<double>(won) / static_cast<double>(draws));
  }
  return shares;
}

}  // namespace

void compute_best(const std::vector<stats::Posterior>& posteriors, Analysis& analysis) {
  stats::BestArm best = stats::best_arm(posteriors);
  analysis.p_best = std::move(best.p_best);
  analysis.expected_loss = std::move(best.expected_loss);
  if (analysis.draws > 0) {
    analysis.p_best_drawn = drawn_best(posteriors, analysis.draws, analysis.seed);
  }
}

void adjust_for_several(std::vector<Comparison>& comparisons) {
  std::vector<double> p_values;
  for (const Comparison& comparison : comparisons) {
    if (comparison.evidence) p_values.push_back(comparison.evidence->p_value);
  }
  const std::vector<double> q_values = stats::benjamini_hochberg(p_values);
  const std::vector<double> holm = stats::holm(p_values);
  std::size_t i = 0;
  for (Comparison& comparison : comparisons) {
    if (!comparison.evidence) continue;
    comparison.evidence->q_value = q_values[i];
    comparison.evidence->holm_p_value = holm[i];
    ++i;
  }
}

void adjust_over_metrics(Analysis& analysis) {
  std::vector<Evidence*> found;
  const auto collect = [&](Analysis& of_metric) {
    for (Comparison& comparison : of_metric.comparisons) {
      if (comparison.evidence) found.push_back(&*comparison.evidence);
    }
  };
  collect(analysis);
  for (Analysis& other : analysis.secondary) collect(other);
  std::vector<double> p_values;
  p_values.reserve(found.size());
  for (const Evidence* evidence : found) p_values.push_back(evidence->p_value);
  const std::vector<double> q_values = stats::benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < found.size(); ++i) found[i]->q_value = q_values[i];
}

}  // namespace adgenome::experiments
