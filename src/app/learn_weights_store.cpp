#include <adgenome/app/learn_weights.hpp>
#include <adgenome/learning/snapshot_maturity.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <adgenome/store/weights.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::Fold;
using learning::Snapshot;
using learning::StaticWeights;
using learning::WeightState;

constexpr const char* kGateReason = "selections keep no pools to compare two policies on";

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

WeightState stored_state(store::Session& session, const std::string& brand_id,
                         const StaticWeights& static_weights, const store::KnownAt& known_at) {
  if (known_at.is_past()) {
    // Each set was added with the sums that it was made from.
    const auto last = store::newest_weight_set(session, brand_id, "", known_at.own);
    return last ? learning::weight_state(last->document.at("state"), static_weights,
                                         "weight set " + last->id)
                : WeightState(static_weights.size());
  }
  const Json beta = store::weight_posterior(session, brand_id, "beta");
  const Json linear = store::weight_posterior(session, brand_id, "linear");
  if (beta.is_null() || linear.is_null()) return WeightState(static_weights.size());
  return learning::weight_state({{"beta", beta}, {"linear", linear}}, static_weights,
                                "the learners' sums in the store");
}

std::vector<learning::SnapshotAd> ads_of(const store::SnapshotRow& item) {
  std::vector<learning::SnapshotAd> ads;
  for (const store::SnapshotAdRow& row : item.ads) {
    learning::SnapshotAd ad{.awaits_verdict = row.status == "pending" && !row.human_decision,
                            .first_delivery = row.first_delivery,
                            .reward = std::nullopt};
    if (row.reward) {
      ad.reward = {.reward = *row.reward,
                   .weight = row.weight.value_or(1),
                   .is_from_review = row.is_from_review};
    }
    ads.push_back(ad);
  }
  return ads;
}

/// The item with its scores in the learners' order; nothing where one is missing that has a weight.
std::optional<Snapshot> snapshot_of(const store::SnapshotScores& row,
                                    const StaticWeights& static_weights) {
  Snapshot snapshot;
  for (const auto& [scorer, weight] : static_weights) {
    const Json score = row.scores.value(scorer, Json());
    if (!score.is_number() && weight > 0) return std::nullopt;
    snapshot.scores.push_back(score.is_number() ? score.get<double>() : learning::kScoreOfUnscored);
    snapshot.weights_used.push_back(row.weights_used.value(scorer, 0.0));
  }
  return snapshot;
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
    const learning::Maturity maturity = learning::maturity_of(ads_of(item), today);
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
void learn(store::Session& session, const std::string& brand_id, const StoreRun& run,
           const StaticWeights& static_weights, WeightState& state, WeightUpdate& update) {
  for (const Change& change :
       changes(session, brand_id, core::day_of(run.now), run.known_at, update)) {
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
                         run.now);
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

}  // namespace

Json learn_weights_in_store(store::Session& session, const store::Brand& brand,
                            const LearnWeightsOptions& options, const StoreRun& run) {
  const StaticWeights named = static_weights_from(options.static_file, brand.selection_config);
  const StaticWeights static_weights = for_all_scorers(named);
  const std::string method(learning::name_of(options.method));

  store::Transaction transaction(session);
  transaction.lock("learn-weights/" + brand.id);
  WeightUpdate update{.brand_id = brand.id, .method = options.method, .gate_reason = kGateReason};
  WeightState state = stored_state(session, brand.id, static_weights, run.known_at);
  learn(session, brand.id, run, static_weights, state, update);

  learning::EffectiveWeights previous;
  if (const auto newest = store::newest_weight_set(session, brand.id, method, run.known_at.own)) {
    update.parent_weight_set = newest->id;
    for (const auto& [scorer, weight] : newest->weights.items()) {
      previous[scorer] = weight.get<double>();
    }
  }
  if (update.is_update() && !run.is_dry_run) update.weight_set = run.weight_set_id;
  const auto rows =
      learning::weigh(static_weights, state, options.method, previous, update.is_update());
  const Json document = weights_document(update, shown(rows, named), state, static_weights);
  if (!update.weight_set) return document;  // the transaction is rolled back

  Json weights = Json::object();
  for (const learning::ScorerWeight& row : rows) weights[row.scorer] = row.effective_weight;
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
  transaction.commit();
  return document;
}

}  // namespace adgenome::app
