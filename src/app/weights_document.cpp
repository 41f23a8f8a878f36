#include "weights_document.hpp"

#include <adgenome/core/json.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/store/selections.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

template <class T>
core::Json or_null(const std::optional<T>& value) {
  return value ? core::Json(*value) : core::Json();
}

}  // namespace

core::Json weights_document(const WeightUpdate& update,
                            const std::vector<learning::ScorerWeight>& rows,
                            const learning::WeightState& state,
                            const learning::StaticWeights& static_weights) {
  core::Json scorers = core::Json::array();
  for (const learning::ScorerWeight& row : rows) scorers.push_back(learning::to_json(row));
  core::Json warnings = learning::weight_warnings(static_weights, state);
  if (!update.is_update()) warnings.push_back("nothing new was learned: the weights stay");
  return {{"brand_id", or_null(update.brand_id)},
          {"method", learning::name_of(update.method)},
          {"weight_set", or_null(update.weight_set)},
          {"parent_weight_set", or_null(update.parent_weight_set)},
          {"snapshots_credited", update.credited},
          {"snapshots_revised", update.revised},
          {"snapshots_skipped", update.skipped},
          {"reasons", core::Json(update.reasons)},
          {"scorers", std::move(scorers)},
          {"state", learning::to_json(state, static_weights)},
          {"gate", update.gate ? learning::to_json(*update.gate) : core::Json()},
          {"gate_reason", update.gate ? core::Json() : core::Json(update.gate_reason)},
          {"promoted", or_null(update.promoted)},
          {"half_life_weeks", or_null(update.half_life_weeks)},
          {"lending_brands", update.lending_brands},
          {"warnings", std::move(warnings)}};
}

learning::StaticWeights static_weights_from(const std::optional<std::string>& file,
                                            const core::Json& selection_config,
                                            bool has_ad_library) {
  if (file) {
    return learning::static_weights_of(core::read_json(*file), scoring::scorer_names(),
                                       *file == "-" ? "standard input" : *file);
  }
  scoring::Preset preset = *scoring::built_in_preset("smart_select");
  const core::Json replaced = selection_config.value("weights", core::Json::object());
  scoring::replace_weights(preset, replaced, "selection_config /weights");
  const scoring::Weights all = scoring::weights_for(preset, has_ad_library);
  learning::StaticWeights weights;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] > 0) weights.emplace_back(scoring::scorers()[i].name, all[i]);
  }
  return weights;
}

learning::StaticWeights static_weights_in_store(store::Session& session, const store::Brand& brand,
                                                const std::optional<std::string>& file) {
  return static_weights_from(file, brand.selection_config, store::has_ad_library(session));
}

}  // namespace adgenome::app
