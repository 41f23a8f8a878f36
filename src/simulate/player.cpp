#include "player.hpp"

#include <adgenome/core/random.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/learning/weights.hpp>
#include <adgenome/scoring/selection.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <string>

#include "catalogue.hpp"

namespace adgenome::simulate {
namespace {

constexpr core::Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
constexpr std::chrono::microseconds kWeek = std::chrono::weeks{1};
// As in the store: what the gate looks back on, and how the former champion stays in use.
constexpr std::size_t kGateWeeks = 12;
constexpr std::int64_t kPoolEvery = 5;  // selections; a sample says as much, and sooner
constexpr std::int64_t kComparisonWeeks = 8;
constexpr double kShareOfFormer = 0.2;

/// A reward that will be known at the end of a week.
struct Pending {
  std::int64_t week;
  core::Time drawn_at;
  learning::Snapshot snapshot;
};

class Player {
 public:
  Player(const World& world, Policy policy, const SimulationOptions& options,
         std::int64_t repetition)
      : world_(world),
        policy_(policy),
        options_(options),
        seeds_(options.seed, "simulate/" + world.name + "/" + std::to_string(repetition)),
        weights_(options.preset.weights) {
    for (std::size_t s = 0; s < scoring::scorers().size(); ++s) {
      if (!(options.preset.weights[s] > 0)) continue;
      on_.push_back(s);
      static_weights_.emplace_back(scoring::scorers()[s].name, options.preset.weights[s]);
    }
    state_ = learning::WeightState(on_.size());
    core::RandomStream templates = stream("templates", 0);
    pool_ = make_pool(world.templates, templates);
    if (policy == Policy::kUniform) std::fill(weights_.begin(), weights_.end(), 0.0);
    former_ = weights_;
  }

  Played play() {
    Played played;
    for (std::int64_t week = 0; week < options_.weeks; ++week) {
      set_truth(week);
      earned_ = drawn_ = 0;
      for (std::int64_t i = 0; i < world_.selections_a_week; ++i) select(week, i);
      played.reward_by_week.push_back(drawn_ > 0 ? earned_ / drawn_ : 0);
      learn(week);
    }
    played.has_promoted = promoted_week_.has_value();
    return played;
  }

 private:
  core::RandomStream stream(std::string_view name, std::uint64_t number) const {
    return {seeds_.bits_at(number), name};
  }

  bool learns() const {
    return policy_ == Policy::kBeta || policy_ == Policy::kLinear || policy_ == Policy::kGated;
  }

  /// The effects of this week: given, or drawn at the start and whenever tastes change.
  void set_truth(std::int64_t week) {
    const bool is_new = week == 0 || (world_.drift_weeks && week % *world_.drift_weeks == 0);
    if (!is_new) return;
    effects_.assign(scoring::scorers().size(), 0);
    for (const auto& [scorer, effect] : world_.effects) {
      effects_[*scoring::find_scorer(scorer)] = effect;
    }
    if (world_.effects.empty()) {
      std::vector<std::size_t> order = on_;
      const auto matter = std::min(order.size(), static_cast<std::size_t>(world_.matter));
      core::RandomStream random = stream("effects", static_cast<std::uint64_t>(week));
      for (std::size_t i = 0; i < matter; ++i) {
        std::swap(order[i], order[i + random.next_below(order.size() - i)]);
        effects_[order[i]] = world_.effect;
      }
    }
    if (policy_ != Policy::kOracle) return;
    for (std::size_t s = 0; s < weights_.size(); ++s) weights_[s] = std::max(0.0, effects_[s]);
  }

  static double score(const scoring::SelectedItem& item, std::size_t s) { return item.scores[s]; }

  double expected_reward(const scoring::SelectedItem& item) const {
    double reward = world_.base_reward;
    for (std::size_t s = 0; s < effects_.size(); ++s) {
      if (effects_[s] != 0) reward += effects_[s] * (score(item, s) - 0.5);
    }
    return std::clamp(reward, 0.0, 1.0);
  }

