#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <adgenome/store/weights.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "evaluation_document.hpp"
#include "logged_model.hpp"
#include "policy_evaluation.hpp"
#include "select_parts.hpp"
#include "stored_snapshots.hpp"
#include "weight_gate.hpp"
#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using scoring::LoggedDraw;

/// The target's weights in the order of the pool's scorers. Nothing where it asks a program that
/// did not score this pool.
std::optional<std::vector<double>> weights_on(const TargetPolicy& target,
                                              const scoring::PoolLog& log) {
  if (!target.learned.is_null()) return weights_in_order(target.learned, log.scorers);
  // Without data of an ad library each of its scorers says the same of every candidate.
  bool has_ad_library = false;
  for (std::size_t column = 0; column < log.scorers.size(); ++column) {
    const auto scorer = scoring::find_scorer(log.scorers[column]);
    if (!scorer || scoring::scorers()[*scorer].needs != scoring::Needs::kAdLibrary) continue;
    for (std::size_t row = 1; row < log.ids.size(); ++row) {
      has_ad_library = has_ad_library || log.score(row, column) != log.score(0, column);
    }
  }
  const scoring::Weights given = scoring::weights_for(target.preset, has_ad_library);
  std::vector<double> weights(log.scorers.size(), 0);
  for (std::size_t s = 0; s < given.size(); ++s) {
    const auto column =
        std::find(log.scorers.begin(), log.scorers.end(), scoring::scorer_name(target.preset, s));
    if (column != log.scorers.end()) {
      weights[static_cast<std::size_t>(column - log.scorers.begin())] = given[s];
    } else if (given[s] > 0) {
      return std::nullopt;
    }
  }
  return weights;
}

/// Probabilities of the rows of a pool under a target.
std::optional<std::vector<double>> probabilities_of(const TargetPolicy& target,
                                                    const scoring::PoolLog& log,
                                                    const store::SelectionPool& stored) {
  auto pool = scored_pool(log, stored, log.scorers);
  const auto weights = weights_on(target, log);
  if (!pool || !weights) return std::nullopt;
  pool->temperature = target.preset.temperature;
  pool->explore_floor = target.preset.explore_floor;
  if (target.preset.target_effective) {
    learning::solve_temperature(*pool, *weights, *target.preset.target_effective);
  }
  return learning::first_draw_probabilities(*pool, *weights);
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

/// Sentences about what an estimate of this target leaves out.
void warn_of(const TargetPolicy& target, std::vector<std::string>& warnings) {
  if (target.preset.max_similarity < 1) {
    warnings.push_back(target.name +
                       " passes over templates that are too similar: the "
                       "estimate is that of its first draw alone");
  }
  if (target.learned.is_null() && target.preset.min_asset_score) {
    warnings.push_back(target.name +
                       " has a gate of its own, which is not applied: it draws from the "
                       "pools that were kept after the gate of their time");
  }
  if (target.preset.explore == scoring::Explore::kThompson) {
    warnings.push_back(target.name +
                       " draws its weights: the estimate is that of the weights in the middle");
  }
}

/// The leading draws of a recorded selection, under each target.
using Leading = std::vector<std::vector<LoggedDraw>>;

}  // namespace

TargetPolicy target_policy(store::Session& session, const store::Brand& brand,
                           const std::string& name) {
  const SelectOptions plain{.weights = "static"};
  const auto preset_of = [&](scoring::Preset preset, const std::string& source) {
    return method_for_preset(std::move(preset), source, plain, brand.selection_config,
                             "brand " + brand.id + " /selection_config")
        .preset;
  };
  if (const auto set = store::find_weight_set(session, brand.id, name)) {
    return {.name = name,
            .preset = *scoring::built_in_preset("smart_select"),
            .learned = set->weights,
            .learned_at = set->created_at};
  }
  if (!scoring::built_in_preset(name) && !std::filesystem::exists(name)) {
    throw core::InvalidInput("no preset, file or weight set \"" + name + "\"",
                             "presets: " + core::join(scoring::built_in_preset_names(), ", ") +
                                 "; adgenome weights history lists weight sets");
  }
  return {.name = name, .preset = preset_of(find_preset(name), name)};
}

