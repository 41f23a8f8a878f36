#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/beta_credit.hpp>
#include <adgenome/learning/linear_effects.hpp>
#include <adgenome/learning/rails.hpp>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::learning {

/// Which learner moves the effective weights; both learn from every snapshot.
enum class WeightMethod { kLinear, kBeta };

std::string_view name_of(WeightMethod method);  ///< "linear", "beta"

/// The weights that a person set, in the order of the output. Weights are finite and not negative;
/// a scorer of weight 0 is off and stays off.
using StaticWeights = std::vector<std::pair<std::string, double>>;

/// What both learners know, parallel to the static weights.
struct WeightState {
  explicit WeightState(std::size_t scorers = 0) : beta(scorers), linear(scorers) {}

  std::vector<BetaPosterior> beta;
  LinearSums linear;

  /// False where method `beta` could give no credit (all contributions were 0).
  bool fold(const Snapshot& snapshot, Fold fold = Fold::kAdd);
};

/// One scorer of the output.
struct ScorerWeight {
  std::string scorer;
  double static_weight = 0;
  BetaPosterior posterior;
  std::array<double, 2> credible_interval{};  ///< central 95 % of the posterior
  Phase phase = Phase::kCold;
  /// Unknown under two snapshots, and for scorers that are off.
  std::optional<double> effect = std::nullopt;
  std::optional<std::array<double, 2>> effect_interval = std::nullopt;
  double learned_weight = 0;
  double previous_weight = 0;
  double effective_weight = 0;
  Limit limit = Limit::kNone;
};

/// What a brand begins from where it knows little of its own.
struct WeightPrior {
  std::vector<BetaPosterior> beta = {};  ///< parallel to the static weights; empty: Beta(1, 1)
  /// Mean effects of the scorers that are on; empty: those of the static weights' direction.
  std::vector<double> effects = {};
  std::int64_t brands = 0;  ///< that lent anything
};

/// Last effective weights by scorer; a scorer that is not there begins at its static weight.
using EffectiveWeights = std::map<std::string, double>;

/// Whether rows come with intervals, which take most of the time.
enum class Intervals { kComputed, kLeftOut };

/// The weights that take effect after one update. Without `is_update` (nothing was learned) each
/// stays at its last effective value.
std::vector<ScorerWeight> weigh(const StaticWeights& static_weights, const WeightState& state,
                                WeightMethod method, const EffectiveWeights& previous,
                                bool is_update, const WeightPrior& prior = {},
                                Intervals intervals = Intervals::kComputed);

/// Positions of the scorers with a weight above 0: those that effects are estimated of.
std::vector<std::size_t> scorers_that_are_on(const StaticWeights& static_weights);

/// Effects of the scorers that are on.
std::optional<Effects> effects_of(const StaticWeights& static_weights, const WeightState& state,
                                  const WeightPrior& prior = {});

/// Sentences about what makes the estimates doubtful.
std::vector<std::string> weight_warnings(const StaticWeights& static_weights,
                                         const WeightState& state);

// Documents ----------------------------------------------------------------------------------

core::Json to_json(const ScorerWeight& weight);

/// The member `state` of adgenome/weights/v1.
core::Json to_json(const WeightState& state, const StaticWeights& static_weights);

/// The score that a snapshot counts with for a scorer that did not score it. Whatever it is, rows
/// that all have it say nothing of the scorer.
inline constexpr double kScoreOfUnscored = 0.5;

/// Reads such a member; `name` says in errors where it comes from. A scorer that is not in it
/// begins as if it had scored none of the snapshots.
WeightState weight_state(const core::Json& state, const StaticWeights& static_weights,
                         const std::string& name);

/// What an earlier adgenome/weights/v1 document holds for going on from it.
struct WeightHistory {
  std::optional<std::string> brand_id;
  std::optional<std::string> weight_set;
  WeightMethod method = WeightMethod::kLinear;
  WeightState state;
  EffectiveWeights effective;
};

/// Throws InvalidInput (`name` is the file) where the document is not one of weights/v1, or knows
/// nothing of one of the scorers of the static weights.
WeightHistory weight_history(const core::Json& document, const StaticWeights& static_weights,
                             const std::string& name);

/// Reads a preset (its `weights`) or a bare map of scorer to weight. Throws InvalidInput for an
/// unknown scorer and for a weight that is negative or not a number.
StaticWeights static_weights_of(const core::Json& document, std::span<const std::string> scorers,
                                const std::string& name);

}  // namespace adgenome::learning
