#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// Whose quality configs are meant: a brand's or an organization's.
struct QualityScope {
  std::string brand_id;         ///< empty for an organization
  std::string organization_id;  ///< empty for a brand

  std::string name() const { return brand_id.empty() ? "organization" : "brand"; }
};
inline QualityScope brand_scope(std::string id) {
  return {std::move(id), ""};
}
inline QualityScope organization_scope(std::string id) {
  return {"", std::move(id)};
}

/// One version of the numbers of reviews. States: proposal, active, retired, dismissed, invalid.
struct StoredQuality {
  std::int64_t version = 0;
  std::optional<std::int64_t> parent_version;
  std::string state;
  core::Json config;
  core::Json metrics;  ///< what it was proposed on, and against which config ("base")
  core::Time created_at;
  std::string created_by;
  std::optional<core::Time> decided_at = {};
  std::optional<std::string> decided_by = {};
};

std::optional<StoredQuality> active_quality_config(Session& session, const QualityScope& scope);
/// By version, newest first.
std::vector<StoredQuality> quality_configs(Session& session, const QualityScope& scope);
std::optional<StoredQuality> find_quality_config(Session& session, const QualityScope& scope,
                                                 std::int64_t version);
/// Adds one behind the newest and gives its version. Belongs into a transaction.
std::int64_t add_quality_config(Session& session, const QualityScope& scope,
                                const StoredQuality& config);
/// Gives a version another state. Belongs into a transaction.
void settle_quality_config(Session& session, const QualityScope& scope, std::int64_t version,
                           const std::string& state, core::Time now, const std::string& by);

}  // namespace adgenome::store
