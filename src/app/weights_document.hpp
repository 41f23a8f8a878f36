#pragma once

#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/learning/weights.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What became of the snapshots of one update, and where it stands in the registry.
struct WeightUpdate {
  std::optional<std::string> brand_id = {};
  learning::WeightMethod method = learning::WeightMethod::kLinear;
  std::optional<std::string> weight_set = {};
  std::optional<std::string> parent_weight_set = {};
  std::int64_t credited = 0;
  std::int64_t revised = 0;
  std::int64_t skipped = 0;
  std::map<std::string, std::int64_t> reasons = {};
  std::optional<learning::GateReport> gate = {};
  std::string gate_reason = {};  ///< of its absence
  std::optional<double> half_life_weeks = {};
  std::int64_t lending_brands = 0;
  std::optional<std::string> promoted = {};  ///< the set that became champion

  bool is_update() const { return credited + revised > 0; }
  void skip(const std::string& reason) {
    ++skipped;
    ++reasons[reason];
  }
};

/// adgenome/weights/v1 without `schema`. `rows` are the scorers that are shown; the state is
/// written for all of `static_weights`.
core::Json weights_document(const WeightUpdate& update,
                            const std::vector<learning::ScorerWeight>& rows,
                            const learning::WeightState& state,
                            const learning::StaticWeights& static_weights);

/// The static weights of a file (a preset or a map); without one those of smart_select, single ones
/// replaced by the `weights` of a brand's selection_config.
learning::StaticWeights static_weights_from(const std::optional<std::string>& file,
                                            const core::Json& selection_config,
                                            bool has_ad_library);

/// The same for a brand of the store, whose templates carry ad-library data or do not.
learning::StaticWeights static_weights_in_store(store::Session& session, const store::Brand& brand,
                                                const std::optional<std::string>& file);

}  // namespace adgenome::app
