#include <adgenome/store/interactions.hpp>

namespace adgenome::store {
namespace {

constexpr std::string_view kColumns =
    "a_dimension, a_value, b_dimension, b_value, effect, effect_low, effect_high, p, q, ads, runs, "
    "direction, document";

/// Notes what is known of a pair before it is replaced or taken away.
void keep_past(Session& session, const std::string& brand_id, const StoredInteraction& pair,
               core::Time now) {
  const std::string columns(kColumns);
  session.execute(
      "INSERT INTO past_element_interactions (brand_id, " + columns +
          ", computed_at, replaced_at) SELECT brand_id, " + columns +
          ", computed_at, $6 FROM element_interactions WHERE brand_id = $1 AND a_dimension = $2 "
          "AND a_value = $3 AND b_dimension = $4 AND b_value = $5 AND computed_at < $6 "
          "ON CONFLICT DO NOTHING",
      {brand_id, pair.a_dimension, pair.a_value, pair.b_dimension, pair.b_value, now});
}

}  // namespace

std::vector<StoredInteraction> interactions(Session& session, const std::string& brand_id,
                                            core::Time known_at) {
  std::vector<StoredInteraction> list;
  const std::string columns(kColumns);
  session.query("SELECT " + columns +
                    " FROM element_interactions WHERE brand_id = $1 AND computed_at <= $2 "
                    "UNION ALL SELECT " +
                    columns +
                    " FROM past_element_interactions WHERE brand_id = $1 AND computed_at <= $2 "
                    "AND replaced_at > $2 ORDER BY a_dimension, a_value, b_dimension, b_value",
                {brand_id, known_at}, [&](const Row& row) {
                  list.push_back({.a_dimension = row.text(0),
                                  .a_value = row.text(1),
                                  .b_dimension = row.text(2),
                                  .b_value = row.text(3),
                                  .effect = row.real(4),
                                  .effect_low = row.optional_real(5),
                                  .effect_high = row.optional_real(6),
                                  .p = row.optional_real(7),
                                  .q = row.optional_real(8),
                                  .ads = row.integer(9),
                                  .runs = row.integer(10),
                                  .direction = row.text(11),
                                  .document = row.json(12)});
                });
  return list;
}

void put_interaction(Session& session, const std::string& brand_id, const StoredInteraction& pair,
                     core::Time now) {
  keep_past(session, brand_id, pair, now);
  session.execute(
      "INSERT INTO element_interactions (brand_id, a_dimension, a_value, b_dimension, b_value, "
      "effect, effect_low, effect_high, p, q, ads, runs, direction, document, computed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
      "ON CONFLICT (brand_id, a_dimension, a_value, b_dimension, b_value) DO UPDATE SET "
      "effect = excluded.effect, effect_low = excluded.effect_low, "
      "effect_high = excluded.effect_high, p = excluded.p, q = excluded.q, ads = excluded.ads, "
      "runs = excluded.runs, direction = excluded.direction, document = excluded.document, "
      "computed_at = excluded.computed_at",
      {brand_id, pair.a_dimension, pair.a_value, pair.b_dimension, pair.b_value, pair.effect,
       or_null(pair.effect_low), or_null(pair.effect_high), or_null(pair.p), or_null(pair.q),
       pair.ads, pair.runs, pair.direction, json_value(pair.document), now});
}

void delete_interaction(Session& session, const std::string& brand_id,
                        const StoredInteraction& pair, core::Time now) {
  keep_past(session, brand_id, pair, now);
  session.execute(
      "DELETE FROM element_interactions WHERE brand_id = $1 AND a_dimension = $2 "
      "AND a_value = $3 AND b_dimension = $4 AND b_value = $5",
      {brand_id, pair.a_dimension, pair.a_value, pair.b_dimension, pair.b_value});
}

}  // namespace adgenome::store
