#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
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
#include "target_drawing.hpp"
#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using scoring::LoggedDraw;

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
  std::vector<TargetDrawing> targets{TargetDrawing(policy)};
  if (compared) {
    targets.emplace_back(compared->first);
    targets.emplace_back(compared->second);
  }
  const auto rewards = known_rewards(session, brand.id, core::day_of(now));
  std::vector<store::SelectionPool> pools;
  store::visit_selection_pools(session, brand.id, core::Time{},
                               [&](const store::SelectionPool& pool) { pools.push_back(pool); });

  EvaluationSource source{.estimation = estimation, .is_comparison = compared.has_value()};
  LoggedModel model(static_weights_in_store(session, brand, std::nullopt));
  std::vector<Leading> selections;
  for (const store::SelectionPool& stored : pools) {
    const scoring::PoolLog log = scoring::decode_pool(stored.format, stored.bytes);
    std::vector<std::vector<double>> p;
    for (TargetDrawing& target : targets) {
      if (auto of_target = target.probabilities(log, stored)) p.push_back(std::move(*of_target));
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
  for (const TargetDrawing& target : targets) target.warn(source.warnings);
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