core::Json evaluate_policy(store::Session& session, const store::Brand& brand,
                           const TargetPolicy& policy,
                           const std::optional<std::pair<TargetPolicy, TargetPolicy>>& compared,
                           const scoring::EvaluationOptions& estimation, core::Time now) {
  std::vector<const TargetPolicy*> targets{&policy};
  if (compared) targets.insert(targets.end(), {&compared->first, &compared->second});
  const auto rewards = known_rewards(session, brand.id, core::day_of(now));
  std::vector<store::SelectionPool> pools;
  store::visit_selection_pools(session, brand.id, core::Time{},
                               [&](const store::SelectionPool& pool) { pools.push_back(pool); });

  EvaluationSource source{.estimation = estimation, .is_comparison = compared.has_value()};
  LoggedModel model(static_weights_in_store(session, brand, std::nullopt));
  std::vector<Leading> selections;
  std::int64_t without_scores = 0;
  for (const store::SelectionPool& stored : pools) {
    const scoring::PoolLog log = scoring::decode_pool(stored.format, stored.bytes);
    std::vector<std::vector<double>> p;
    for (const TargetPolicy* target : targets) {
      if (auto of_target = probabilities_of(*target, log, stored)) p.push_back(*of_target);
    }
    EvaluationSource::Matured& matured =
        source.matured[stored.weight_set.empty() ? stored.preset : stored.weight_set];
    Leading leading(targets.size());
    bool is_leading = true;
    for (const store::DrawnItem& item :
         store::drawn_items(session, brand.id, stored.selection_id)) {
      const auto reward = rewards.find({stored.selection_id, item.template_id});
      ++matured.all;
      if (reward != rewards.end()) ++matured.rewarded;
      const auto found = std::find(log.ids.begin(), log.ids.end(), item.template_id);
      is_leading = is_leading && reward != rewards.end() && found != log.ids.end();
      if (!is_leading || p.size() < targets.size()) continue;
      const auto row = static_cast<std::size_t>(found - log.ids.begin());
      for (std::size_t t = 0; t < targets.size(); ++t) {
        leading[t].push_back({.reward = reward->second,
                              .draw_probability = item.draw_probability,
                              .target = p[t][row]});
      }
      if (leading.front().size() == 1) model.add(log, row, p.front(), reward->second);
      const auto& learned_at = policy.learned_at;
      if (learned_at && item.credited_at && *item.credited_at <= *learned_at) {
        source.is_in_sample = true;
      }
    }
    if (p.size() < targets.size()) ++without_scores;
    if (!leading.front().empty()) selections.push_back(std::move(leading));
  }

  scoring::PolicyEvaluation evaluation(estimation);
  scoring::PolicyComparison comparison(estimation);
  const auto expected = model.expected();
  for (std::size_t i = 0; i < selections.size(); ++i) {
    LoggedDraw& first = selections[i].front().front();
    if (expected[i]) {
      first.model_logged = expected[i]->logged;
      first.model_target = expected[i]->target;
    }
    evaluation.add(selections[i].front());
    if (compared) comparison.add(selections[i][1], selections[i][2]);
  }
  if (source.is_in_sample) {
    source.warnings.push_back(policy.name +
                              " learned from these very selections: this says little of others");
  }
  if (without_scores > 0) {
    source.warnings.push_back(std::to_string(without_scores) +
                              " selections are left out: a program that the policy asks did not "
                              "score their pools");
  }
  for (const TargetPolicy* target : targets) warn_of(*target, source.warnings);
  source.comparison = comparison.result();
  return evaluation_document(evaluation.result(), source);
}

core::Json evaluate_in_store(store::Session& session, const store::Brand& brand,
                             const EvaluateOptions& options, core::Time now) {
  std::optional<std::pair<TargetPolicy, TargetPolicy>> compared;
  if (options.compare) {
    compared = {target_policy(session, brand, options.compare->first),
                target_policy(session, brand, options.compare->second)};
  }
  const TargetPolicy policy =
      options.policy ? target_policy(session, brand, *options.policy) : compared->first;
  return evaluate_policy(session, brand, policy, compared, options.estimation, now);
}

}  // namespace adgenome::app
