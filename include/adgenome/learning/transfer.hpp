#pragma once

#include <adgenome/learning/weights.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::learning {

/// Element scores of a brand as posterior means, by dimension and value.
using ElementMeans = std::map<std::pair<std::string, std::string>, double>;

/// How alike two brands are: the cosine of their element means over the elements that both have,
/// each centred on one half (of positive numbers it would be near 1 for everybody), in [0, 1], and
/// less where few elements are common (n / (n + 10)).
double brand_similarity(const ElementMeans& a, const ElementMeans& b);

/// What a brand that shares lends to another: its sums, nothing else.
struct LentWeights {
  double similarity = 0;
  WeightState state;  ///< parallel to the static weights
};

/// Beta: posteriors pooled by observations times similarity. Linear: the inverse-variance mean of
/// at least three brands' effects, each of at most a third of the weight. Beta posteriors are
/// shrunk by 0.3 toward Beta(1, 1).
WeightPrior transfer_prior(const StaticWeights& static_weights, std::span<const LentWeights> lent);

/// Shares in proportion to `weights`, each at most `limit`; equal ones where that is impossible.
std::vector<double> capped_shares(std::vector<double> weights, double limit);

}  // namespace adgenome::learning
