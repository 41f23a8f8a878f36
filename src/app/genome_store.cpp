#include <adgenome/app/genome.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/learning/genome.hpp>
#include <adgenome/store/element_scores.hpp>
#include <adgenome/store/genome_facts.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "element_tags.hpp"
#include "genome_beliefs.hpp"
#include "genome_document.hpp"
#include "reward_baseline.hpp"

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
  std::vector<store::StoredElementEvent> late;
  for (const store::StoredElementEvent& event : events) {
    const auto at = kept.find(key_of(event));
    if (at == kept.end()) {
      ++counts.added;
      late.push_back(event);
      continue;
    }
    const bool is_same = at->second.alpha == event.alpha && at->second.beta == event.beta &&
                         at->second.reward_version == event.reward_version;
    ++(is_same ? counts.unchanged : counts.changed);
    if (!is_same) late.push_back(event);
    kept.erase(at);
  }
  store::put_element_events(session, brand_id, late);
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
  std::map<std::string, std::int64_t> versions;  // by ad; 0: provisional
  std::int64_t provisional = 0;
};

/// Rewards of young ads of a young brand that have none of their own yet.
void add_provisional(store::Session& session, const store::Brand& brand,
                     const GenomeOptions& options, Rewards& rewards) {
  const core::Day today = core::day_of(options.now);
  const Known known(options.now, options.known_at);
  const auto first = store::first_delivery(session, brand.id, known.performance);
  const learning::ColdStart level = learning::cold_start(first, today);
  if (level != learning::ColdStart::kFirstWeeks && level != learning::ColdStart::kFirstMonth) {
    return;
  }
  const auto sums = known.sums(session, brand.id, today + std::chrono::days(1));
  const std::string currency = currency_of(sums, brand);
  MaturitySettings maturity(session, brand, known.attribution);
  const std::vector<learning::AdOutcome> outcomes = outcomes_of(sums, maturity);
  const learning::Baseline baseline =
      baseline_of(session, brand, currency, today, known, options.rules);
  const learning::ComponentBaseline cost = learning::click_cost_baseline(outcomes, today);
  std::map<std::string, learning::ProvisionalReward> found;
  for (const learning::AdOutcome& outcome : outcomes) {
    if (rewards.versions.contains(outcome.ad_id) ||
        !learning::may_be_provisional(outcome, *first, today)) {
      continue;
    }
    const auto reward = learning::provisional_reward(outcome, baseline, cost, today);
    if (reward) found[outcome.ad_id] = *reward;
  }
  if (found.empty()) return;
  for (const store::MadeAd& ad : store::made_ads(session, brand.id, options.known_at.inputs)) {
    const auto at = found.find(ad.ad_id);
    if (at == found.end()) continue;
    rewards.versions[ad.ad_id] = 0;
    rewards.list.push_back({.ad_id = ad.ad_id,
                            .run = ad.ad_run_id,
                            .product_id = ad.product_id,
                            .tags = element_tags(ad),
                            .reward = at->second.reward,
                            .weight = at->second.weight,
                            .is_imported = ad.is_imported,
                            .day = today});
    ++rewards.provisional;
  }
}

Rewards rewards_at(store::Session& session, const store::Brand& brand,
                   const GenomeOptions& options) {
  Rewards rewards;
  for (const store::RewardedAd& ad :
       store::rewarded_ads(session, brand.id, options.known_at.inputs)) {
    rewards.versions[ad.ad_id] = ad.version;
    rewards.list.push_back(
        {.ad_id = ad.ad_id,
         .run = ad.ad_run_id,
         .product_id = ad.product_id,
         .tags = element_tags(ad),
         .reward = ad.reward,
         .weight = ad.weight,
         .is_imported = ad.is_imported,
         .day = ad.matured_at ? std::optional(core::day_of(*ad.matured_at)) : std::nullopt});
  }
  add_provisional(session, brand, options, rewards);
  return rewards;
}

std::vector<store::StoredElementEvent> events_of(const Rewards& rewards, learning::Rules rules) {
  return stored_events(
      learning::element_events(rewards.list, learning::fit_icc(rewards.list).value, rules),
      rewards.versions);
}

/// The events that were kept at an earlier time: those of the rewards that the last run before it
/// found.
std::vector<store::StoredElementEvent> events_before(store::Session& session,
                                                     const store::Brand& brand,
                                                     const GenomeOptions& options) {
  const auto last_run = store::element_scores_updated_at(session, brand.id, options.known_at.own);
  if (!last_run) return {};
  GenomeOptions then = options;
  then.now = *last_run;
  then.known_at.inputs = *last_run;
  return events_of(rewards_at(session, brand, then), options.rules);
}

Json empty_reason(const Json& elements, const char* reason) {
  return elements.empty() ? Json(reason) : Json();
}

}  // namespace

Report genome_in_store(store::Session& session, const store::Brand& brand,
                       const GenomeOptions& options) {
  store::Transaction transaction(session);
  transaction.lock("genome/" + brand.id);

  const Rewards rewards = rewards_at(session, brand, options);
  const learning::Icc icc = learning::fit_icc(rewards.list);
  const auto events = learning::element_events(rewards.list, icc.value, options.rules);
  const RowCounts counts =
      store_events(session, brand.id,
                   options.known_at.is_past() ? events_before(session, brand, options)
                                              : store::element_events(session, brand.id),
                   stored_events(events, rewards.versions));
  const std::vector<learning::ElementScore> scores =
      learning::sum_events(events, discount_of(options));
  store_scores(session, brand.id, scores, options.now);

  Json summary = Json::object();
  add_counts(summary, counts);
  summary["rewards"] = rewards.list.size();
  summary["provisional"] = rewards.provisional;
  summary["events"] = events.size();
  write_icc(icc, summary);
  summary["half_life_weeks"] = options.half_life_weeks ? Json(*options.half_life_weeks) : Json();
  write_level(beliefs_of(session, brand, scores, "", options), summary);
  std::vector<learning::ShownElement> own;
  for (const learning::ElementScore& score : scores) {
    own.push_back(learning::shown_element(score, {score.alpha, score.beta}));
  }
  Json elements = elements_json(std::move(own), {});
  summary["reason"] = empty_reason(elements, "no_rewards");
  if (!options.is_dry_run) transaction.commit();
  return {.document = genome_document(std::move(elements), std::move(summary), options.rules),
          .notes = {}};
}

Report genome_of_brand(store::Session& session, const store::Brand& brand,
                       const std::string& product_id, const std::optional<std::string>& dimension,
                       const GenomeOptions& options) {
  const GenomeBeliefs beliefs = load_beliefs(session, brand, product_id, options);
  Json elements = elements_json(beliefs.shown(dimension), beliefs.priors);
  const auto updated_at =
      store::element_scores_updated_at(session, brand.id, options.known_at.inputs);
  Json summary = {{"updated_at", updated_at ? Json(core::format_time(*updated_at)) : Json()}};
  write_level(beliefs, summary);
  summary["reason"] = empty_reason(elements, "no_scores");
  return {.document = genome_document(std::move(elements), std::move(summary), options.rules),
          .notes = {}};
}

}  // namespace adgenome::app
