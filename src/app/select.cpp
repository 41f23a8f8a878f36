#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "candidate_records.hpp"
#include "select_parts.hpp"
#include "selection_document.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

/// The preset by name or file.
scoring::Preset find_preset(const SelectOptions& options, const Json& config,
                            const std::string& where) {
  const std::string name =
      options.preset.value_or(options.is_classic ? "smart_select_t1" : "smart_select");
  if (auto preset = scoring::built_in_preset(name)) {
    const Json weights = config.is_null() ? Json() : config.value("weights", Json());
    if (!weights.is_null()) scoring::replace_weights(preset->weights, weights, where + "/weights");
    return *preset;
  }
  if (name == "-" || std::filesystem::exists(name) ||
      name.find_first_of("/.") != std::string::npos) {
    return scoring::parse_preset(core::read_json(name), name);
  }
  const std::vector<std::string> known = scoring::built_in_preset_names();
  const auto near = core::nearest(name, known);
  throw InvalidInput("no preset and no file \"" + name + "\"",
                     near ? "did you mean " + *near + "?" : "built in: " + core::join(known, ", "));
}

scoring::Gate gate_of_brand(const Json& config, const std::string& where) {
  if (config.is_null()) return {};
  const Json tier_name = config.value("tier", Json());
  const Json number = config.value("min_asset_score", Json());
  std::optional<scoring::Tier> tier;
  if (tier_name.is_string()) tier = scoring::parse_tier(tier_name.get<std::string>());
  if (!tier_name.is_null() && !tier) {
    throw InvalidInput("expected default, growth or premium, found " + core::dump(tier_name), "",
                       where + "/tier");
  }
  std::optional<double> least;
  if (number.is_number()) least = number.get<double>();
  if (!number.is_null() && !(least && *least >= 0 && *least <= 1)) {
    throw InvalidInput("expected a number from 0 to 1, found " + core::dump(number), "",
                       where + "/min_asset_score");
  }
  return scoring::make_gate(tier, least);
}

}  // namespace

SelectMethod find_method(const SelectOptions& options, const Json& config,
                         const std::string& where) {
  SelectMethod method{.preset = find_preset(options, config, where), .weights = {}, .gate = {}};
  method.weights = options.weights == "static"
                       ? scoring::WeightSet{.weights = method.preset.weights}
                       : scoring::parse_weights(core::read_json(options.weights), options.weights);
  if (options.strictness || options.min_asset_score) {
    const auto tier = options.strictness ? scoring::parse_tier(*options.strictness) : std::nullopt;
    method.gate = scoring::make_gate(tier, options.min_asset_score);
  } else if (method.preset.min_asset_score) {
    method.gate = scoring::make_gate(std::nullopt, method.preset.min_asset_score);
  } else {
    method.gate = gate_of_brand(config, where);
  }
  return method;
}

Json select_and_describe(const scoring::Pool& pool, scoring::Context context,
                         const SelectMethod& method, const SelectOptions& options,
                         const std::vector<std::string>& warnings) {
  if (options.category) context.category = options.category;
  if (options.prefer_category) context.category = options.prefer_category;
  const scoring::SelectionRequest request{.preset = method.preset,
                                          .weights = method.weights.weights,
                                          .gate = method.gate,
                                          .is_category_filter = options.category.has_value(),
                                          .count = options.count,
                                          .lists_all = options.lists_all};
  const core::RandomStream random(options.seed, "select/draw");
  scoring::Selection selection = scoring::select(pool, context, request, options.now, random);
  selection.warnings.insert(selection.warnings.begin(), warnings.begin(), warnings.end());

  std::optional<scoring::Selection> under_static_weights;
  if (options.explains) {
    scoring::SelectionRequest as_preset = request;
    as_preset.weights = method.preset.weights;
    under_static_weights = scoring::select(pool, context, as_preset, options.now, random);
  }
  return selection_document(
      {.pool = pool,
       .context = context,
       .request = request,
       .weights = method.weights,
       .selection = selection,
       .under_static_weights = under_static_weights ? &*under_static_weights : nullptr},
      options);
}

Json select_from_files(const std::string& candidates, const std::optional<std::string>& context,
                       const SelectOptions& options) {
  const SelectMethod method = find_method(options, nullptr, "");
  std::vector<std::string> warnings;
  scoring::Context what_for;
  if (context) what_for = parse_context(core::read_json(*context), *context, warnings);
  core::RecordReader reader(core::open_input(candidates));
  const scoring::Pool pool = read_candidates(reader, warnings);
  return select_and_describe(pool, what_for, method, options, warnings);
}

}  // namespace adgenome::app
