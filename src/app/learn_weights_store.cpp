#include <adgenome/app/learn_weights.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <adgenome/store/weights.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "stored_snapshots.hpp"
#include "weight_champion.hpp"
#include "weight_gate.hpp"
#include "weight_lending.hpp"
#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::Fold;
using learning::Snapshot;
using learning::StaticWeights;
using learning::WeightState;

/// The static weights for every scorer: the learners keep the sums of all of them, so that one
/// whose weight was 0 can be switched on later.
StaticWeights for_all_scorers(const StaticWeights& named) {
  StaticWeights all;
  for (const scoring::Scorer& scorer : scoring::scorers()) {
    const auto found = std::find_if(named.begin(), named.end(),
                                    [&](const auto& each) { return each.first == scorer.name; });
    all.emplace_back(scorer.name, found == named.end() ? 0 : found->second);
  }
  return all;
}

/// The scores in the learners' order; nothing where one is missing that has a weight.
std::optional<std::vector<double>> ordered_scores(const Json& scores,
                                                  const StaticWeights& static_weights) {
  std::vector<double> ordered;
  for (const auto& [scorer, weight] : static_weights) {
    const Json score = scores.value(scorer, Json());
    if (!score.is_number() && weight > 0) return std::nullopt;
    ordered.push_back(score.is_number() ? score.get<double>() : learning::kScoreOfUnscored);
  }
  return ordered;
}

std::optional<Snapshot> snapshot_of(const store::SnapshotScores& row,
                                    const StaticWeights& static_weights) {
  auto scores = ordered_scores(row.scores, static_weights);
  if (!scores) return std::nullopt;
  Snapshot snapshot{.weights_used = {}, .scores = std::move(*scores)};
  for (const auto& [scorer, weight] : static_weights) {
    snapshot.weights_used.push_back(row.weights_used.value(scorer, 0.0));
  }
  return snapshot;
}

/// Sums of all that was credited, each snapshot by its age. They are made anew, so that they
/// depend on the snapshots alone and not on when learning ran.
learning::LinearSums discounted_sums(store::Session& session, const std::string& brand_id,
                                     const StaticWeights& static_weights, core::Time now,
                                     double half_life_weeks) {
  learning::LinearSums sums(static_weights.size());
  store::visit_credited(session, brand_id, [&](const store::CreditedSnapshot& row) {
    auto scores = ordered_scores(row.scores, static_weights);
    if (!scores) return;
    sums.fold({.weights_used = {},
               .scores = std::move(*scores),
               .reward = row.reward,
               .weight = row.weight * learning::discount(row.drawn_at, now, half_life_weeks)});
  });
  return sums;
}

/// A selection item whose reward is new, or another than the learners hold.
struct Change {
  store::SnapshotRow item;
  learning::FinalReward reward;
};

std::vector<Change> changes(store::Session& session, const std::string& brand_id, core::Day today,
                            const store::KnownAt& known_at, WeightUpdate& update) {
  std::vector<Change> found;
  store::visit_snapshots(session, brand_id, known_at, [&](const store::SnapshotRow& item) {
    const learning::Maturity maturity = maturity_of(item, today);
    if (!maturity.reward) {
      // One that was credited and matures again (a further ad runs) keeps what it taught.
      if (!item.credited_reward) update.skip(std::string(maturity.reason));
      return;
    }
    const bool is_known = item.credited_reward == maturity.reward->reward &&
                          item.credited_weight == maturity.reward->weight;
    if (!is_known) found.push_back({.item = item, .reward = *maturity.reward});
  });
  return found;
}

/// Folds the changes into the state and marks them, in the open transaction.
void learn(store::Session& session, const std::string& brand_id, core::Time now,
           const StaticWeights& static_weights, std::span<const Change> changes, WeightState& state,
           WeightUpdate& update) {
  for (const Change& change : changes) {
    auto snapshot =
        snapshot_of(store::snapshot_scores(session, brand_id, change.item), static_weights);
    if (!snapshot) {
      update.skip("score_missing");
      continue;
    }
    if (change.item.credited_reward) {
      snapshot->reward = *change.item.credited_reward;
      snapshot->weight = change.item.credited_weight.value_or(1);
      state.fold(*snapshot, Fold::kRemove);
      ++update.revised;
    } else {
      ++update.credited;
    }
    snapshot->reward = change.reward.reward;
    snapshot->weight = change.reward.weight;
    if (!state.fold(*snapshot)) ++update.reasons["no_contribution"];
    store::mark_credited(session, brand_id, change.item, change.reward.reward, change.reward.weight,
                         now);
  }
}

