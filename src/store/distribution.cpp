#include <adgenome/core/error.hpp>
#include <adgenome/store/distribution.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace adgenome::store {
namespace {

constexpr std::array<std::string_view, 5> kEverywhere = {
    "brands", "organizations", "template_analyses", "template_evaluations", "templates"};
constexpr std::array<std::string_view, 5> kCoordinator = {
    "budget_changes", "job_runs", "job_schedules", "jobs", "schema_migrations"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Why this store cannot be distributed, or nothing.
std::optional<std::string> hindrance(Session& session) {
  if (session.backend() == Backend::kSqlite) return "the store is an SQLite file";
  bool is_created = false;
  session.query("SELECT 1 FROM pg_proc WHERE proname = 'create_distributed_table'", {},
                [&](const Row&) { is_created = true; });
  if (is_created) return std::nullopt;
  bool is_installed = false;
  session.query("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'", {},
                [&](const Row&) { is_installed = true; });
  return is_installed ? "the Citus extension is not created in this database "
                        "(CREATE EXTENSION citus)"
                      : "this server has no Citus extension";
}

std::set<std::string> placed_tables(Session& session) {
  std::set<std::string> placed;
  session.query(
      "SELECT r.relname FROM pg_dist_partition p JOIN pg_class r ON r.oid = p.logicalrelid", {},
      [&](const Row& row) { placed.insert(row.text(0)); });
  return placed;
}

/// The tables, each after those that its foreign keys refer to, else by name.
std::vector<std::string> parents_first(Session& session) {
  std::map<std::string, std::set<std::string>> parents;
  for (const std::string& table : session.connection().tables()) parents[table];
  session.query(
      "SELECT child.relname, parent.relname FROM pg_constraint c "
      "JOIN pg_class child ON child.oid = c.conrelid "
      "JOIN pg_class parent ON parent.oid = c.confrelid "
      "JOIN pg_namespace n ON n.oid = child.relnamespace "
      "WHERE c.contype = 'f' AND n.nspname = current_schema() AND c.conrelid <> c.confrelid",
      {}, [&](const Row& row) { parents[row.text(0)].insert(row.text(1)); });
  std::vector<std::string> order;
  while (!parents.empty()) {
    const auto next = std::find_if(parents.begin(), parents.end(),
                                   [](const auto& entry) { return entry.second.empty(); });
    if (next == parents.end()) {
      throw core::StoreError("the tables refer to each other in a circle, beginning with " +
                             parents.begin()->first);
    }
    const std::string table = next->first;
    order.push_back(table);
    parents.erase(next);
    for (auto& [name, needed] : parents) needed.erase(table);
  }
  return order;
}

std::string statement_for(const std::string& table, Placement placement) {
  switch (placement) {
    case Placement::kByBrand:
      return "SELECT create_distributed_table('" + table + "', 'brand_id')";
    case Placement::kEverywhere:
      return "SELECT create_reference_table('" + table + "')";
    case Placement::kCoordinator:
      break;
  }
  return "";
}

}  // namespace

Placement placement_of(std::string_view table) {
  if (contains(kEverywhere, table)) return Placement::kEverywhere;
  return contains(kCoordinator, table) ? Placement::kCoordinator : Placement::kByBrand;
}

std::string_view name_of(Placement placement) {
  switch (placement) {
    case Placement::kByBrand:
      return "by_brand";
    case Placement::kEverywhere:
      return "everywhere";
    case Placement::kCoordinator:
      break;
  }
  return "coordinator";
}

Distribution plan_distribution(Session& session) {
  Distribution distribution;
  distribution.reason = hindrance(session);
  if (distribution.reason) return distribution;
  const std::set<std::string> placed = placed_tables(session);
  for (const std::string& table : parents_first(session)) {
    const Placement placement = placement_of(table);
    distribution.tables.push_back(
        {.name = table,
         .placement = placement,
         .sql = placed.contains(table) ? "" : statement_for(table, placement)});
  }
  return distribution;
}

Distribution distribute(Session& session) {
  Distribution distribution = plan_distribution(session);
  for (const PlacedTable& table : distribution.tables) {
    if (table.sql.empty()) continue;
    Transaction transaction(session);
    transaction.lock("adgenome/migrate");
    if (placed_tables(session).contains(table.name)) continue;  // by another process, just now
    session.connection().run(table.sql);
    transaction.commit();
  }
  return distribution;
}

}  // namespace adgenome::store
