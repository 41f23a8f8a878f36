#include "reward_document.hpp"

#include <adgenome/core/time.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace adgenome::app {
namespace {

using core::Json;
using learning::Component;
using learning::Maturity;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json estimated_json(const std::optional<learning::FinalEstimate>& estimated) {
  if (!estimated) return nullptr;
  return {{"value", estimated->value},
          {"interval", estimated->interval},
          {"reported_share", estimated->reported_share}};
}

Json component_json(Component component, const learning::ComponentReward& part) {
  Json json = {{"raw", or_null(part.raw)},
               {"shrunk", or_null(part.shrunk)},
               {"normalised", or_null(part.normalised)},
               {"weight", part.weight},
               {"state", part.state ? Json(learning::name_of(*part.state)) : Json()},
               {"expected_events", or_null(part.expected_events)}};
  json["estimated"] = estimated_json(part.estimated);
  // The platform chose who saw the ad.
  if (component == Component::kCtr) {
    json["estimand"] = part.standardised ? "standardised_to_brand_mix" : "ad_as_delivered";
    json["standardised"] = or_null(part.standardised);
  }
  return json;
}

/// Those that the objective weighs.
Json components_json(const learning::Reward& reward) {
  Json components = Json::object();
  for (const Component component : learning::kComponents) {
    const learning::ComponentReward& part = reward.components[component];
    if (part.target_weight > 0) {
      components[std::string(learning::name_of(component))] = component_json(component, part);
    }
  }
  return components;
}

std::optional<double> number(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

Maturity maturity_from(const std::string& name) {
  for (const Maturity state : {Maturity::kImmature, Maturity::kMaturing}) {
    if (name == learning::name_of(state)) return state;
  }
  return Maturity::kFinal;
}

learning::ComponentReward component_from(const Json& json) {
  learning::ComponentReward part;
  part.raw = number(json.at("raw"));
  part.shrunk = number(json.at("shrunk"));
  part.normalised = number(json.at("normalised"));
  part.weight = json.at("weight").get<double>();
  part.expected_events = number(json.at("expected_events"));
  if (!json.at("state").is_null()) part.state = maturity_from(json.at("state"));
  part.standardised = number(json.value("standardised", Json()));
  return part;
}

Json prior_json(const std::optional<learning::RatePrior>& prior) {
  if (!prior) return nullptr;
  return {{"mean", prior->mean},
          {"events", prior->shape},
          {"ads", prior->ads},
          {"source", prior->is_fitted ? "fitted" : "default"}};
}

}  // namespace

Json reward_json(const RewardRow& row, bool with_state) {
  const learning::Reward& reward = row.reward;
  Json json = {
      {"ad_id", reward.ad_id},
      {"reward", or_null(reward.reward)},
      {"reward_sd", or_null(reward.reward_sd)},
      {"weight", or_null(reward.weight)},
      {"components", components_json(reward)},
      {"coverage", or_null(reward.coverage)},
      {"objective", reward.objective},
      {"baseline_version", row.baseline_version.empty() ? Json() : Json(row.baseline_version)},
      {"impressions", row.outcome.impressions},
      {"spend", row.currency.empty() ? Json() : core::money_number(row.outcome.spend_micros)},
      {"currency", row.currency.empty() ? Json() : Json(row.currency)},
      {"matured_at",
       reward.matured_at ? Json(core::format_time(core::Time(*reward.matured_at))) : Json()},
      {"version", reward.reward && !reward.is_estimated ? Json(row.version) : Json()},
      {"estimated", reward.is_estimated}};
  if (with_state) {
    json["state"] = learning::name_of(reward.state);
    json["reason"] = reward.reason ? Json(*reward.reason) : Json();
  }
  return json;
}

Json reward_document(Json rewards, Json summary, learning::Rules rules, Json thresholds) {
  return {{"rules", learning::name_of(rules)},
          {"evidence", "correlational"},
          {"thresholds", std::move(thresholds)},
          {"rewards", std::move(rewards)},
          {"summary", std::move(summary)}};
}

Json empty_reason(std::size_t ads, const Json& list) {
  if (!list.empty()) return nullptr;
  return ads == 0 ? "no_performance" : "no_ad_is_mature";
}

store::StoredReward stored_reward(const RewardRow& row) {
  const learning::Reward& reward = row.reward;
  store::StoredReward stored;
  stored.ad_id = reward.ad_id;
  stored.version = row.version;
  stored.reward = *reward.reward;
  stored.reward_sd = reward.reward_sd;
  stored.weight = *reward.weight;
  stored.state = learning::name_of(reward.state);
  stored.source = row.is_review ? "review" : "performance";
  stored.components = components_json(reward);
  stored.coverage = reward.coverage;
  stored.objective = reward.objective;
  if (!row.baseline_version.empty()) stored.baseline_version = row.baseline_version;
  stored.impressions = row.outcome.impressions;
  stored.spend_micros = row.outcome.spend_micros;
  if (!row.currency.empty()) stored.currency = row.currency;
  stored.first_delivery = row.outcome.first_delivery;
  if (reward.matured_at) stored.matured_at = core::Time(*reward.matured_at);
  return stored;
}

RewardRow reward_row(const store::StoredReward& stored) {
  RewardRow row;
  row.version = stored.version;
  row.currency = stored.currency.value_or("");
  row.baseline_version = stored.baseline_version.value_or("");
  row.is_review = stored.source == "review";
  row.outcome.ad_id = stored.ad_id;
  row.outcome.first_delivery = stored.first_delivery;
  row.outcome.impressions = stored.impressions;
  row.outcome.spend_micros = stored.spend_micros;
  learning::Reward& reward = row.reward;
  reward.ad_id = stored.ad_id;
  reward.objective = stored.objective;
  reward.state = maturity_from(stored.state);
  reward.reward = stored.reward;
  reward.reward_sd = stored.reward_sd;
  reward.weight = stored.weight;
  reward.coverage = stored.coverage;
  if (stored.matured_at) reward.matured_at = core::day_of(*stored.matured_at);
  for (const Component component : learning::kComponents) {
    const auto part = stored.components.find(std::string(learning::name_of(component)));
    if (part == stored.components.end()) continue;
    reward.components[component] = component_from(*part);
    // Only those that the objective weighed were kept.
    reward.components[component].target_weight = 1;
  }
  return row;
}

Json baseline_json(const learning::Baseline& baseline) {
  Json quartiles = {{"version", baseline.version()}};
  for (const Component component : learning::kComponents) {
    const learning::ComponentBaseline& from = baseline.components[component];
    quartiles[std::string(learning::name_of(component))] = {
        {"p25", from.p25},
        {"p75", from.p75},
        {"source", learning::name_of(from.source)},
        {"ads", from.ads}};
  }
  return quartiles;
}

learning::Baseline baseline_from_json(const Json& document, core::Day since,
                                      learning::Rules rules) {
  learning::Baseline baseline{.since = since, .components = {}, .rules = rules};
  for (const Component component : learning::kComponents) {
    const Json& from = document.at(std::string(learning::name_of(component)));
    learning::ComponentBaseline& part = baseline.components[component];
    part.p25 = from.at("p25").get<double>();
    part.p75 = from.at("p75").get<double>();
    part.ads = from.at("ads").get<std::int64_t>();
    for (const auto source :
         {learning::BaselineSource::kBrand, learning::BaselineSource::kOrganization}) {
      if (from.at("source") == learning::name_of(source)) part.source = source;
    }
  }
  return baseline;
}

void write_model(const learning::BrandModel& model, const learning::Baseline& baseline,
                 Json& summary) {
  summary["baseline"] = baseline_json(baseline);
  summary["priors"] = {{"ctr", prior_json(model.ctr)},
                       {"conv", prior_json(model.conversion)},
                       {"roas", prior_json(model.roas)},
                       {"order_value", model.order_value > 0 ? Json(model.order_value) : Json()}};
}

void write_states(std::span<const learning::Reward> rewards, Json& summary) {
  std::int64_t rewarded = 0;
  std::int64_t states[3] = {};
  for (const learning::Reward& reward : rewards) {
    rewarded += reward.reward.has_value();
    ++states[static_cast<int>(reward.state)];
  }
  summary["ads"] = rewards.size();
  summary["rewarded"] = rewarded;
  summary["immature"] = states[static_cast<int>(Maturity::kImmature)];
  summary["maturing"] = states[static_cast<int>(Maturity::kMaturing)];
  summary["final"] = states[static_cast<int>(Maturity::kFinal)];
}

}  // namespace adgenome::app
