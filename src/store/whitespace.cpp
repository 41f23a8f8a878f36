#include <adgenome/store/whitespace.hpp>

namespace adgenome::store {

std::vector<WhitespaceRow> whitespace_rows(Session& session, const std::string& brand_id,
                                           core::Time known_at) {
  std::vector<WhitespaceRow> rows;
  session.query(
      "SELECT a_dimension, a_value, b_dimension, b_value, c_dimension, c_value, potential, status, "
      "injected_run_id, reason FROM whitespace_candidates WHERE brand_id = $1 "
      "AND updated_at <= $2 ORDER BY a_dimension, a_value, b_dimension, b_value, c_dimension, "
      "c_value",
      {brand_id, known_at}, [&](const Row& row) {
        rows.push_back({.a_dimension = row.text(0),
                        .a_value = row.text(1),
                        .b_dimension = row.text(2),
                        .b_value = row.text(3),
                        .c_dimension = row.text(4),
                        .c_value = row.text(5),
                        .potential = row.real(6),
                        .status = row.text(7),
                        .injected_run_id = row.text(8),
                        .reason = row.optional_text(9)});
      });
  return rows;
}

void put_whitespace(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                    const core::Json& document, core::Time now) {
  session.execute(
      "INSERT INTO whitespace_candidates (brand_id, a_dimension, a_value, b_dimension, b_value, "
      "c_dimension, c_value, potential, document, status, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (brand_id, a_dimension, a_value, b_dimension, b_value, c_dimension, c_value) "
      "DO UPDATE SET potential = excluded.potential, document = excluded.document, "
      "updated_at = excluded.updated_at "
      "WHERE whitespace_candidates.potential <> excluded.potential "
      "OR CAST(whitespace_candidates.document AS TEXT) <> CAST(excluded.document AS TEXT)",
      {brand_id, row.a_dimension, row.a_value, row.b_dimension, row.b_value, row.c_dimension,
       row.c_value, row.potential, json_value(document), row.status, now});
}

void set_whitespace_status(Session& session, const std::string& brand_id, const WhitespaceRow& row,
                           core::Time now) {
  session.execute(
      "UPDATE whitespace_candidates SET status = $8, injected_run_id = $9, reason = $10, "
      "updated_at = $11 WHERE brand_id = $1 AND a_dimension = $2 AND a_value = $3 "
      "AND b_dimension = $4 AND b_value = $5 AND c_dimension = $6 AND c_value = $7",
      {brand_id, row.a_dimension, row.a_value, row.b_dimension, row.b_value, row.c_dimension,
       row.c_value, row.status, row.injected_run_id, or_null(row.reason), now});
}

}  // namespace adgenome::store
