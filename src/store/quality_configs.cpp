#include <adgenome/store/quality_configs.hpp>

namespace adgenome::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT version, parent_version, state, config, metrics, created_at, created_by, decided_at, "
    "decided_by FROM quality_configs WHERE brand_id = $1 AND organization_id = $2 ";

StoredQuality quality_from(const Row& row) {
  return {.version = row.integer(0),
          .parent_version = row.optional_integer(1),
          .state = row.text(2),
          .config = row.json(3),
          .metrics = row.json(4),
          .created_at = row.time(5),
          .created_by = row.text(6),
          .decided_at = row.optional_time(7),
          .decided_by = row.optional_text(8)};
}

}  // namespace

std::optional<StoredQuality> active_quality_config(Session& session, const QualityScope& scope) {
  std::optional<StoredQuality> found;
  session.query(std::string(kSelect) + "AND state = 'active'",
                {scope.brand_id, scope.organization_id},
                [&](const Row& row) { found = quality_from(row); });
  return found;
}

std::vector<StoredQuality> quality_configs(Session& session, const QualityScope& scope) {
  std::vector<StoredQuality> list;
  session.query(std::string(kSelect) + "ORDER BY version DESC",
                {scope.brand_id, scope.organization_id},
                [&](const Row& row) { list.push_back(quality_from(row)); });
  return list;
}

std::optional<StoredQuality> find_quality_config(Session& session, const QualityScope& scope,
                                                 std::int64_t version) {
  std::optional<StoredQuality> found;
  session.query(std::string(kSelect) + "AND version = $3",
                {scope.brand_id, scope.organization_id, version},
                [&](const Row& row) { found = quality_from(row); });
  return found;
}

std::int64_t add_quality_config(Session& session, const QualityScope& scope,
                                const StoredQuality& config) {
  std::int64_t version = 1;
  session.query(
      "SELECT COALESCE(MAX(version), 0) + 1 FROM quality_configs WHERE brand_id = $1 "
      "AND organization_id = $2",
      {scope.brand_id, scope.organization_id}, [&](const Row& row) { version = row.integer(0); });
  session.execute(
      "INSERT INTO quality_configs (brand_id, organization_id, version, parent_version, state, "
      "config, metrics, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {scope.brand_id, scope.organization_id, version, or_null(config.parent_version), config.state,
       json_value(config.config), json_value(config.metrics), config.created_at,
       config.created_by});
  return version;
}

void settle_quality_config(Session& session, const QualityScope& scope, std::int64_t version,
                           const std::string& state, core::Time now, const std::string& by) {
  session.execute(
      "UPDATE quality_configs SET state = $4, decided_at = $5, decided_by = $6 "
      "WHERE brand_id = $1 AND organization_id = $2 AND version = $3",
      {scope.brand_id, scope.organization_id, version, state, now, by});
}

}  // namespace adgenome::store
