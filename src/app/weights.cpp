#include <adgenome/app/weights.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "weight_champion.hpp"
#include "weight_gate.hpp"
#include "weight_lending.hpp"
#include "weights_document.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

constexpr double kRollbackFrom = 0.9;  // P(worse)
constexpr double kLowestWeight = 0;
constexpr double kHighestWeight = 2;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json id_or_null(const std::string& id) {
  return id.empty() ? Json() : Json(id);
}

store::WeightSet require_set(store::Session& session, const store::Brand& brand,
                             const std::string& id) {
  if (auto found = store::find_weight_set(session, brand.id, id)) return *found;
  std::vector<std::string> ids;
  for (const store::WeightSet& set : store::weight_sets(session, brand.id)) ids.push_back(set.id);
  const auto near = core::nearest(id, ids);
  throw InvalidInput("brand " + brand.id + " has no weight set \"" + id + "\"",
                     near          ? "did you mean " + *near + "?"
                     : ids.empty() ? "it has none: learn-weights makes them"
                                   : "adgenome weights history lists them");
}

/// One character a value, from the lowest weight to the highest.
std::string plot_of(const std::vector<double>& values) {
  constexpr std::string_view kLevels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string plot;
  for (const double value : values) {
    const double share = (value - kLowestWeight) / (kHighestWeight - kLowestWeight);
    const auto level = static_cast<std::size_t>(
        std::clamp(std::floor(share * std::size(kLevels)), 0.0, std::size(kLevels) - 1.0));
    plot += kLevels[level];
  }
  return plot;
}

Json change_document(const store::Brand& brand, const store::WeightChange& change,
                     bool is_dry_run) {
  return {{"brand_id", brand.id},
          {"action", change.action},
          {"weight_set", id_or_null(change.weight_set)},
          {"former_weight_set", id_or_null(change.former_weight_set)},
          {"changed_at", core::format_time(change.changed_at)},
          {"is_dry_run", is_dry_run}};
}

/// Changes the champion in the open transaction, which is rolled back in a dry run.
Json change_champion(store::Session& session, store::Transaction& transaction,
                     const store::Brand& brand, const std::string& to, const std::string& action,
                     core::Time now, bool is_dry_run) {
  const store::WeightChange change = make_champion(session, brand.id, to, action, now);
  if (!is_dry_run) transaction.commit();
  return change_document(brand, change, is_dry_run);
}

}  // namespace

Json show_weights(store::Session& session, const store::Brand& brand,
                  const std::optional<std::string>& id) {
  std::optional<store::WeightSet> set;
  if (id) {
    set = require_set(session, brand, *id);
  } else {
    set = store::champion_weight_set(session, brand.id);
    if (!set) {
      const auto all = store::weight_sets(session, brand.id);
      if (!all.empty()) set = all.back();
    }
  }
  if (!set) {
    return {
        {"brand_id", brand.id},     {"weight_set", nullptr}, {"parent_weight_set", nullptr},
        {"method", nullptr},        {"status", nullptr},     {"created_at", nullptr},
        {"scorers", Json::array()}, {"gate", nullptr},       {"reason", "nothing was learned yet"}};
  }
  return {{"brand_id", brand.id},
          {"weight_set", set->id},
          {"parent_weight_set", or_null(set->parent_id)},
          {"method", set->method},
          {"status", set->status},
          {"created_at", core::format_time(set->created_at)},
          {"scorers", set->document.at("scorers")},
          {"gate", set->document.at("gate")},
          {"reason", nullptr}};
}

Json weight_history_of(store::Session& session, const store::Brand& brand,
                       const std::string& method) {
  Json sets = Json::array();
  Json scorers = Json::array();
  std::vector<store::WeightSet> all = store::weight_sets(session, brand.id);
  std::erase_if(all, [&](const store::WeightSet& set) { return set.method != method; });
  for (const store::WeightSet& set : all) {
    sets.push_back({{"weight_set", set.id},
                    {"parent_weight_set", or_null(set.parent_id)},
                    {"status", set.status},
                    {"created_at", core::format_time(set.created_at)},
                    {"snapshots", set.document.at("state").at("linear").at("snapshots")}});
  }
  if (!all.empty()) {
    for (const Json& row : all.back().document.at("scorers")) {
      const std::string scorer = row.at("scorer").get<std::string>();
      std::vector<double> path;
      for (const store::WeightSet& set : all) path.push_back(set.weights.value(scorer, 0.0));
      scorers.push_back({{"scorer", scorer},
                         {"static_weight", row.at("static_weight")},
                         {"first", path.front()},
                         {"last", path.back()},
                         {"weights", path},
                         {"plot", plot_of(path)}});
    }
  }
  return {{"brand_id", brand.id},
          {"method", method},
          {"sets", std::move(sets)},
          {"scorers", std::move(scorers)},
          {"reason", all.empty() ? Json("nothing was learned yet") : Json()}};
}

