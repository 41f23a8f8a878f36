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

Json component_json(Component component, const learning::ComponentReward& part) {
  Json json = {{"raw", or_null(part.raw)},
               {"shrunk", or_null(part.shrunk)},
               {"normalised", or_null(part.normalised)},
               {"weight", part.weight},
               {"state", part.state ? Json(learning::name_of(*part.state)) : Json()},
               {"expected_events", or_null(part.expected_events)}};
  // The platform chose who saw the ad.
  if (component == Component::kCtr) json["estimand"] = "ad_as_delivered";
  return json;
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
  Json components = Json::object();
  for (const Component component : learning::kComponents) {
    const learning::ComponentReward& part = reward.components[component];
    if (part.target_weight > 0) {
      components[std::string(learning::name_of(component))] = component_json(component, part);
    }
  }
  Json json = {
      {"ad_id", reward.ad_id},
      {"reward", or_null(reward.reward)},
      {"reward_sd", or_null(reward.reward_sd)},
      {"weight", or_null(reward.weight)},
      {"components", std::move(components)},
      {"coverage", or_null(reward.coverage)},
      {"objective", reward.objective},
      {"baseline_version", row.baseline_version.empty() ? Json() : Json(row.baseline_version)},
      {"impressions", row.outcome.impressions},
      {"spend", row.currency.empty() ? Json() : core::money_number(row.outcome.spend_micros)},
      {"currency", row.currency.empty() ? Json() : Json(row.currency)},
      {"matured_at",
       reward.matured_at ? Json(core::format_time(core::Time(*reward.matured_at))) : Json()},
      {"version", reward.reward ? Json(row.version) : Json()}};
  if (with_state) {
    json["state"] = learning::name_of(reward.state);
    json["reason"] = reward.reason ? Json(*reward.reason) : Json();
  }
  return json;
}

void write_model(const learning::BrandModel& model, const learning::Baseline& baseline,
                 Json& summary) {
  Json quartiles = {{"version", baseline.version()}};
  for (const Component component : learning::kComponents) {
    const learning::ComponentBaseline& from = baseline.components[component];
    quartiles[std::string(learning::name_of(component))] = {
        {"p25", from.p25},
        {"p75", from.p75},
        {"source", learning::name_of(from.source)},
        {"ads", from.ads}};
  }
  summary["baseline"] = std::move(quartiles);
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
