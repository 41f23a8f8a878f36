#include <adgenome/store/imports.hpp>

namespace adgenome::store {

void record_import(Session& session, const std::string& brand_id, const std::string& kind,
                   const std::string& sha256, const std::string& name, const core::Json& counts,
                   core::Time now) {
  session.execute(
      "INSERT INTO imports (brand_id, kind, sha256, imported_at, name, counts) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, kind, sha256, imported_at) "
      "DO NOTHING",
      {brand_id, kind, sha256, now, name, json_value(counts)});
}

bool is_imported(Session& session, const std::string& brand_id, const std::string& kind,
                 const std::string& sha256) {
  bool found = false;
  session.query(
      "SELECT EXISTS (SELECT 1 FROM imports WHERE brand_id = $1 AND kind = $2 AND sha256 = $3)",
      {brand_id, kind, sha256}, [&](const Row& row) { found = row.boolean(0); });
  return found;
}

}  // namespace adgenome::store