Json check_weights(store::Session& session, const store::Brand& brand, core::Time now) {
  Json document = {{"brand_id", brand.id},
                   {"weight_set", nullptr},
                   {"former_weight_set", nullptr},
                   {"p_worse", nullptr},
                   {"expected_difference", nullptr},
                   {"interval", nullptr},
                   {"pools", 0},
                   {"proposal", nullptr},
                   {"reason", nullptr}};
  const auto champion = store::champion_weight_set(session, brand.id);
  if (!champion) {
    document["reason"] = "no learned weights are in use";
    return document;
  }
  document["weight_set"] = champion->id;
  const auto promotion = store::promotion_of(session, brand.id, champion->id);
  const std::string former = promotion ? promotion->former_weight_set : "";
  document["former_weight_set"] = id_or_null(former);

  const learning::StaticWeights static_weights =
      static_weights_in_store(session, brand, std::nullopt);
  std::vector<std::string> scorers;
  std::vector<double> before;
  for (const auto& [scorer, weight] : static_weights) {
    scorers.push_back(scorer);
    before.push_back(weight);
  }
  if (!former.empty()) {
    before = weights_in_order(require_set(session, brand, former).weights, scorers);
  }
  const auto pools = scored_pools(session, brand.id, gate_window(now), scorers);
  document["pools"] = pools.size();
  const auto effects =
      learning::effects_of(static_weights, stored_weight_state(session, brand.id, static_weights));
  if (!effects || pools.empty()) {
    document["reason"] = effects ? "no selection of the last 12 weeks kept its pool"
                                 : "fewer than two snapshots were credited";
    return document;
  }
  const auto difference = learning::contrast(
      *effects, learning::drawn_score_difference(
                    pools, weights_in_order(champion->weights, scorers), before));
  if (!difference) {
    document["reason"] = "both draw alike";
    return document;
  }
  const double p_worse = 1 - difference->p_positive;
  document["p_worse"] = p_worse;
  document["expected_difference"] = difference->mean;
  document["interval"] = difference->interval;
  if (p_worse >= kRollbackFrom) document["proposal"] = "rollback";
  return document;
}

Json promote_weights(store::Session& session, const store::Brand& brand,
                     const std::optional<std::string>& id, core::Time now, bool is_dry_run) {
  store::Transaction transaction(session);
  transaction.lock("learn-weights/" + brand.id);
  std::string chosen;
  if (id) {
    chosen = require_set(session, brand, *id).id;
  } else {
    for (const store::WeightSet& set : store::weight_sets(session, brand.id)) {
      if (set.status == "challenger") chosen = set.id;
    }
    if (chosen.empty()) {
      throw InvalidInput("brand " + brand.id + " has no challenger", "learn-weights makes one");
    }
  }
  const auto champion = store::champion_weight_set(session, brand.id);
  if (champion && champion->id == chosen) {
    throw InvalidInput("weight set " + chosen + " is the champion already");
  }
  return change_champion(session, transaction, brand, chosen, "promote", now, is_dry_run);
}

Json rollback_weights(store::Session& session, const store::Brand& brand, core::Time now,
                      bool is_dry_run) {
  store::Transaction transaction(session);
  transaction.lock("learn-weights/" + brand.id);
  const auto champion = store::champion_weight_set(session, brand.id);
  if (!champion) {
    throw InvalidInput("brand " + brand.id + " has no champion to roll back",
                       "selections use the preset's own weights");
  }
  // What it replaced is what was in use before; a first champion's parent is what it was made of.
  const auto promotion = store::promotion_of(session, brand.id, champion->id);
  const bool has_replaced = promotion && !promotion->former_weight_set.empty();
  const std::string to =
      has_replaced ? promotion->former_weight_set : champion->parent_id.value_or("");
  return change_champion(session, transaction, brand, to, "rollback", now, is_dry_run);
}

}  // namespace adgenome::app
