#include <adgenome/app/preset_check.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/pool_figures.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "candidate_records.hpp"
#include "policy_evaluation.hpp"
#include "select_parts.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

/// A preset that is checked, and what was found wrong with its file.
struct Checked {
  std::string source;
  bool is_built_in = false;
  scoring::Preset preset = {.name = "", .weights = {}};
  std::vector<InvalidInput> problems = {};
  Json pools = Json::array();
  Json failures = Json::array();
  Json off_policy = nullptr;
  std::string off_policy_reason = "logged selections are in a store, and none was asked for";

  void fail(const std::string& check, const std::string& message, const std::string& where,
            const Json& product) {
    failures.push_back({{"check", check},
                        {"message", message},
                        {"where", where.empty() ? Json() : Json(where)},
                        {"product_id", product}});
  }
};

Checked read_preset(const std::string& source) {
  Checked checked{.source = source};
  if (auto preset = scoring::built_in_preset(source)) {
    checked.is_built_in = true;
    checked.preset = *preset;
    return checked;
  }
  const std::string text = core::read_all(source);
  try {
    checked.preset =
        scoring::parse_preset(core::parse_json(text, source), source, checked.problems);
  } catch (const InvalidInput& error) {
    checked.preset.name = source;
    checked.problems.push_back(error);
  }
  const bool is_empty = std::all_of(checked.preset.weights.begin(), checked.preset.weights.end(),
                                    [](double weight) { return weight == 0; });
  if (checked.problems.empty() && is_empty) {
    checked.problems.emplace_back("all weights are 0: every template is as likely as any other", "",
                                  source + " /weights");
  }
  for (const InvalidInput& problem : checked.problems) {
    const std::string hint = problem.hint().empty() ? "" : " (" + problem.hint() + ")";
    checked.fail("preset", problem.what() + hint, problem.where(), nullptr);
  }
  return checked;
}

/// Candidates that presets are checked on.
struct CheckedPool {
  Json product_id;
  StoreCandidates from;
};

/// Where the brand's own settings come from; null and empty in stream mode.
struct BrandSettings {
  Json config = nullptr;
  std::string where = {};
};

scoring::Selection select_from(const CheckedPool& pool, const SelectMethod& method,
                               const PresetCheckOptions& options) {
  const scoring::Pool& candidates = pool.from.candidates.pool;
  const auto program_scores = run_programs(method, pool.from.candidates, options.scorer_timeout_s);
  const scoring::SelectionRequest request{
      .preset = method.preset,
      .weights = scoring::weights_for(method.preset, candidates),
      .program_scores = program_scores,
      .gate = method.gate,
      .count = 1};
  return scoring::select(candidates, pool.from.context, request, options.now,
                         {options.seed, "preset-check/select"});
}

void check_on(const CheckedPool& pool, Checked& checked, const SelectMethod& method,
              const scoring::Selection& baseline, const PresetCheckOptions& options) {
  const scoring::Selection selection = select_from(pool, method, options);
  scoring::PoolFigures figures =
      scoring::figures_of(pool.from.candidates.pool, selection, baseline, options.draws,
                          {options.seed, "preset-check/draws"});
  // What passes once the gate is opened has not survived it.
  const auto& relaxed = selection.relaxed;
  if (std::find(relaxed.begin(), relaxed.end(), "gate") != relaxed.end()) {
    figures.gate_survivors = 0;
  }
  Json expectations = Json::array();
  for (const scoring::Expectation& each : scoring::judge(checked.preset.expect, figures)) {
    expectations.push_back({{"name", each.name},
                            {"expected", each.expected},
                            {"found", or_null(each.found)},
                            {"holds", each.holds}});
    if (each.holds) continue;
    const std::string found =
        each.found ? core::format_double(*each.found) : "nothing, no candidate passes the gate";
    checked.fail("expect/" + each.name,
                 each.name + " is " + core::format_double(each.expected) + ", found " + found,
                 checked.source + " /expect/" + each.name, pool.product_id);
  }
  checked.pools.push_back({{"product_id", pool.product_id},
                           {"candidates", figures.candidates},
                           {"gate_survivors", figures.gate_survivors},
                           {"relaxed", relaxed},
                           {"reason", selection.reason ? Json(*selection.reason) : Json()},
                           {"temperature", or_null(selection.temperature)},
                           {"effective_templates", or_null(figures.effective_templates)},
                           {"largest_share", or_null(figures.largest_share)},
                           {"coverage_after_draws", or_null(figures.coverage_after_draws)},
                           {"share_by_category", Json(figures.share_by_category)},
                           {"distance_to_baseline", or_null(figures.distance_to_baseline)},
                           {"rank_correlation", or_null(figures.rank_correlation)},
                           {"expectations", std::move(expectations)}});
}

Json described(const Checked& checked) {
  return {{"preset", checked.preset.name},
          {"source", checked.source},
          {"passed", checked.failures.empty()},
          {"failures", checked.failures},
          {"pools", checked.pools},
          {"off_policy", checked.off_policy},
          {"off_policy_reason",
           checked.off_policy.is_null() ? Json(checked.off_policy_reason) : Json()}};
}

