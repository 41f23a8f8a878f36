#include <adgenome/core/text.hpp>
#include <adgenome/learning/weights.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

namespace adgenome::learning {
namespace {

constexpr double kCorrelated = 0.9;
constexpr double kTail = 0.025;

std::vector<std::size_t> scorers_that_are_on(const StaticWeights& static_weights) {
  std::vector<std::size_t> on;
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    if (static_weights[i].second > 0) on.push_back(i);
  }
  return on;
}

/// Effects, intervals and, under method `linear`, learned weights of the scorers that are on.
void fill_effects(const WeightState& state, WeightMethod method, std::vector<ScorerWeight>& rows,
                  std::span<const std::size_t> on) {
  std::vector<double> given;
  for (const std::size_t i : on) given.push_back(rows[i].static_weight);
  const auto effects = estimate_effects(state.linear.only(on), given);
  const std::vector<double> learned = effects ? weights_from_effects(effects->mean, given) : given;
  for (std::size_t j = 0; j < on.size(); ++j) {
    ScorerWeight& row = rows[on[j]];
    if (effects) {
      row.effect = effects->mean[j];
      row.effect_interval = effects->intervals[j];
    }
    if (method == WeightMethod::kLinear) row.learned_weight = learned[j];
  }
}

}  // namespace

std::string_view name_of(WeightMethod method) {
  return method == WeightMethod::kLinear ? "linear" : "beta";
}

bool WeightState::fold(const Snapshot& snapshot, Fold fold) {
  linear.fold(snapshot, fold);
  return credit_by_contribution(beta, snapshot, fold);
}

std::vector<ScorerWeight> weigh(const StaticWeights& static_weights, const WeightState& state,
                                WeightMethod method, const EffectiveWeights& previous,
                                bool is_update) {
  std::vector<ScorerWeight> rows;
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    const auto& [scorer, weight] = static_weights[i];
    const BetaPosterior& posterior = state.beta[i];
    rows.push_back(
        {.scorer = scorer,
         .static_weight = weight,
         .posterior = posterior,
         .credible_interval = {boost::math::ibeta_inv(posterior.alpha, posterior.beta, kTail),
                               boost::math::ibeta_inv(posterior.alpha, posterior.beta, 1 - kTail)},
         // A posterior mean of one half leaves the static weight.
         .learned_weight = method == WeightMethod::kBeta ? posterior.mean() * weight / 0.5 : 0});
  }
  const std::vector<std::size_t> on = scorers_that_are_on(static_weights);
  fill_effects(state, method, rows, on);

  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t observations =
        method == WeightMethod::kBeta ? state.beta[i].observations : state.linear.snapshots;
    rows[i].phase = phase_at(observations);
    if (!(rows[i].static_weight > 0)) continue;
    const auto last = previous.find(rows[i].scorer);
    // A scorer that was off has no last weight to move on from.
    rows[i].previous_weight = last != previous.end() && last->second > 0
                                  ? last->second
                                  : clamped_weight(rows[i].static_weight);
    rows[i].effective_weight = rows[i].previous_weight;
    if (!is_update) continue;
    const RailedWeight railed =
        railed_weight(blended_weight(rows[i].static_weight, rows[i].learned_weight, observations),
                      rows[i].previous_weight);
    rows[i].effective_weight = railed.weight;
    rows[i].limit = railed.limit;
  }
  return rows;
}

std::vector<std::string> weight_warnings(const StaticWeights& static_weights,
                                         const WeightState& state) {
  std::vector<std::string> warnings;
  const std::vector<std::size_t> on = scorers_that_are_on(static_weights);
  for (const CorrelatedPair& pair : correlated_scorers(state.linear.only(on), kCorrelated)) {
    const double shown = std::round(pair.correlation * 1000) / 1000;
    warnings.push_back(static_weights[on[pair.first]].first + " and " +
                       static_weights[on[pair.second]].first + " are correlated (" +
                       core::format_double(shown) + "): their effects can hardly be told apart");
  }
  return warnings;
}

}  // namespace adgenome::learning
