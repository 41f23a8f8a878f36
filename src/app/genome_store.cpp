#include <adgenome/app/genome.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/learning/genome.hpp>
#include <adgenome/store/element_scores.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "element_tags.hpp"
#include "genome_document.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using learning::TaggedReward;

using EventKey = std::tuple<std::string, std::string, std::string, std::string>;

EventKey key_of(const store::StoredElementEvent& event) {
  return {event.product_id, event.dimension, event.value, event.ad_id};
}

/// Makes the events that were kept those of the rewards as they are now.
RowCounts store_events(store::Session& session, const std::string& brand_id,
                       std::vector<store::StoredElementEvent> before,
                       const std::vector<store::StoredElementEvent>& events) {
  RowCounts counts;
  std::map<EventKey, store::StoredElementEvent> kept;
  for (store::StoredElementEvent& event : before) kept.emplace(key_of(event), std::move(event));
  for (const store::StoredElementEvent& event : events) {
    const auto at = kept.find(key_of(event));
    if (at == kept.end()) {
      ++counts.added;
      store::put_element_event(session, brand_id, event);
      continue;
    }
    const bool is_same = at->second.alpha == event.alpha && at->second.beta == event.beta &&
                         at->second.reward_version == event.reward_version;
    ++(is_same ? counts.unchanged : counts.changed);
    if (!is_same) store::put_element_event(session, brand_id, event);
    kept.erase(at);
  }
  // Tags that an ad no longer has.
  for (const auto& [key, event] : kept) {
    ++counts.changed;
    store::delete_element_event(session, brand_id, event);
  }
  return counts;
}

void store_scores(store::Session& session, const std::string& brand_id,
                  const std::vector<learning::ElementScore>& scores, core::Time now) {
  std::map<learning::Element, store::StoredElementScore> kept;
  for (store::StoredElementScore& score : store::all_element_scores(session, brand_id)) {
    learning::Element element{score.product_id, score.dimension, score.value};
    kept.emplace(std::move(element), std::move(score));
  }
  for (const learning::ElementScore& score : scores) {
    const auto at = kept.find(score.element);
    const bool is_same = at != kept.end() && at->second.alpha == score.alpha &&
                         at->second.beta == score.beta &&
                         at->second.observations == score.observations;
    if (at != kept.end()) kept.erase(at);
    if (is_same) continue;
    store::put_element_score(session, brand_id,
                             {.product_id = score.element.scope,
                              .dimension = score.element.dimension,
                              .value = score.element.value,
                              .alpha = score.alpha,
                              .beta = score.beta,
                              .observations = score.observations},
                             now);
  }
  for (const auto& [element, score] : kept) {
    store::delete_element_score(session, brand_id, score, now);
  }
}

std::vector<store::StoredElementEvent> stored_events(
    const std::vector<learning::ElementEvent>& events,
    const std::map<std::string, std::int64_t>& versions) {
  std::vector<store::StoredElementEvent> stored;
  stored.reserve(events.size());
  for (const learning::ElementEvent& event : events) {
    stored.push_back({.product_id = event.element.scope,
                      .dimension = event.element.dimension,
                      .value = event.element.value,
                      .ad_id = event.ad_id,
                      .reward_version = versions.at(event.ad_id),
                      .alpha = event.alpha,
                      .beta = event.beta});
  }
  return stored;
}

struct Rewards {
  std::vector<TaggedReward> list;
  std::map<std::string, std::int64_t> versions;  // by ad
};

Rewards rewards_at(store::Session& session, const std::string& brand_id, core::Time known_at) {
  Rewards rewards;
  for (const store::RewardedAd& ad : store::rewarded_ads(session, brand_id, known_at)) {
    rewards.versions[ad.ad_id] = ad.version;
    rewards.list.push_back({.ad_id = ad.ad_id,
                            .run = ad.ad_run_id,
                            .product_id = ad.product_id,
                            .tags = element_tags(ad),
                            .reward = ad.reward,
                            .weight = ad.weight,
                            .is_imported = ad.is_imported});
  }
  return rewards;
}

/// The events that were kept at an earlier time: those of the rewards that the last run before it
/// found.
std::vector<store::StoredElementEvent> events_before(store::Session& session,
                                                     const std::string& brand_id,
                                                     core::Time known_at) {
  const auto last_run = store::element_scores_updated_at(session, brand_id, known_at);
  if (!last_run) return {};
  const Rewards rewards = rewards_at(session, brand_id, *last_run);
  return stored_events(
      learning::element_events(rewards.list, learning::fit_icc(rewards.list).value),
      rewards.versions);
}

Json empty_reason(const Json& elements, const char* reason) {
  return elements.empty() ? Json(reason) : Json();
}

}  // namespace

Report genome_in_store(store::Session& session, const std::string& brand_id, core::Time now,
                       bool is_dry_run, const store::KnownAt& known_at) {
  store::Transaction transaction(session);
  transaction.lock("genome/" + brand_id);

  const Rewards rewards = rewards_at(session, brand_id, known_at.inputs);
  const learning::Icc icc = learning::fit_icc(rewards.list);
  const auto events = learning::element_events(rewards.list, icc.value);
  const RowCounts counts =
      store_events(session, brand_id,
                   known_at.is_past() ? events_before(session, brand_id, known_at.own)
                                      : store::element_events(session, brand_id),
                   stored_events(events, rewards.versions));
  const std::vector<learning::ElementScore> scores = learning::sum_events(events);
  store_scores(session, brand_id, scores, now);

  Json summary = Json::object();
  add_counts(summary, counts);
  summary["rewards"] = rewards.list.size();
  summary["events"] = events.size();
  write_icc(icc, summary);
  Json elements = elements_json(scores);
  summary["reason"] = empty_reason(elements, "no_rewards");
  if (!is_dry_run) transaction.commit();
  return {.document = genome_document(std::move(elements), std::move(summary)), .notes = {}};
}

Report genome_of_brand(store::Session& session, const std::string& brand_id,
                       const std::string& product_id, const std::optional<std::string>& dimension,
                       core::Time known_at) {
  std::vector<learning::ElementScore> scores;
  for (const store::StoredElementScore& score :
       store::element_scores(session, brand_id, product_id, known_at)) {
    if (dimension && score.dimension != *dimension) continue;
    scores.push_back({.element = {score.product_id, score.dimension, score.value},
                      .alpha = score.alpha,
                      .beta = score.beta,
                      .observations = score.observations});
  }
  Json elements = elements_json(std::move(scores));
  const auto updated_at = store::element_scores_updated_at(session, brand_id, known_at);
  Json summary = {{"updated_at", updated_at ? Json(core::format_time(*updated_at)) : Json()},
                  {"reason", empty_reason(elements, "no_scores")}};
  return {.document = genome_document(std::move(elements), std::move(summary)), .notes = {}};
}

}  // namespace adgenome::app
