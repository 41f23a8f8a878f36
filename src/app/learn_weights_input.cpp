#include <adgenome/app/learn_weights.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <nlohmann/json.hpp>

#include "snapshot_rows.hpp"
#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using learning::WeightHistory;

/// The earlier output, which has to be about the same brand where both say whose they are.
std::optional<WeightHistory> history_of(const SnapshotInput& input,
                                        const learning::StaticWeights& static_weights) {
  if (!input.posteriors) return std::nullopt;
  const std::string& file = *input.posteriors;
  WeightHistory history = learning::weight_history(core::read_json(file), static_weights, file);
  if (input.brand_id && history.brand_id && *input.brand_id != *history.brand_id) {
    throw core::InvalidInput(
        "weights of brand " + *history.brand_id + ", expected brand " + *input.brand_id, "",
        file + " /brand_id");
  }
  return history;
}

}  // namespace

core::Json learn_weights_from_input(const SnapshotInput& input, const LearnWeightsOptions& options,
                                    core::Rejects& rejects) {
  const learning::StaticWeights static_weights =
      static_weights_from(options.static_file, core::Json::object(), false);
  WeightUpdate update{.brand_id = input.brand_id,
                      .method = options.method,
                      .gate_reason = "snapshots come without the pools that they were drawn from",
                      .half_life_weeks = options.half_life_weeks};
  learning::WeightState state(static_weights.size());
  learning::EffectiveWeights previous;
  if (auto history = history_of(input, static_weights)) {
    state = std::move(history->state);
    // Each method goes on from its own last weights.
    if (history->method == options.method) previous = std::move(history->effective);
    update.parent_weight_set = history->weight_set;
    if (!update.brand_id) update.brand_id = history->brand_id;
  }

  SnapshotRows rows(static_weights, options.half_life_weeks, input.now);
  core::RecordReader reader(core::open_input(input.path));
  core::read_records(reader, rejects, [&](const core::RecordView& row) {
    if (input.on_row) input.on_row();
    const learning::Snapshot* snapshot = rows.read(row);
    if (!snapshot) {
      update.skip("no_reward");
      return;
    }
    ++update.credited;
    if (!state.fold(*snapshot)) ++update.reasons["no_contribution"];
  });
  if (rejects.count() > 0) {
    update.reasons["rejected"] = rejects.count();
    update.skipped += rejects.count();
  }
  const auto weights =
      learning::weigh(static_weights, state, options.method, previous, update.is_update());
  return weights_document(update, weights, state, static_weights);
}

}  // namespace adgenome::app
