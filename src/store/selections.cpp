#include <adgenome/store/selections.hpp>
#include <unordered_map>

namespace adgenome::store {
namespace {

std::optional<TemplateEvaluation> evaluation_from(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return TemplateEvaluation{.d1 = row.optional_integer(column + 1),
                            .d2 = row.optional_integer(column + 2),
                            .d3 = row.optional_integer(column + 3),
                            .d4 = row.optional_integer(column + 4),
                            .d5 = row.optional_integer(column + 5),
                            .d6 = row.optional_boolean(column + 6)};
}

}  // namespace

void visit_candidates(Session& session, const std::string& brand_id, const std::string& product_id,
                      const std::string& persona_id, core::Time known_at,
                      const std::function<void(const CandidateRow&)>& visit) {
  // Many templates require the same assets: each list is read once.
  std::unordered_map<std::string, std::vector<std::string>> asset_lists;
  const auto assets = [&](const Row& row, int column) -> const std::vector<std::string>& {
    const auto [at, is_new] = asset_lists.try_emplace(row.text(column));
    if (is_new) {
      for (const auto& tag : row.json(column)) at->second.push_back(tag.get<std::string>());
    }
    return at->second;
  };
  session.query(
      "SELECT t.id, t.category, t.awareness_level, t.target_sex, t.required_assets, "
      "t.detected_at IS NOT NULL, t.ad_library IS NOT NULL, u.product_last, u.audience_last, "
      "s.alpha, s.beta, e.template_id, e.d1, e.d2, e.d3, e.d4, e.d5, e.d6 "
      "FROM templates t "
      "LEFT JOIN template_evaluations e ON e.template_id = t.id "
      "LEFT JOIN (SELECT template_id, MAX(used_at) AS product_last, "
      "  MAX(CASE WHEN $3 = '' OR persona_id IN ($3, '') THEN used_at END) AS audience_last "
      "  FROM template_usage WHERE brand_id = $1 AND product_id = $2 AND used_at < $4 "
      "  GROUP BY template_id) u ON u.template_id = t.id "
      "LEFT JOIN (SELECT value, alpha, beta FROM element_scores WHERE brand_id = $1 "
      "  AND product_id = '' AND dimension = 'template_id' AND updated_at <= $4 "
      "  UNION ALL SELECT value, alpha, beta FROM past_element_scores WHERE brand_id = $1 "
      "  AND product_id = '' AND dimension = 'template_id' AND updated_at <= $4 "
      "  AND replaced_at > $4) s ON s.value = t.id "
      "WHERE t.active ORDER BY t.id",
      {brand_id, product_id, persona_id, known_at}, [&](const Row& row) {
        visit({.id = row.text(0),
               .category = row.text(1),
               .awareness_level = row.optional_integer(2),
               .target_sex = row.optional_text(3),
               .required_assets = assets(row, 4),
               .is_detected = row.boolean(5),
               .has_ad_library = row.boolean(6),
               .evaluation = evaluation_from(row, 11),
               .product_last_used = row.optional_time(7),
               .audience_last_used = row.optional_time(8),
               .alpha = row.optional_real(9),
               .beta = row.optional_real(10)});
      });
}

std::vector<ComboUsage> combo_usage(Session& session, const std::string& brand_id,
                                    core::Time known_at) {
  std::vector<ComboUsage> list;
  session.query(
      "SELECT combo_key, times_used, last_used_at FROM combo_usage "
      "WHERE brand_id = $1 AND last_used_at <= $2 "
      "UNION ALL SELECT combo_key, times_used, last_used_at FROM past_combo_usage "
      "WHERE brand_id = $1 AND last_used_at <= $2 AND replaced_at > $2 ORDER BY combo_key",
      {brand_id, known_at}, [&](const Row& row) {
        list.push_back(
            {.key = row.text(0), .times_used = row.integer(1), .last_used = row.time(2)});
      });
  return list;
}

std::optional<core::Json> find_selection_document(Session& session, const std::string& brand_id,
                                                  const std::string& id) {
  std::optional<core::Json> document;
  session.query("SELECT document FROM selections WHERE brand_id = $1 AND id = $2", {brand_id, id},
                [&](const Row& row) { document = row.json(0); });
  return document;
}

void insert_selection(Session& session, const StoredSelection& selection) {
  session.execute(
      "INSERT INTO selections (brand_id, id, product_id, persona_id, preset, weights_used, "
      "weight_set, phase, temperature, seed, document, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      {selection.brand_id, selection.id, selection.product_id, selection.persona_id,
       selection.preset, json_value(selection.weights_used), or_null(selection.weight_set),
       or_null(selection.phase), selection.temperature, selection.seed,
       json_value(selection.document), selection.created_at});
  for (const SelectionItem& item : selection.items) {
    session.execute(
        "INSERT INTO selection_items (brand_id, selection_id, template_id, rank, weights_used, "
        "scores, composite, propensity, draw_probability, weight_set, phase) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {selection.brand_id, selection.id, item.template_id, item.rank,
         json_value(selection.weights_used), json_value(item.scores), item.composite,
         item.propensity, item.draw_probability, or_null(selection.weight_set),
         or_null(selection.phase)});
  }
}

}  // namespace adgenome::store
