#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/beta_credit.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace adgenome::learning {

/// All that the regression of rewards on scores needs of the snapshots: sums, so that neither
/// their number nor their order matters and a revised reward can be taken out again.
struct LinearSums {
  explicit LinearSums(std::size_t scorers = 0);

  std::int64_t snapshots = 0;
  double n = 0;            ///< sum of the snapshots' weights
  std::vector<double> x;   ///< k: scores
  std::vector<double> xx;  ///< k(k+1)/2: products of scores, lower triangle by rows
  std::vector<double> xy;  ///< k: products of score and reward
  double y = 0;
  double yy = 0;

  /// Takes the leading scores of the snapshot.
  void fold(const Snapshot& snapshot, Fold fold = Fold::kAdd);
  /// The same sums for some of the scorers.
  LinearSums only(std::span<const std::size_t> scorers) const;
  /// Sum of the products of two scorers' scores.
  double product(std::size_t a, std::size_t b) const {
    return a >= b ? xx[a * (a + 1) / 2 + b] : xx[b * (b + 1) / 2 + a];
  }
};

/// What a snapshot of `then` counts for now: half after each half-life, 1 where it lies ahead.
double discount(core::Time then, core::Time now, double half_life_weeks);

/// One member of the averaged family: a normal posterior of the k effects.
struct EffectModel {
  double weight = 0;               ///< posterior probability of the model
  std::vector<double> mean;        ///< k
  std::vector<double> covariance;  ///< k x k
};

struct Effects {
  std::vector<double> mean;  ///< k: averaged over the models
  std::vector<EffectModel> models;
};

/// Joint effects of the scorers on the reward: Gaussian regression with prior
/// N(kappa * static / mean(static), tau^2 I), averaged over a grid of kappa and tau by marginal
/// likelihood (Bayesian model averaging; Hoeting et al. 1999). `static_weights` are above 0.
/// Effects that were learned elsewhere take the place of the prior mean where `transferred` is not
/// empty.
///
/// Nothing where the sums hold fewer than two snapshots, or weigh no more than one.
std::optional<Effects> estimate_effects(const LinearSums& sums,
                                        std::span<const double> static_weights,
                                        std::span<const double> transferred = {});

/// Central 95 % of the mixture for one effect.
std::array<double, 2> effect_interval(const Effects& effects, std::size_t scorer);

/// A linear combination of the effects: what is gained by moving the mean scores in a direction.
struct Contrast {
  double mean = 0;
  double p_positive = 0;
  std::array<double, 2> interval{};  ///< central 95 % of the mixture
};

/// Nothing where the direction is 0.
std::optional<Contrast> contrast(const Effects& effects, std::span<const double> direction);

/// Expected reward by the scores: mean reward + effects * (scores - mean scores), in [0, 1].
class RewardModel {
 public:
  RewardModel(const LinearSums& sums, const Effects& effects);
  double operator()(std::span<const double> scores) const;

 private:
  double intercept_;
  std::vector<double> effects_;
};

/// Weights that share the sum of the static ones in proportion to the positive effects, above a
/// floor of 0.1 each; the static weights where no effect is positive.
std::vector<double> weights_from_effects(std::span<const double> effects,
                                         std::span<const double> static_weights);

struct CorrelatedPair {
  std::size_t first = 0;
  std::size_t second = 0;
  double correlation = 0;
};

/// Pairs of scorers whose scores are correlated over `threshold` in absolute value.
std::vector<CorrelatedPair> correlated_scorers(const LinearSums& sums, double threshold);

}  // namespace adgenome::learning
