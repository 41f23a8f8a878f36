#include <adgenome/store/selection_pools.hpp>

namespace adgenome::store {
namespace {

SelectionPool pool_from(const Row& row) {
  return {.selection_id = row.text(0),
          .format = row.text(1),
          .candidates = row.integer(2),
          .fraction = row.real(3),
          .bytes = row.bytes(4),
          .temperature = row.real(5),
          .preset = row.text(6),
          .weight_set = row.optional_text(7).value_or("")};
}

}  // namespace

void insert_selection_pool(Session& session, const std::string& brand_id,
                           const SelectionPool& pool) {
  session.execute(
      "INSERT INTO selection_pools (brand_id, selection_id, format, candidates, fraction, pool) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {brand_id, pool.selection_id, pool.format, pool.candidates, pool.fraction,
       Bytes{pool.bytes}});
}

void visit_selection_pools(Session& session, const std::string& brand_id, core::Time since,
                           const std::function<void(const SelectionPool&)>& visit,
                           core::Time until) {
  session.query(
      "SELECT p.selection_id, p.format, p.candidates, p.fraction, p.pool, s.temperature, s.preset, "
      "s.weight_set "
      "FROM selection_pools p "
      "JOIN selections s ON s.brand_id = p.brand_id AND s.id = p.selection_id "
      "WHERE p.brand_id = $1 AND s.created_at >= $2 AND s.created_at <= $3 "
      "ORDER BY p.selection_id",
      {brand_id, since, until}, [&](const Row& row) { visit(pool_from(row)); });
}

std::optional<SelectionPool> find_selection_pool(Session& session, const std::string& brand_id,
                                                 const std::string& selection_id) {
  std::optional<SelectionPool> found;
  session.query(
      "SELECT p.selection_id, p.format, p.candidates, p.fraction, p.pool, s.temperature, s.preset, "
      "s.weight_set "
      "FROM selection_pools p "
      "JOIN selections s ON s.brand_id = p.brand_id AND s.id = p.selection_id "
      "WHERE p.brand_id = $1 AND p.selection_id = $2",
      {brand_id, selection_id}, [&](const Row& row) { found = pool_from(row); });
  return found;
}

}  // namespace adgenome::store
