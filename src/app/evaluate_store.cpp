#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <adgenome/store/weights.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "evaluation_document.hpp"
#include "stored_snapshots.hpp"
#include "weight_gate.hpp"

namespace adgenome::app {
namespace {

using scoring::LoggedDraw;

/// A policy that could have drawn.
struct Target {
  std::string name;
  core::Json weights;  ///< by scorer
  scoring::Preset preset;
  std::optional<core::Time> learned_at = {};  ///< of a weight set
};

core::Json weights_by_name(const scoring::Preset& preset) {
  core::Json weights = core::Json::object();
  for (std::size_t s = 0; s < scoring::scorers().size(); ++s) {
    weights[std::string(scoring::scorers()[s].name)] = preset.weights[s];
  }
  return weights;
}

Target target_of(store::Session& session, const std::string& brand_id, const std::string& name) {
  if (const auto set = store::find_weight_set(session, brand_id, name)) {
    return {.name = name,
            .weights = set->weights,
            .preset = *scoring::built_in_preset("smart_select"),
            .learned_at = set->created_at};
  }
  auto preset = scoring::built_in_preset(name);
  if (!preset && std::filesystem::exists(name)) {
    preset = scoring::parse_preset(core::read_json(name), name);
  }
  if (!preset) {
    throw core::InvalidInput("no preset, file or weight set \"" + name + "\"",
                             "presets: " + core::join(scoring::built_in_preset_names(), ", ") +
                                 "; adgenome weights history lists weight sets");
  }
  return {.name = name, .weights = weights_by_name(*preset), .preset = std::move(*preset)};
}

/// Probabilities of the rows of a pool under a target.
std::vector<double> probabilities_of(const Target& target, const scoring::PoolLog& log,
                                     const store::SelectionPool& stored) {
  auto pool = scored_pool(log, stored, log.scorers);
  pool->temperature = target.preset.temperature;
  pool->explore_floor = target.preset.explore_floor;
  const std::vector<double> weights = weights_in_order(target.weights, log.scorers);
  if (target.preset.target_effective)
    learning::solve_temperature(*pool, weights, *target.preset.target_effective);
  return learning::first_draw_probabilities(*pool, weights);
}

/// Rewards that are known now, by selection and template.
std::map<std::pair<std::string, std::string>, double> known_rewards(store::Session& session,
                                                                    const std::string& brand_id,
                                                                    core::Day today) {
  std::map<std::pair<std::string, std::string>, double> rewards;
  store::visit_snapshots(session, brand_id, {}, [&](const store::SnapshotRow& item) {
    const learning::Maturity maturity = maturity_of(item, today);
    if (maturity.reward) {
      rewards[{item.selection_id, item.template_id}] = maturity.reward->reward;
    }
  });
  return rewards;
}

}  // namespace

core::Json evaluate_in_store(store::Session& session, const store::Brand& brand,
                             const EvaluateOptions& options, core::Time now) {
  std::vector<Target> targets;
  targets.push_back(
      target_of(session, brand.id, options.policy ? *options.policy : options.compare->first));
  if (options.compare) {
    targets.push_back(target_of(session, brand.id, options.compare->first));
    targets.push_back(target_of(session, brand.id, options.compare->second));
  }
  const auto rewards = known_rewards(session, brand.id, core::day_of(now));
  std::vector<store::SelectionPool> pools;
  store::visit_selection_pools(session, brand.id, core::Time{},
                               [&](const store::SelectionPool& pool) { pools.push_back(pool); });

  EvaluationSource source{.estimation = options.estimation,
                          .is_comparison = options.compare.has_value()};
  scoring::PolicyEvaluation evaluation(options.estimation);
  scoring::PolicyComparison comparison(options.estimation);
  for (const store::SelectionPool& stored : pools) {
    const scoring::PoolLog log = scoring::decode_pool(stored.format, stored.bytes);
    std::vector<std::vector<LoggedDraw>> leading(targets.size());
    std::vector<std::vector<double>> p;
    for (const Target& target : targets) p.push_back(probabilities_of(target, log, stored));
    EvaluationSource::Matured& matured =
        source.matured[stored.weight_set.empty() ? stored.preset : stored.weight_set];
    bool is_leading = true;
    for (const store::DrawnItem& item :
         store::drawn_items(session, brand.id, stored.selection_id)) {
      const auto reward = rewards.find({stored.selection_id, item.template_id});
      ++matured.all;
      if (reward != rewards.end()) ++matured.rewarded;
      const auto row = std::find(log.ids.begin(), log.ids.end(), item.template_id);
      is_leading = is_leading && reward != rewards.end() && row != log.ids.end();
      if (!is_leading) continue;
      for (std::size_t t = 0; t < targets.size(); ++t) {
        leading[t].push_back({.reward = reward->second,
                              .draw_probability = item.draw_probability,
                              .target = p[t][static_cast<std::size_t>(row - log.ids.begin())]});
      }
      const auto& learned_at = targets.front().learned_at;
      if (learned_at && item.credited_at && *item.credited_at <= *learned_at) {
        source.is_in_sample = true;
      }
    }
    if (leading.front().empty()) continue;
    evaluation.add(leading.front());
    if (options.compare) comparison.add(leading[1], leading[2]);
  }
  if (source.is_in_sample) {
    source.warnings.push_back(targets.front().name +
                              " learned from these very selections: this says little of others");
  }
  for (const Target& target : targets) {
    if (target.preset.max_similarity < 1) {
      source.warnings.push_back(target.name +
                                " passes over templates that are too similar: the "
                                "estimate is that of its first draw alone");
      break;
    }
  }
  source.comparison = comparison.result();
  return evaluation_document(evaluation.result(), source);
}

}  // namespace adgenome::app
