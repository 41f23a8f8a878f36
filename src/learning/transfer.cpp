#include <adgenome/learning/transfer.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace adgenome::learning {
namespace {

constexpr double kFewCommon = 10;
constexpr double kTrust = 0.3;
constexpr std::size_t kLeastBrands = 3;

/// Variance of the averaged posterior of each effect.
std::vector<double> variances_of(const Effects& effects) {
  const std::size_t k = effects.mean.size();
  std::vector<double> variances(k, 0);
  for (const EffectModel& model : effects.models) {
    for (std::size_t i = 0; i < k; ++i) {
      const double shift = model.mean[i] - effects.mean[i];
      variances[i] += model.weight * (model.covariance[i * k + i] + shift * shift);
    }
  }
  return variances;
}

std::vector<BetaPosterior> pooled_beta(std::size_t scorers, std::span<const LentWeights> lent) {
  std::vector<BetaPosterior> pooled(scorers);
  bool is_any = false;
  for (std::size_t i = 0; i < scorers; ++i) {
    double total = 0;
    double alpha = 0;
    double beta = 0;
    for (const LentWeights& lender : lent) {
      const BetaPosterior& theirs = lender.state.beta[i];
      const double weight = static_cast<double>(theirs.observations) * lender.similarity;
      total += weight;
      alpha += weight * (theirs.alpha - 1);
      beta += weight * (theirs.beta - 1);
    }
    if (!(total > 0)) continue;
    is_any = true;
    pooled[i].alpha += kTrust * alpha / total;
    pooled[i].beta += kTrust * beta / total;
  }
  if (!is_any) pooled.clear();
  return pooled;
}

std::vector<double> pooled_effects(const StaticWeights& static_weights,
                                   std::span<const LentWeights> lent) {
  std::vector<Effects> all;
  for (const LentWeights& lender : lent) {
    auto effects = effects_of(static_weights, lender.state);
    if (effects) all.push_back(std::move(*effects));
  }
  std::vector<double> pooled;
  if (all.size() < kLeastBrands) return pooled;
  std::vector<std::vector<double>> variances;
  for (const Effects& effects : all) variances.push_back(variances_of(effects));
  for (std::size_t i = 0; i < all.front().mean.size(); ++i) {
    std::vector<double> precisions;
    for (const auto& of_brand : variances) precisions.push_back(1 / of_brand[i]);
    const auto shares = capped_shares(std::move(precisions), 1.0 / kLeastBrands);
    double mean = 0;
    for (std::size_t b = 0; b < all.size(); ++b) mean += shares[b] * all[b].mean[i];
    pooled.push_back(mean);
  }
  return pooled;
}

}  // namespace

double brand_similarity(const ElementMeans& a, const ElementMeans& b) {
  double product = 0;
  double of_a = 0;
  double of_b = 0;
  double common = 0;
  for (const auto& [element, mean] : a) {
    const auto found = b.find(element);
    if (found == b.end()) continue;
    ++common;
    product += (mean - 0.5) * (found->second - 0.5);
    of_a += (mean - 0.5) * (mean - 0.5);
    of_b += (found->second - 0.5) * (found->second - 0.5);
  }
  if (!(of_a > 0) || !(of_b > 0)) return 0;
  const double cosine = product / std::sqrt(of_a * of_b);
  return std::clamp(cosine, 0.0, 1.0) * common / (common + kFewCommon);
}

std::vector<double> capped_shares(std::vector<double> weights, double limit) {
  const std::size_t n = weights.size();
  if (static_cast<double>(n) * limit <= 1 + 1e-12) {
    return std::vector<double>(n, 1.0 / static_cast<double>(n));
  }
  std::vector<double> shares(n, 0);
  std::vector<std::uint8_t> is_capped(n, 0);
  // Every round caps at least one, or ends.
  for (bool is_done = false; !is_done;) {
    is_done = true;
    double free_share = 1;
    double free_weight = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (is_capped[i])
        free_share -= limit;
      else
        free_weight += weights[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      shares[i] = is_capped[i] ? limit : free_share * weights[i] / free_weight;
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (is_capped[i] || shares[i] <= limit) continue;
      is_capped[i] = 1;
      is_done = false;
    }
  }
  return shares;
}

WeightPrior transfer_prior(const StaticWeights& static_weights, std::span<const LentWeights> lent) {
  WeightPrior prior{.beta = pooled_beta(static_weights.size(), lent),
                    .effects = pooled_effects(static_weights, lent),
                    .brands = 0};
  if (!prior.beta.empty() || !prior.effects.empty()) {
    prior.brands = std::count_if(lent.begin(), lent.end(), [](const LentWeights& lender) {
      return lender.state.linear.snapshots > 0;
    });
  }
  return prior;
}

}  // namespace adgenome::learning