Json check_on_pools(std::vector<Checked>& presets, const std::vector<CheckedPool>& pools,
                    const BrandSettings& settings, const PresetCheckOptions& options) {
  const SelectOptions plain{.weights = "static", .now = options.now, .seed = options.seed};
  const auto method_of = [&](const scoring::Preset& preset, const std::string& source) {
    return method_for_preset(preset, source, plain, settings.config, settings.where);
  };
  const SelectMethod baseline = method_of(find_preset(options.baseline), options.baseline);
  for (const CheckedPool& pool : pools) {
    const scoring::Selection by_baseline = select_from(pool, baseline, options);
    for (Checked& checked : presets) {
      if (!checked.problems.empty()) continue;
      check_on(pool, checked, method_of(checked.preset, checked.source), by_baseline, options);
    }
  }
  Json list = Json::array();
  Json warnings = Json::array();
  bool passed = true;
  for (const Checked& checked : presets) {
    list.push_back(described(checked));
    passed = passed && checked.failures.empty();
    if (pools.empty() && checked.preset.expect.any()) {
      warnings.push_back("expectations of " + checked.source +
                         " are not checked: no candidates are given");
    }
  }
  return {{"passed", passed},
          {"baseline", options.baseline},
          {"draws", options.draws},
          {"seed", core::wide_integer(options.seed)},
          {"now", core::format_time(options.now)},
          {"warnings", std::move(warnings)},
          {"presets", std::move(list)}};
}

std::vector<Checked> read_presets(const PresetCheckOptions& options) {
  std::vector<Checked> presets;
  for (const std::string& source : options.presets) presets.push_back(read_preset(source));
  return presets;
}

/// What the brand's recorded selections say that the preset would have earned.
void evaluate_on_logs(store::Session& session, const store::Brand& brand,
                      const BrandSettings& settings, const PresetCheckOptions& options,
                      Checked& checked) {
  if (!checked.problems.empty()) {
    checked.off_policy_reason = "it is not a preset";
    return;
  }
  const SelectOptions plain{.weights = "static"};
  const TargetPolicy policy{.name = checked.source,
                            .preset = method_for_preset(checked.preset, checked.source, plain,
                                                        settings.config, settings.where)
                                          .preset};
  Json evaluation = evaluate_policy(session, brand, policy, std::nullopt, {}, options.now);
  if (evaluation.at("rounds") == 0) {
    checked.off_policy_reason = "no recorded selection kept its pool and has a reward";
    return;
  }
  evaluation.erase("comparison");
  checked.off_policy = std::move(evaluation);
}

bool any_runs_programs(const std::vector<Checked>& presets) {
  return std::any_of(presets.begin(), presets.end(),
                     [](const Checked& checked) { return !checked.preset.programs.empty(); });
}

}  // namespace

Json list_presets() {
  Json items = Json::array();
  for (const std::string& name : scoring::built_in_preset_names()) {
    items.push_back(scoring::to_json(*scoring::built_in_preset(name)));
  }
  return {{"items", std::move(items)}};
}

Json show_preset(const std::string& name) {
  return scoring::to_json(find_preset(name));
}

Json check_presets(const PresetCheckOptions& options) {
  std::vector<Checked> presets = read_presets(options);
  std::vector<CheckedPool> pools;
  if (options.candidates) {
    CheckedPool pool;
    std::vector<std::string>& warnings = pool.from.candidates.warnings;
    if (options.context) {
      pool.from.context =
          parse_context(core::read_json(*options.context), *options.context, warnings);
    }
    core::RecordReader reader(core::open_input(*options.candidates));
    std::string* lines = any_runs_programs(presets) ? &pool.from.candidates.lines : nullptr;
    pool.from.candidates.pool = read_candidates(reader, warnings, lines);
    const auto& product = pool.from.context.product_id;
    if (product) pool.product_id = *product;
    pools.push_back(std::move(pool));
  }
  Json document = check_on_pools(presets, pools, {}, options);
  for (const CheckedPool& pool : pools) {
    for (const std::string& warning : pool.from.candidates.warnings) {
      document["warnings"].push_back(warning);
    }
  }
  return document;
}

Json check_presets_in_store(store::Session& session, const store::Brand& brand,
                            const PresetCheckOptions& options) {
  std::vector<Checked> presets = read_presets(options);
  SelectMethod wanted;
  if (any_runs_programs(presets)) wanted.preset.programs.emplace_back();
  std::vector<std::string> products;
  if (options.product) {
    products.push_back(*options.product);
  } else {
    for (const store::Product& product : store::products(session, brand.id)) {
      products.push_back(product.id);
    }
  }
  std::vector<CheckedPool> pools;
  for (const std::string& product : products) {
    pools.push_back({.product_id = product,
                     .from = candidates_from_store(session, brand, product, {}, wanted)});
  }
  const BrandSettings settings{.config = brand.selection_config,
                               .where = "brand " + brand.id + " /selection_config"};
  for (Checked& checked : presets) evaluate_on_logs(session, brand, settings, options, checked);
  return check_on_pools(presets, pools, settings, options);
}

}  // namespace adgenome::app
