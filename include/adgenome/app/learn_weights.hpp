#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/learning/weights.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <functional>
#include <optional>
#include <string>

namespace adgenome::app {

struct LearnWeightsOptions {
  learning::WeightMethod method = learning::WeightMethod::kLinear;
  std::optional<std::string> static_file = {};  ///< a preset or a map; without: smart_select
  std::optional<double> half_life_weeks = {};   ///< after which a snapshot counts for half
};

struct SnapshotInput {
  std::string path;                       ///< snapshots; "-" is standard input
  std::optional<std::string> posteriors;  ///< an earlier output to go on from
  std::optional<std::string> brand_id;    ///< whose they are, where that is said
  std::function<void()> on_row = {};      ///< called for every row
  core::Time now = {};                    ///< what the ages of snapshots are counted to
};

/// The document adgenome/weights/v1 (without `schema`) from snapshots in one pass. No store is
/// opened.
core::Json learn_weights_from_input(const SnapshotInput& input, const LearnWeightsOptions& options,
                                    core::Rejects& rejects);

struct StoreRun {
  core::Time now = {};
  std::string weight_set_id = {};  ///< of the set that is written
  bool is_dry_run = false;
  store::KnownAt known_at = {};
  learning::Gate gate = learning::Gate::kPosterior;
  bool promotes_if_better = false;  ///< where the gate fires
};

/// Credits every matured selection item of the brand that was not yet credited, corrects what
/// revised rewards have changed, adds a weight set (a challenger), and compares it to the champion,
/// in one transaction. Where nothing was credited or revised, no set is added.
core::Json learn_weights_in_store(store::Session& session, const store::Brand& brand,
                                  const LearnWeightsOptions& options, const StoreRun& run);

}  // namespace adgenome::app
