#include <adgenome/app/interactions.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/learning/transfer.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/interactions.hpp>
#include <adgenome/store/weight_registry.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "element_tags.hpp"
#include "interactions_document.hpp"
#include "weight_lending.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::PairInteraction;
using store::StoredInteraction;

/// With fewer pairs of its own a brand is shown those of others.
constexpr std::size_t kFewPairs = 5;
constexpr std::size_t kBorrowed = 15;

std::vector<learning::TaggedReward> rewards_of(store::Session& session, const std::string& brand_id,
                                               core::Time known_at) {
  std::vector<learning::TaggedReward> rewards;
  for (const store::RewardedAd& ad : store::rewarded_ads(session, brand_id, known_at)) {
    learning::TaggedReward reward;
    reward.ad_id = ad.ad_id;
    reward.run = ad.ad_run_id;
    reward.tags = element_tags(ad);
    reward.reward = ad.reward;
    reward.weight = ad.weight;
    rewards.push_back(std::move(reward));
  }
  return rewards;
}

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key_of(const StoredInteraction& pair) {
  return {pair.a_dimension, pair.a_value, pair.b_dimension, pair.b_value};
}

StoredInteraction stored(const PairInteraction& pair) {
  StoredInteraction row{.a_dimension = pair.a.dimension,
                        .a_value = pair.a.value,
                        .b_dimension = pair.b.dimension,
                        .b_value = pair.b.value,
                        .effect = pair.effect,
                        .effect_low = {},
                        .effect_high = {},
                        .p = pair.p,
                        .q = pair.q,
                        .ads = pair.ads,
                        .runs = pair.runs,
                        .direction = std::string(learning::name_of(pair.direction)),
                        .document = pair_json(pair)};
  if (pair.interval) {
    row.effect_low = pair.interval->lower;
    row.effect_high = pair.interval->upper;
  }
  return row;
}

bool is_same(const StoredInteraction& a, const StoredInteraction& b) {
  return a.effect == b.effect && a.effect_low == b.effect_low && a.effect_high == b.effect_high &&
         a.p == b.p && a.q == b.q && a.ads == b.ads && a.runs == b.runs &&
         a.direction == b.direction;
}

/// Makes the pairs that were kept these.
RowCounts keep(store::Session& session, const std::string& brand_id,
               const std::vector<PairInteraction>& pairs, const InteractionOptions& options) {
  RowCounts counts;
  std::map<Key, StoredInteraction> before;
  for (StoredInteraction& pair : store::interactions(session, brand_id, options.known_at.own)) {
    before.emplace(key_of(pair), std::move(pair));
  }
  for (const PairInteraction& pair : pairs) {
    const StoredInteraction row = stored(pair);
    const auto found = before.find(key_of(row));
    const bool is_known = found != before.end();
    const bool is_unchanged = is_known && is_same(found->second, row);
    ++(is_unchanged ? counts.unchanged : is_known ? counts.changed : counts.added);
    if (!is_unchanged) store::put_interaction(session, brand_id, row, options.now);
    if (is_known) before.erase(found);
  }
  for (const auto& [key, pair] : before) {
    ++counts.changed;
    store::delete_interaction(session, brand_id, pair, options.now);
  }
  return counts;
}

/// The strongest pairs of the brands of the organization that share, as far as they are alike: of a
/// pair that several know the one that most speaks for.
Json borrowed_pairs(store::Session& session, const store::Brand& brand, const std::set<Key>& own,
                    core::Time known_at) {
  struct Lent {
    StoredInteraction pair;
    double similarity = 0;
  };
  std::map<Key, Lent> lent;
  const learning::ElementMeans means = element_means(session, brand.id, known_at);
  for (const std::string& lender :
       store::sharing_brands(session, brand.organization_id, brand.id)) {
    const double similarity =
        learning::brand_similarity(means, element_means(session, lender, known_at));
    if (!(similarity > 0)) continue;
    for (StoredInteraction& pair : store::interactions(session, lender, known_at)) {
      const Key key = key_of(pair);
      if (own.contains(key)) continue;
      Lent& best = lent[key];
      const auto worth = [](const Lent& each) {
        return each.similarity * static_cast<double>(each.pair.ads);
      };
      Lent theirs{.pair = std::move(pair), .similarity = similarity};
      if (worth(theirs) > worth(best)) best = std::move(theirs);
    }
  }
  std::vector<Lent> strongest;
  for (auto& [key, pair] : lent) strongest.push_back(std::move(pair));
  std::ranges::stable_sort(strongest, std::ranges::greater{}, [](const Lent& each) {
    return std::abs(each.pair.effect) * each.similarity;
  });
  Json list = Json::array();
  for (const Lent& each : strongest) {
    if (list.size() == kBorrowed) break;
    const StoredInteraction& pair = each.pair;
    Json interval = nullptr;
    if (pair.effect_low && pair.effect_high) {
      interval = {*pair.effect_low * each.similarity, *pair.effect_high * each.similarity};
    }
    list.push_back({{"a", {{"dimension", pair.a_dimension}, {"value", pair.a_value}}},
                    {"b", {{"dimension", pair.b_dimension}, {"value", pair.b_value}}},
                    {"effect", pair.effect * each.similarity},
                    {"interval", std::move(interval)},
                    {"p", nullptr},
                    {"q", nullptr},
                    {"ads", pair.ads},
                    {"runs", nullptr},
                    {"direction", nullptr},
                    {"evidence", "correlational"},
                    {"borrowed", true},
                    {"similarity", each.similarity}});
  }
  return list;
}

}  // namespace

Report interactions_in_store(store::Session& session, const store::Brand& brand,
                             const InteractionOptions& options) {
  store::Transaction transaction(session);
  transaction.lock("interactions/" + brand.id);
  const std::vector<learning::TaggedReward> rewards =
      rewards_of(session, brand.id, std::min(options.now, options.known_at.inputs));
  const learning::Interactions interactions =
      learning::find_interactions(rewards, options.is_classic, options.seed);
  const std::vector<PairInteraction> pairs = kept_pairs(interactions, options);
  const RowCounts counts = keep(session, brand.id, pairs, options);

  Json list = Json::array();
  std::set<Key> own;
  for (const PairInteraction& pair : pairs) {
    list.push_back(pair_json(pair));
    own.insert({pair.a.dimension, pair.a.value, pair.b.dimension, pair.b.value});
  }
  if (pairs.size() < kFewPairs && brand.cross_brand_sharing) {
    for (Json& pair : borrowed_pairs(session, brand, own, options.known_at.inputs)) {
      list.push_back(std::move(pair));
    }
  }
  Json summary = Json::object();
  add_counts(summary, counts);
  summary["rewards"] = rewards.size();
  if (!options.is_dry_run) transaction.commit();
  return {.document = interactions_document(std::move(list), interactions, options, brand.id,
                                            std::move(summary)),
          .notes = {}};
}

}  // namespace adgenome::app
