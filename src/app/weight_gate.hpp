#pragma once

#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/learning/weights.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/selection_pools.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::app {

/// A pool with its columns in the order of `scorers`; nothing where one of them is not in it.
std::optional<learning::ScoredPool> scored_pool(const scoring::PoolLog& log,
                                                const store::SelectionPool& stored,
                                                std::span<const std::string> scorers);

/// The brand's pools from a time to another, for these scorers; those that lack one are left out.
std::vector<learning::ScoredPool> scored_pools(store::Session& session, const std::string& brand_id,
                                               core::Time since,
                                               std::span<const std::string> scorers,
                                               core::Time until = store::kNewest);

/// The pools that two policies are compared on: those of the last 12 weeks.
core::Time gate_window(core::Time now);

/// Weights of a set by scorer, in the order of `scorers`; one that it does not name is 0.
std::vector<double> weights_in_order(const core::Json& weights,
                                     std::span<const std::string> scorers);

/// Rewards that became known in this run, by selection and template.
using NewRewards = std::map<std::string, std::map<std::string, double>>;

/// The brand's challengers of one method against its champion (or the static weights), in the
/// open transaction.
class WeightComparison {
 public:
  /// `newest` is the method's last set before this run, `known_at` what the run may know.
  WeightComparison(store::Session& session, const store::Brand& brand,
                   const learning::StaticWeights& static_weights, learning::WeightMethod method,
                   const std::optional<store::WeightSet>& newest, const store::KnownAt& known_at);

  /// Folds the new snapshots into the sequential test of the newest set, judged by what was known
  /// before them.
  void score(const learning::WeightState& before, const NewRewards& rewards);
  /// Both gates for `weights`, the new challenger's; null: for those of the newest set.
  learning::GateReport report(const core::Json& weights, const learning::WeightState& state,
                              const learning::WeightPrior& prior, core::Time now,
                              learning::Gate chosen) const;
  /// Keeps the sums of the sequential test.
  void save(core::Time now);

 private:
  /// Whether this run may look at the posterior gate: new snapshots allow it, or the challenger
  /// that it fired for waits to be promoted.
  bool is_open(std::int64_t snapshots) const;
  bool has_challenger() const { return newest_ && newest_->id != champion_id_; }

  store::Session& session_;
  std::string brand_id_;
  const learning::StaticWeights& static_weights_;
  std::string method_;
  std::optional<store::WeightSet> newest_;
  store::KnownAt known_at_;
  std::string champion_id_;           ///< empty: the static weights
  std::vector<std::string> scorers_;  ///< those that are on
  std::vector<double> champion_;      ///< their weights
  learning::PrequentialTest test_;
  std::int64_t scored_ = 0;
  std::int64_t snapshots_before_ = 0;
};

}  // namespace adgenome::app
