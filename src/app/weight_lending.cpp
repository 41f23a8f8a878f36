#include "weight_lending.hpp"

#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;
using learning::StaticWeights;
using learning::WeightPrior;
using learning::WeightState;

WeightPrior lent_now(store::Session& session, const store::Brand& brand,
                     const StaticWeights& static_weights) {
  const learning::ElementMeans own = element_means(session, brand.id);
  std::vector<learning::LentWeights> lent;
  for (const std::string& lender :
       store::sharing_brands(session, brand.organization_id, brand.id)) {
    lent.push_back({.similarity = learning::brand_similarity(own, element_means(session, lender)),
                    .state = stored_weight_state(session, lender, static_weights)});
  }
  return learning::transfer_prior(static_weights, lent);
}

Json to_json(const WeightPrior& prior, const StaticWeights& static_weights) {
  Json beta = Json::object();
  for (std::size_t i = 0; i < prior.beta.size(); ++i) {
    beta[static_weights[i].first] = {{"alpha", prior.beta[i].alpha}, {"beta", prior.beta[i].beta}};
  }
  Json effects = Json::object();
  const std::vector<std::size_t> on = learning::scorers_that_are_on(static_weights);
  for (std::size_t j = 0; j < prior.effects.size(); ++j) {
    effects[static_weights[on[j]].first] = prior.effects[j];
  }
  return {{"brands", prior.brands}, {"beta", std::move(beta)}, {"effects", std::move(effects)}};
}

/// A prior that was kept, for the scorers of now. One that it does not know of begins as if nothing
/// had been lent.
WeightPrior kept_prior(const Json& kept, const StaticWeights& static_weights) {
  WeightPrior prior;
  if (kept.is_null()) return prior;
  prior.brands = kept.at("brands").get<std::int64_t>();
  const Json& beta = kept.at("beta");
  if (!beta.empty()) {
    for (const auto& [scorer, weight] : static_weights) {
      learning::BetaPosterior posterior;
      if (beta.contains(scorer)) {
        posterior.alpha = beta.at(scorer).at("alpha").get<double>();
        posterior.beta = beta.at(scorer).at("beta").get<double>();
      }
      prior.beta.push_back(posterior);
    }
  }
  const Json& effects = kept.at("effects");
  if (!effects.empty()) {
    for (const std::size_t i : learning::scorers_that_are_on(static_weights)) {
      prior.effects.push_back(effects.value(static_weights[i].first, 0.0));
    }
  }
  return prior;
}

}  // namespace

learning::ElementMeans element_means(store::Session& session, const std::string& brand_id,
                                     core::Time known_at) {
  learning::ElementMeans means;
  for (const store::StoredElementScore& score :
       store::element_scores(session, brand_id, "", known_at)) {
    means[{score.dimension, score.value}] = score.alpha / (score.alpha + score.beta);
  }
  return means;
}

WeightState stored_weight_state(store::Session& session, const std::string& brand_id,
                                const StaticWeights& static_weights,
                                const store::KnownAt& known_at) {
  if (known_at.is_past()) {
    // Each set was added with the sums that it was made from.
    const auto last = store::newest_weight_set(session, brand_id, "", known_at.own);
    return last ? learning::weight_state(last->document.at("state"), static_weights,
                                         "weight set " + last->id)
                : WeightState(static_weights.size());
  }
  const Json beta = store::weight_posterior(session, brand_id, "beta");
  const Json linear = store::weight_posterior(session, brand_id, "linear");
  if (beta.is_null() || linear.is_null()) return WeightState(static_weights.size());
  return learning::weight_state({{"beta", beta}, {"linear", linear}}, static_weights,
                                "the learners' sums in the store");
}

WeightPrior borrowed_prior(store::Session& session, const store::Brand& brand,
                           const StaticWeights& static_weights, const WeightState& own,
                           core::Time now, bool is_kept, const store::KnownAt& known_at) {
  if (!brand.cross_brand_sharing) return {};
  const bool is_cold = learning::phase_at(own.linear.snapshots) == learning::Phase::kCold;
  if (!is_cold || known_at.is_past()) {
    const store::WeightPriorRow kept = store::weight_prior(session, brand.id, known_at.inputs);
    // A cold brand that kept nothing in that very run was lent nothing.
    if (is_cold && kept.computed_at != known_at.inputs) return {};
    return kept_prior(kept.prior, static_weights);
  }
  WeightPrior prior = lent_now(session, brand, static_weights);
  if (is_kept && prior.brands > 0) {
    store::put_weight_prior(session, brand.id, to_json(prior, static_weights), now);
  }
  return prior;
}

}  // namespace adgenome::app
