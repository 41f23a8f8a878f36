#include <adgenome/app/calibrate.hpp>
#include <adgenome/core/error.hpp>

#include "quality.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json time_or_null(const std::optional<core::Time>& time) {
  return time ? Json(core::format_time(*time)) : Json();
}

store::QualityScope scope_of(const store::Brand& brand, const QualityRequest& request) {
  return request.is_organization ? store::organization_scope(brand.organization_id)
                                 : store::brand_scope(brand.id);
}

EffectiveQuality counting(store::Session& session, const store::Brand& brand,
                          const QualityRequest& request) {
  return request.is_organization ? organization_quality(session, brand.organization_id)
                                 : effective_quality(session, brand);
}

std::string base_of(const store::StoredQuality& quality) {
  return quality.metrics.is_object() ? quality.metrics.value("base", "built-in") : "built-in";
}

Json summary_of(const store::StoredQuality& quality, const std::string& now) {
  return {{"version", quality.version},
          {"state", quality.state},
          {"base", base_of(quality)},
          {"is_stale", quality.state == "proposal" && base_of(quality) != now},
          {"created_at", core::format_time(quality.created_at)},
          {"created_by", quality.created_by},
          {"decided_at", time_or_null(quality.decided_at)},
          {"decided_by", or_null(quality.decided_by)}};
}

Json document_of(const store::Brand& brand, const QualityRequest& request,
                 const store::StoredQuality& quality, const std::string& now) {
  Json document = {{"brand_id", brand.id},
                   {"scope", request.is_organization ? "organization" : "brand"},
                   {"counts", now}};
  document.update(summary_of(quality, now));
  document["config"] = quality.config;
  document["metrics"] = quality.metrics;
  return document;
}

store::StoredQuality require(store::Session& session, const store::QualityScope& scope,
                             std::int64_t version) {
  const auto found = store::find_quality_config(session, scope, version);
  if (!found) {
    throw InvalidInput("the " + scope.name() + " has no quality config " + std::to_string(version),
                       "adgenome calibrate list shows them");
  }
  return *found;
}

store::StoredQuality require_proposal(store::Session& session, const store::QualityScope& scope,
                                      std::int64_t version) {
  store::StoredQuality found = require(session, scope, version);
  if (found.state != "proposal") {
    throw InvalidInput(
        "quality config " + std::to_string(version) + " is " + found.state + ", not a proposal",
        "adgenome calibrate list shows which are");
  }
  return found;
}

void change(Json& config, const std::string& key, double value) {
  constexpr std::string_view kWeights = "weights.";
  if (key.starts_with(kWeights)) {
    config["weights"][key.substr(kWeights.size())] = value;
  } else {
    config[key] = value;
  }
}

}  // namespace

Json list_quality(store::Session& session, const store::Brand& brand,
                  const QualityRequest& request) {
  const std::string now = counting(session, brand, request).name;
  Json items = Json::array();
  for (const auto& quality : store::quality_configs(session, scope_of(brand, request))) {
    Json item = summary_of(quality, now);
    for (const char* name : {"approve_from", "flag_from"}) {
      item[name] = quality.config.is_object() ? quality.config.value(name, Json()) : Json();
    }
    items.push_back(std::move(item));
  }
  const bool is_empty = items.empty();
  return {{"brand_id", brand.id},
          {"scope", request.is_organization ? "organization" : "brand"},
          {"counts", now},
          {"reason", is_empty ? Json("no versions: the built-in numbers or those of the "
                                     "organization count")
                              : Json()},
          {"items", std::move(items)}};
}

Json show_quality(store::Session& session, const store::Brand& brand, const QualityRequest& request,
                  std::optional<std::int64_t> version) {
  const EffectiveQuality now = counting(session, brand, request);
  if (version) {
    return document_of(brand, request, require(session, scope_of(brand, request), *version),
                       now.name);
  }
  return {{"brand_id", brand.id},     {"scope", request.is_organization ? "organization" : "brand"},
          {"counts", now.name},       {"version", or_null(now.version)},
          {"state", "active"},        {"base", nullptr},
          {"is_stale", false},        {"created_at", nullptr},
          {"created_by", nullptr},    {"decided_at", nullptr},
          {"decided_by", nullptr},    {"config", to_json(now.config)},
          {"metrics", Json::object()}};
}

Json propose_quality(store::Session& session, const store::Brand& brand,
                     const QualityRequest& request, Json config,
                     const std::vector<std::pair<std::string, double>>& changes) {
  store::Transaction transaction(session);
  transaction.lock("quality/" + brand.id);
  const EffectiveQuality now = counting(session, brand, request);
  if (config.is_null()) config = to_json(now.config);
  if (!config.is_object()) throw InvalidInput("expected a quality config, an object");
  config.erase("schema");
  for (const auto& [key, value] : changes) change(config, key, value);
  const std::vector<std::string> problems = creative::quality_problems(config);
  store::StoredQuality quality{
      .parent_version = now.version,
      .state = problems.empty() ? "proposal" : "invalid",
      .config = std::move(config),
      .metrics = {{"base", now.name}, {"source", "by hand"}, {"problems", problems}},
      .created_at = request.now,
      .created_by = request.by};
  quality.version = store::add_quality_config(session, scope_of(brand, request), quality);
  if (!request.is_dry_run) transaction.commit();
  return document_of(brand, request, quality, now.name);
}

Json activate_quality(store::Session& session, const store::Brand& brand,
                      const QualityRequest& request, std::int64_t version) {
  store::Transaction transaction(session);
  transaction.lock("quality/" + brand.id);
  const store::QualityScope scope = scope_of(brand, request);
  store::StoredQuality proposal = require_proposal(session, scope, version);
  const std::string now = counting(session, brand, request).name;
  if (base_of(proposal) != now) {
    throw InvalidInput("quality config " + std::to_string(version) + " was proposed against " +
                           base_of(proposal) + ", but " + now + " counts by now",
                       "adgenome calibrate makes a proposal against it");
  }
  if (const auto active = store::active_quality_config(session, scope)) {
    store::settle_quality_config(session, scope, active->version, "retired", request.now,
                                 request.by);
  }
  store::settle_quality_config(session, scope, version, "active", request.now, request.by);
  proposal = require(session, scope, version);
  if (!request.is_dry_run) transaction.commit();
  return document_of(brand, request, proposal, scope.name() + "/" + std::to_string(version));
}

Json dismiss_quality(store::Session& session, const store::Brand& brand,
                     const QualityRequest& request, std::int64_t version) {
  store::Transaction transaction(session);
  const store::QualityScope scope = scope_of(brand, request);
  (void)require_proposal(session, scope, version);
  store::settle_quality_config(session, scope, version, "dismissed", request.now, request.by);
  const store::StoredQuality dismissed = require(session, scope, version);
  const std::string now = counting(session, brand, request).name;
  if (!request.is_dry_run) transaction.commit();
  return document_of(brand, request, dismissed, now);
}

}  // namespace adgenome::app
