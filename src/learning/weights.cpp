#include <adgenome/core/text.hpp>
#include <adgenome/learning/weights.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

namespace adgenome::learning {
namespace {

constexpr double kCorrelated = 0.9;
constexpr double kTail = 0.025;

/// Effects, intervals and, under method `linear`, learned weights of the scorers that are on.
void fill_effects(const std::optional<Effects>& effects, WeightMethod method, bool has_intervals,
                  std::vector<ScorerWeight>& rows, std::span<const std::size_t> on) {
  std::vector<double> given;
  for (const std::size_t i : on) given.push_back(rows[i].static_weight);
  const std::vector<double> learned = effects ? weights_from_effects(effects->mean, given) : given;
  for (std::size_t j = 0; j < on.size(); ++j) {
    ScorerWeight& row = rows[on[j]];
    if (effects) {
      row.effect = effects->mean[j];
      if (has_intervals) row.effect_interval = effect_interval(*effects, j);
    }
    if (method == WeightMethod::kLinear) row.learned_weight = learned[j];
  }
}

/// The posterior on top of what was lent.
BetaPosterior with_prior(const BetaPosterior& own, const WeightPrior& prior, std::size_t i) {
  BetaPosterior both = own;
  if (!prior.beta.empty()) {
    both.alpha += prior.beta[i].alpha - 1;
    both.beta += prior.beta[i].beta - 1;
  }
  return both;
}

}  // namespace

std::vector<std::size_t> scorers_that_are_on(const StaticWeights& static_weights) {
  std::vector<std::size_t> on;
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    if (static_weights[i].second > 0) on.push_back(i);
  }
  return on;
}

std::optional<Effects> effects_of(const StaticWeights& static_weights, const WeightState& state,
                                  const WeightPrior& prior) {
  const std::vector<std::size_t> on = scorers_that_are_on(static_weights);
  std::vector<double> given;
  for (const std::size_t i : on) given.push_back(static_weights[i].second);
  return estimate_effects(state.linear.only(on), given, prior.effects);
}

std::string_view name_of(WeightMethod method) {
  return method == WeightMethod::kLinear ? "linear" : "beta";
}

bool WeightState::fold(const Snapshot& snapshot, Fold fold) {
  linear.fold(snapshot, fold);
  return credit_by_contribution(beta, snapshot, fold);
}

std::vector<ScorerWeight> weigh(const StaticWeights& static_weights, const WeightState& state,
                                WeightMethod method, const EffectiveWeights& previous,
                                bool is_update, const WeightPrior& prior, Intervals intervals) {
  const bool has_intervals = intervals == Intervals::kComputed;
  std::vector<ScorerWeight> rows;
  for (std::size_t i = 0; i < static_weights.size(); ++i) {
    const auto& [scorer, weight] = static_weights[i];
    const BetaPosterior posterior = with_prior(state.beta[i], prior, i);
    rows.push_back(
        {.scorer = scorer,
         .static_weight = weight,
         .posterior = posterior,
         // A posterior mean of one half leaves the static weight.
         .learned_weight = method == WeightMethod::kBeta ? posterior.mean() * weight / 0.5 : 0});
  }
  if (has_intervals) {
    for (ScorerWeight& row : rows) {
      const auto& [alpha, beta, observations] = row.posterior;
      row.credible_interval = {boost::math::ibeta_inv(alpha, beta, kTail),
                               boost::math::ibeta_inv(alpha, beta, 1 - kTail)};
    }
  }
  const std::vector<std::size_t> on = scorers_that_are_on(static_weights);
  fill_effects(effects_of(static_weights, state, prior), method, has_intervals, rows, on);

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