  void select(std::int64_t week, std::int64_t number) {
    const auto moment = static_cast<std::uint64_t>(week * world_.selections_a_week + number);
    core::RandomStream random = stream("circumstances", moment);
    const scoring::Context context = make_context(random);
    const core::Time now = kStart + kWeek * week + kWeek / world_.selections_a_week * number;
    const double lot = random.next_uniform();
    const bool is_former =
        promoted_week_ && week < *promoted_week_ + kComparisonWeeks && lot < kShareOfFormer;
    const scoring::SelectionRequest request{.preset = options_.preset,
                                            .weights = is_former ? former_ : weights_,
                                            .count = world_.count};
    if (policy_ == Policy::kGated && number % kPoolEvery == 0) keep_pool(context, request, now);
    const scoring::Selection selection =
        scoring::select(pool_, context, request, now, stream("draw", moment));
    for (const scoring::SelectedItem& item : selection.items) {
      const double expected = expected_reward(item);
      earned_ += expected;
      ++drawn_;
      const double noise = world_.noise * stats::normal_quantile(random.next_uniform());
      const auto delay = static_cast<std::int64_t>(
          random.next_below(static_cast<std::uint64_t>(world_.longest_delay_weeks)));
      pool_.product_usage[item.candidate] = scoring::Usage::at(now);
      pool_.audience_usage[item.candidate] = scoring::Usage::at(now);
      if (!learns()) continue;
      learning::Snapshot snapshot{
          .weights_used = {}, .scores = {}, .reward = std::clamp(expected + noise, 0.0, 1.0)};
      for (const std::size_t s : on_) {
        snapshot.weights_used.push_back(request.weights[s]);
        snapshot.scores.push_back(score(item, s));
      }
      pending_.push_back({.week = week + delay, .drawn_at = now, .snapshot = std::move(snapshot)});
    }
  }

  void keep_pool(const scoring::Context& context, scoring::SelectionRequest request,
                 core::Time now) {
    request.lists_all = true;
    const scoring::Selection all =
        scoring::select(pool_, context, request, now, stream("unused", 0));
    learning::ScoredPool pool{.candidates = all.items.size(),
                              .scores = {},
                              .temperature = all.temperature.value_or(1),
                              .explore_floor = options_.preset.explore_floor};
    for (const scoring::SelectedItem& item : all.items) {
      for (const std::size_t s : on_) pool.scores.push_back(score(item, s));
    }
    pools_.push_back(std::move(pool));
    const std::int64_t a_week = (world_.selections_a_week + kPoolEvery - 1) / kPoolEvery;
    if (pools_.size() > kGateWeeks * static_cast<std::size_t>(a_week)) pools_.erase(pools_.begin());
  }

  void learn(std::int64_t week) {
    const std::int64_t before = state_.linear.snapshots;
    std::erase_if(pending_, [&](const Pending& one) {
      if (one.week > week) return false;
      state_.fold(one.snapshot);
      if (options_.half_life_weeks) known_.push_back(one);
      return true;
    });
    if (state_.linear.snapshots == before) return;
    if (options_.half_life_weeks) discount(kStart + kWeek * (week + 1));
    const auto method =
        policy_ == Policy::kBeta ? learning::WeightMethod::kBeta : learning::WeightMethod::kLinear;
    const auto rows = learning::weigh(static_weights_, state_, method, effective_, true, {},
                                      learning::Intervals::kLeftOut);
    scoring::Weights learned(weights_.size(), 0);
    for (std::size_t i = 0; i < on_.size(); ++i) {
      effective_[rows[i].scorer] = rows[i].effective_weight;
      learned[on_[i]] = rows[i].effective_weight;
    }
    if (policy_ != Policy::kGated) {
      weights_ = std::move(learned);
    } else if (learning::looks_allowed(state_.linear.snapshots) > learning::looks_allowed(before) &&
               is_better(learned)) {
      former_ = std::exchange(weights_, std::move(learned));
      promoted_week_ = week + 1;
    }
  }

  /// Makes the sums of the linear model anew, each snapshot by its age.
  void discount(core::Time now) {
    learning::LinearSums sums(on_.size());
    for (const Pending& one : known_) {
      learning::Snapshot snapshot = one.snapshot;
      snapshot.weight *= learning::discount(one.drawn_at, now, *options_.half_life_weeks);
      sums.fold(snapshot);
    }
    state_.linear = std::move(sums);
  }

  bool is_better(const scoring::Weights& challenger) const {
    const auto effects = learning::effects_of(static_weights_, state_);
    if (!effects) return false;
    std::vector<double> first;
    std::vector<double> second;
    for (const std::size_t s : on_) {
      first.push_back(challenger[s]);
      second.push_back(weights_[s]);
    }
    const auto gate = learning::posterior_gate(
        *effects, state_.linear.snapshots, learning::drawn_score_difference(pools_, first, second));
    return gate && gate->fired;
  }

  const World& world_;
  Policy policy_;
  const SimulationOptions& options_;
  core::RandomStream seeds_;  ///< of all others
  std::vector<std::size_t> on_;
  learning::StaticWeights static_weights_;
  learning::WeightState state_;
  learning::EffectiveWeights effective_;
  scoring::Pool pool_;
  scoring::Weights weights_;
  scoring::Weights former_;
  std::vector<double> effects_;
  std::vector<Pending> pending_;
  std::vector<Pending> known_;  ///< what was learned from, where age counts
  std::vector<learning::ScoredPool> pools_;
  std::optional<std::int64_t> promoted_week_;
  double earned_ = 0;
  double drawn_ = 0;
};

}  // namespace

Played play(const World& world, Policy policy, const SimulationOptions& options,
            std::int64_t repetition) {
  return Player(world, policy, options, repetition).play();
}

}  // namespace adgenome::simulate
