#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "candidate_records.hpp"
#include "selection_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;

/// The preset by name or file.
scoring::Preset find_preset(const SelectOptions& options) {
  const std::string name =
      options.preset.value_or(options.is_classic ? "smart_select_t1" : "smart_select");
  if (const auto preset = scoring::built_in_preset(name)) return *preset;
  if (std::filesystem::exists(name) || name.find_first_of("/.") != std::string::npos) {
    return scoring::parse_preset(core::read_json(name), name);
  }
  const std::vector<std::string> known = scoring::built_in_preset_names();
  const auto near = core::nearest(name, known);
  throw core::InvalidInput(
      "no preset and no file \"" + name + "\"",
      near ? "did you mean " + *near + "?" : "built in: " + core::join(known, ", "));
}

scoring::WeightSet find_weights(const SelectOptions& options, const scoring::Preset& preset) {
  if (options.weights == "static") return {.weights = preset.weights};
  return scoring::parse_weights(core::read_json(options.weights), options.weights);
}

/// The first that says something of the gate: command line, preset.
scoring::Gate gate_of(const SelectOptions& options, const scoring::Preset& preset) {
  if (options.strictness || options.min_asset_score) {
    const auto tier = options.strictness ? scoring::parse_tier(*options.strictness) : std::nullopt;
    return scoring::make_gate(tier, options.min_asset_score);
  }
  return scoring::make_gate(std::nullopt, preset.min_asset_score);
}

Json select_and_describe(const scoring::Pool& pool, scoring::Context context,
                         const scoring::Preset& preset, const scoring::WeightSet& weights,
                         const scoring::Gate& gate, const SelectOptions& options,
                         std::vector<std::string> warnings) {
  if (options.category) context.category = options.category;
  if (options.prefer_category) context.category = options.prefer_category;
  scoring::SelectionRequest request{.preset = preset,
                                    .weights = weights.weights,
                                    .gate = gate,
                                    .is_category_filter = options.category.has_value(),
                                    .count = options.count,
                                    .lists_all = options.lists_all};
  const core::RandomStream random(options.seed, "select/draw");
  scoring::Selection selection = scoring::select(pool, context, request, options.now, random);
  selection.warnings.insert(selection.warnings.begin(), warnings.begin(), warnings.end());

  std::optional<scoring::Selection> under_static_weights;
  if (options.explains) {
    scoring::SelectionRequest as_preset = request;
    as_preset.weights = preset.weights;
    under_static_weights = scoring::select(pool, context, as_preset, options.now, random);
  }
  return selection_document(
      {.pool = pool,
       .context = context,
       .request = request,
       .weights = weights,
       .selection = selection,
       .under_static_weights = under_static_weights ? &*under_static_weights : nullptr},
      options);
}

}  // namespace

Json select_from_files(const std::string& candidates, const std::optional<std::string>& context,
                       const SelectOptions& options) {
  const scoring::Preset preset = find_preset(options);
  const scoring::WeightSet weights = find_weights(options, preset);
  std::vector<std::string> warnings;
  scoring::Context what_for;
  if (context) what_for = parse_context(core::read_json(*context), *context, warnings);
  core::RecordReader reader(core::open_input(candidates));
  const scoring::Pool pool = read_candidates(reader, warnings);
  return select_and_describe(pool, what_for, preset, weights, gate_of(options, preset), options,
                             warnings);
}

}  // namespace adgenome::app
