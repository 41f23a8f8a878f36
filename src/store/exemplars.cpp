#include <adgenome/store/exemplars.hpp>

namespace adgenome::store {

std::vector<Exemplar> exemplars(Session& session, const std::string& brand_id, bool with_removed) {
  std::vector<Exemplar> list;
  session.query(
      "SELECT e.ad_id, e.kind, e.source, e.score, e.reason, e.active, e.added_by, e.added_at, "
      "e.removed_at, t.category, a.canvas_size, a.color_mode, a.headline, a.image_path "
      "FROM exemplars e JOIN ads a ON a.brand_id = e.brand_id AND a.id = e.ad_id "
      "LEFT JOIN templates t ON t.id = a.template_id "
      "WHERE e.brand_id = $1 AND (e.active OR $2) ORDER BY e.kind, e.added_at DESC, e.ad_id",
      {brand_id, with_removed}, [&](const Row& row) {
        list.push_back({.ad_id = row.text(0),
                        .kind = row.text(1),
                        .source = row.text(2),
                        .score = row.optional_real(3),
                        .reason = row.optional_text(4),
                        .is_active = row.boolean(5),
                        .added_by = row.optional_text(6),
                        .added_at = row.time(7),
                        .removed_at = row.optional_time(8),
                        .category = row.optional_text(9).value_or(""),
                        .size = row.text(10),
                        .color_mode = row.text(11),
                        .headline = row.optional_text(12),
                        .image_path = row.optional_text(13)});
      });
  return list;
}

void put_exemplar(Session& session, const std::string& brand_id, const Exemplar& exemplar) {
  session.execute(
      "INSERT INTO exemplars (brand_id, ad_id, kind, source, score, reason, active, added_by, "
      "added_at) VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8) "
      "ON CONFLICT (brand_id, ad_id) DO UPDATE SET kind = excluded.kind, "
      "source = excluded.source, score = excluded.score, reason = excluded.reason, active = TRUE, "
      "added_by = excluded.added_by, added_at = excluded.added_at, removed_at = NULL",
      {brand_id, exemplar.ad_id, exemplar.kind, exemplar.source, or_null(exemplar.score),
       or_null(exemplar.reason), or_null(exemplar.added_by), exemplar.added_at});
}

bool remove_exemplar(Session& session, const std::string& brand_id, const std::string& ad_id,
                     core::Time now) {
  return session.execute(
             "UPDATE exemplars SET active = FALSE, removed_at = $3 "
             "WHERE brand_id = $1 AND ad_id = $2 AND active",
             {brand_id, ad_id, now}) > 0;
}

std::optional<AdTraits> find_ad_traits(Session& session, const std::string& brand_id,
                                       const std::string& ad_id) {
  std::optional<AdTraits> found;
  session.query(
      "SELECT a.id, t.category, a.canvas_size, a.color_mode FROM ads a "
      "LEFT JOIN templates t ON t.id = a.template_id WHERE a.brand_id = $1 AND a.id = $2",
      {brand_id, ad_id}, [&](const Row& row) {
        found = AdTraits{.ad_id = row.text(0),
                         .category = row.optional_text(1).value_or(""),
                         .size = row.text(2),
                         .color_mode = row.text(3)};
      });
  return found;
}

}  // namespace adgenome::store
