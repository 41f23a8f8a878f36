#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/linear_effects.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// The candidates that a selection was drawn from, after the gate.
struct ScoredPool {
  std::size_t candidates = 0;
  std::vector<double> scores;  ///< candidates x scorers, row by row
  /// How many candidates each row stands for, where only a sample was kept; empty: itself.
  std::vector<double> multiplicity = {};
  double temperature = 1;
  double explore_floor = 0;

  std::span<const double> row(std::size_t i) const {
    const std::size_t k = scores.size() / candidates;
    return std::span(scores).subspan(i * k, k);
  }
};

/// Probability of each row to be drawn first by a policy of these weights (one a scorer, those of
/// the pool's columns); a row that stands for several candidates has the probability of one.
std::vector<double> first_draw_probabilities(const ScoredPool& pool,
                                             std::span<const double> weights);

/// Sets the pool's temperature so that the effective number of candidates is `target` under these
/// weights. Only for pools of which every candidate was kept; others keep their temperature.
void solve_temperature(ScoredPool& pool, std::span<const double> weights, double target);

/// The difference of the mean scores that two policies draw, the first less the second, averaged
/// over the pools: the direction in which the effects decide which is better.
std::vector<double> drawn_score_difference(std::span<const ScoredPool> pools,
                                           std::span<const double> first,
                                           std::span<const double> second);

/// Is the challenger better, by what the model believes of the effects?
struct PosteriorGate {
  double p_better = 0;
  double expected_gain = 0;
  std::array<double, 2> interval{};
  std::int64_t snapshots = 0;
  bool fired = false;  ///< p_better >= 0.95, a gain of 0.002, 100 snapshots
};

/// How many looks at the posterior gate so many snapshots allow: the first at 100, then one each
/// time that they have grown by half. A fixed threshold that is looked at every week is crossed by
/// chance in one world of nine within a year.
std::int64_t looks_allowed(std::int64_t snapshots);
/// The number of snapshots that allows the next one.
std::int64_t next_look(std::int64_t snapshots);

/// Nothing where the two policies draw alike.
std::optional<PosteriorGate> posterior_gate(const Effects& effects, std::int64_t snapshots,
                                            std::span<const double> difference);

/// A draw of a logged selection for the prequential gate.
struct GateDraw {
  std::size_t row = 0;          ///< of the pool
  double draw_probability = 1;  ///< of what drew it
  double reward = 0;
  bool is_new = false;  ///< not yet scored
};

/// What each new draw says of the gain of `p1` over `p0` (first-draw probabilities over the pool),
/// with a reward model from before: q = sum_a (p1 - p0) f(a) + (p1 - p0) / draw_probability * (r -
/// f), for later draws of a selection with the terms of the earlier ones. `leading` are the draws
/// with known rewards, from the first on.
std::vector<double> prequential_gains(const ScoredPool& pool, std::span<const double> p1,
                                      std::span<const double> p0, const RewardModel& model,
                                      std::span<const GateDraw> leading);

/// One-sided normal-mixture test of the mean gain, which may be looked at after every snapshot.
/// Fires at an e-value of 10 (alpha 0.1), from 50 snapshots on.
struct PrequentialTest {
  std::int64_t snapshots = 0;
  double sum = 0;
  double sum_squares = 0;
  double tau2 = 0;  ///< fixed when the planned number of snapshots is there; 0 before

  void add(double gain);
  /// Nothing under 50 snapshots, or where no gain differs from another.
  std::optional<double> e_value() const;
  bool fired() const;
};

enum class Gate { kPosterior, kPrequential };

struct GateReport {
  Gate chosen = Gate::kPosterior;
  std::optional<PosteriorGate> posterior = {};
  std::string posterior_reason = {};  ///< of its absence, or why it was not looked at
  std::optional<PrequentialTest> prequential = {};
  std::string prequential_reason = {};

  bool fired() const;
};

core::Json to_json(const GateReport& report);

}  // namespace adgenome::learning