/// Only the scorers that the static weights name.
std::vector<learning::ScorerWeight> shown(std::vector<learning::ScorerWeight> rows,
                                          const StaticWeights& named) {
  std::erase_if(rows, [&](const learning::ScorerWeight& row) {
    return std::none_of(named.begin(), named.end(),
                        [&](const auto& each) { return each.first == row.scorer; });
  });
  return rows;
}

NewRewards new_rewards(std::span<const Change> changes) {
  NewRewards rewards;
  for (const Change& change : changes) {
    if (change.item.credited_reward) continue;
    rewards[change.item.selection_id][change.item.template_id] = change.reward.reward;
  }
  return rewards;
}

learning::EffectiveWeights effective_weights(const std::optional<store::WeightSet>& set) {
  learning::EffectiveWeights weights;
  if (!set) return weights;
  for (const auto& [scorer, weight] : set->weights.items()) weights[scorer] = weight.get<double>();
  return weights;
}

}  // namespace

Json learn_weights_in_store(store::Session& session, const store::Brand& brand,
                            const LearnWeightsOptions& options, const StoreRun& run) {
  const StaticWeights named = static_weights_in_store(session, brand, options.static_file);
  const StaticWeights static_weights = for_all_scorers(named);
  const std::string method(learning::name_of(options.method));

  store::Transaction transaction(session);
  transaction.lock("learn-weights/" + brand.id);
  WeightUpdate update{
      .brand_id = brand.id, .method = options.method, .half_life_weeks = options.half_life_weeks};
  WeightState state = stored_weight_state(session, brand.id, static_weights, run.known_at);
  const learning::WeightPrior prior =
      borrowed_prior(session, brand, static_weights, state, run.now, !run.is_dry_run, run.known_at);
  update.lending_brands = prior.brands;
  const auto newest = store::newest_weight_set(session, brand.id, method, run.known_at.own);
  if (newest) update.parent_weight_set = newest->id;

  const std::vector<Change> changed =
      changes(session, brand.id, core::day_of(run.now), run.known_at, update);
  WeightComparison comparison(session, brand, static_weights, options.method, newest, run.known_at);
  comparison.score(state, new_rewards(changed));
  learn(session, brand.id, run.now, static_weights, changed, state, update);

  WeightState current = state;
  if (options.half_life_weeks) {
    if (run.known_at.is_past()) {
      throw core::UsageError("--half-life takes what is credited now",
                             "leave out either --half-life or --as-of");
    }
    current.linear =
        discounted_sums(session, brand.id, static_weights, run.now, *options.half_life_weeks);
    current.linear.snapshots = state.linear.snapshots;
  }
  if (update.is_update() && !run.is_dry_run) update.weight_set = run.weight_set_id;
  const auto rows = learning::weigh(static_weights, current, options.method,
                                    effective_weights(newest), update.is_update(), prior);
  Json weights = Json::object();
  for (const learning::ScorerWeight& row : rows) weights[row.scorer] = row.effective_weight;
  update.gate =
      comparison.report(update.is_update() ? weights : Json(), current, prior, run.now, run.gate);
  const std::optional<std::string> candidate =
      update.is_update() ? update.weight_set : update.parent_weight_set;
  if (run.promotes_if_better && update.gate && update.gate->fired() && candidate &&
      !run.is_dry_run) {
    update.promoted = candidate;
  }
  const Json document = weights_document(update, shown(rows, named), state, static_weights);
  if (run.is_dry_run) return document;  // the transaction is rolled back

  comparison.save(run.now);
  if (update.weight_set) {
    const Json& stored = document.at("state");
    store::put_weight_posterior(session, brand.id, "beta", stored.at("beta"), run.now);
    store::put_weight_posterior(session, brand.id, "linear", stored.at("linear"), run.now);
    store::add_weight_set(session, brand.id,
                          {.id = *update.weight_set,
                           .parent_id = update.parent_weight_set,
                           .method = method,
                           .status = "challenger",
                           .weights = std::move(weights),
                           .document = document},
                          run.now);
  }
  if (update.promoted) make_champion(session, brand.id, *update.promoted, "promote", run.now);
  transaction.commit();
  return document;
}

}  // namespace adgenome::app
