#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/thompson.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "candidate_records.hpp"
#include "program_scorer.hpp"
#include "select_parts.hpp"
#include "selection_document.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

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

constexpr const char* kWeightsSchema = "adgenome/weights/v1";

/// The weights in use for a pool: the preset's, those that took their place, or under Thompson's
/// rule a draw around those.
scoring::Weights weights_in_use(const SelectMethod& method, const scoring::Pool& pool,
                                std::uint64_t seed, std::vector<std::string>& warnings) {
  scoring::Weights weights = scoring::weights_for(method.preset, pool);
  // Programs keep the weight that their preset gives them: nothing is learned of them.
  if (method.weights)
    std::copy(method.weights->weights.begin(), method.weights->weights.end(), weights.begin());
  if (method.preset.explore != scoring::Explore::kThompson) return weights;
  if (method.learned.is_null()) {
    warnings.emplace_back(
        "explore thompson has nothing to draw from: no learned weights are in use");
    return weights;
  }
  learning::StaticWeights rows;
  for (const Json& row : method.learned.at("scorers")) {
    const std::string where = "learned weights";
    const Json weight = row.value("static_weight", Json());
    if (!weight.is_number()) throw InvalidInput("static_weight of a scorer is missing", "", where);
    rows.emplace_back(row.at("scorer").get<std::string>(), weight.get<double>());
  }
  Json document = method.learned;
  document["schema"] = kWeightsSchema;  // the store keeps documents without it
  const auto history = learning::weight_history(document, rows, "learned weights");
  core::RandomStream random(seed, "select/weights");
  const std::vector<double> drawn =
      learning::draw_weights(rows, history.state, history.method, random);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    weights[*scoring::find_scorer(rows[i].first)] = drawn[i];
  }
  return weights;
}

/// What one brand's ads taught says nothing of another's.
void require_own_weights(const SelectMethod& method, const scoring::Context& context) {
  if (method.learned.is_null() || !context.brand_id) return;
  const Json brand = method.learned.value("brand_id", Json());
  if (brand.is_null() || brand == *context.brand_id) return;
  throw InvalidInput(
      "weights of brand " + core::dump(brand) + ", expected brand " + core::dump(*context.brand_id),
      "", method.learned_from + " /brand_id");
}

}  // namespace

scoring::Preset find_preset(const std::string& name) {
  if (auto preset = scoring::built_in_preset(name)) return *preset;
  if (name == "-" || std::filesystem::exists(name) ||
      name.find_first_of("/.") != std::string::npos) {
    return scoring::parse_preset(core::read_json(name), name);
  }
  const std::vector<std::string> known = scoring::built_in_preset_names();
  const auto near = core::nearest(name, known);
  throw InvalidInput("no preset and no file \"" + name + "\"",
                     near ? "did you mean " + *near + "?" : "built in: " + core::join(known, ", "));
}

SelectMethod find_method(const SelectOptions& options, const Json& config,
                         const std::string& where) {
  const std::string name =
      options.preset.value_or(options.is_classic ? "smart_select_t1" : "smart_select");
  return method_for_preset(find_preset(name), name, options, config, where);
}

SelectMethod method_for_preset(scoring::Preset preset, const std::string& name,
                               const SelectOptions& options, const Json& config,
                               const std::string& where) {
  SelectMethod method{.preset = std::move(preset)};
  const bool is_built_in = scoring::built_in_preset(name).has_value();
  if (!is_built_in) method.folder = std::filesystem::path(name).parent_path().string();
  const Json replaced = config.is_null() ? Json() : config.value("weights", Json());
  if (is_built_in && !replaced.is_null()) {
    scoring::replace_weights(method.preset, replaced, where + "/weights");
  }
  method.max_similarity = options.max_similarity.value_or(method.preset.max_similarity);
  if (options.weights && *options.weights != "static" && *options.weights != "learned") {
    const Json document = core::read_json(*options.weights);
    if (document.is_object() && document.contains("scorers")) {
      use_learned(method, document, *options.weights);
    } else {
      method.weights = scoring::parse_weights(document, *options.weights);
    }
  }
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

void use_learned(SelectMethod& method, const Json& learned, const std::string& source) {
  const Json schema = learned.value("schema", Json(kWeightsSchema));
  if (schema != kWeightsSchema) {
    throw InvalidInput("expected " + std::string(kWeightsSchema) + ", found " + core::dump(schema),
                       "", source + " /schema");
  }
  method.weights = scoring::parse_weights(learned, source);
  method.learned = learned;
  method.learned_from = source;
}

std::vector<std::vector<double>> run_programs(const SelectMethod& method,
                                              const Candidates& candidates,
                                              std::int64_t timeout_s) {
  std::vector<std::vector<double>> scores;
  for (const std::string& program : method.preset.programs) {
    scores.push_back(run_program_scorer(program, method.folder, candidates.lines, candidates.pool,
                                        std::chrono::seconds(timeout_s)));
  }
  return scores;
}

PooledSelection select_and_describe(const Candidates& candidates, scoring::Context context,
                                    const SelectMethod& method, const SelectOptions& options) {
  const scoring::Pool& pool = candidates.pool;
  require_own_weights(method, context);
  std::vector<std::string> warnings = candidates.warnings;
  if (options.category) context.category = options.category;
  if (options.prefer_category) context.category = options.prefer_category;
  const std::vector<std::vector<double>> program_scores =
      run_programs(method, candidates, options.scorer_timeout_s);
  const scoring::SelectionRequest request{
      .preset = method.preset,
      .weights = weights_in_use(method, pool, options.seed, warnings),
      .program_scores = program_scores,
      .max_similarity = method.max_similarity,
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
    as_preset.weights = scoring::weights_for(method.preset, pool);
    under_static_weights = scoring::select(pool, context, as_preset, options.now, random);
  }
  Json document = selection_document(
      {.pool = pool,
       .context = context,
       .request = request,
       .weights = method.weights,
       .selection = selection,
       .under_static_weights = under_static_weights ? &*under_static_weights : nullptr},
      options);
  PooledSelection result{.document = std::move(document), .pool = {}};
  if (options.keeps_pool) {
    result.pool = scoring::keep_pool(pool, context, request, selection, options.now,
                                     core::RandomStream(options.seed, "select/pool"));
  }
  return result;
}

Json select_from_files(const std::string& candidates, const std::optional<std::string>& context,
                       const SelectOptions& options) {
  const SelectMethod method = find_method(options, nullptr, "");
  Candidates found;
  scoring::Context what_for;
  if (context) what_for = parse_context(core::read_json(*context), *context, found.warnings);
  core::RecordReader reader(core::open_input(candidates));
  found.pool = read_candidates(reader, found.warnings,
                               method.preset.programs.empty() ? nullptr : &found.lines);
  return select_and_describe(found, what_for, method, options).document;
}

}  // namespace adgenome::app
