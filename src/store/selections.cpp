#include <adgenome/store/selections.hpp>
#include <unordered_map>

namespace adgenome::store {
namespace {

/// Rows of one kind by template, in the order in which templates are visited.
template <class T>
class ByTemplate {
 public:
  void add(std::string template_id, T row) {
    rows_.emplace_back(std::move(template_id), std::move(row));
  }
  /// Of this template; ids are asked for in rising order.
  std::optional<T> find(const std::string& template_id) {
    while (at_ < rows_.size() && rows_[at_].first < template_id) ++at_;
    if (at_ == rows_.size() || rows_[at_].first != template_id) return std::nullopt;
    return rows_[at_].second;
  }

 private:
  std::vector<std::pair<std::string, T>> rows_;
  std::size_t at_ = 0;
};

struct LastUses {
  std::optional<core::Time> of_product, of_audience;
};
struct Beta {
  double alpha, beta;
};

ByTemplate<TemplateEvaluation> evaluations(Session& session) {
  ByTemplate<TemplateEvaluation> found;
  session.query(
      "SELECT template_id, d1, d2, d3, d4, d5, d6 FROM template_evaluations ORDER BY template_id",
      {}, [&](const Row& row) {
        found.add(row.text(0), {.d1 = row.optional_integer(1),
                                .d2 = row.optional_integer(2),
                                .d3 = row.optional_integer(3),
                                .d4 = row.optional_integer(4),
                                .d5 = row.optional_integer(5),
                                .d6 = row.optional_boolean(6)});
      });
  return found;
}

ByTemplate<LastUses> last_uses(Session& session, const CandidateQuery& wanted) {
  ByTemplate<LastUses> found;
  session.query(
      "SELECT template_id, MAX(used_at), "
      "MAX(CASE WHEN $3 = '' OR persona_id IN ($3, '') THEN used_at END) "
      "FROM template_usage WHERE brand_id = $1 AND product_id = $2 AND used_at < $4 "
      "GROUP BY template_id ORDER BY template_id",
      {wanted.brand_id, wanted.product_id, wanted.persona_id, wanted.known_at},
      [&](const Row& row) {
        found.add(row.text(0), {row.optional_time(1), row.optional_time(2)});
      });
  return found;
}

ByTemplate<Beta> template_scores(Session& session, const CandidateQuery& wanted) {
  ByTemplate<Beta> found;
  session.query(
      "SELECT value, alpha, beta FROM (SELECT value, alpha, beta FROM element_scores "
      "  WHERE brand_id = $1 AND product_id = '' AND dimension = 'template_id' "
      "  AND updated_at <= $2 "
      "  UNION ALL SELECT value, alpha, beta FROM past_element_scores "
      "  WHERE brand_id = $1 AND product_id = '' AND dimension = 'template_id' "
      "  AND updated_at <= $2 AND replaced_at > $2) s ORDER BY value",
      {wanted.brand_id, wanted.known_at}, [&](const Row& row) {
        found.add(row.text(0), {row.real(1), row.real(2)});
      });
  return found;
}

}  // namespace

void visit_candidates(Session& session, const CandidateQuery& wanted,
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
  const auto json_or_null = [](const Row& row, int column) {
    return row.is_null(column) ? core::Json() : row.json(column);
  };
  auto evaluation = evaluations(session);
  auto uses = last_uses(session, wanted);
  auto scores = template_scores(session, wanted);
  // Embeddings are long: they are read where they count.
  const std::string embedding = wanted.with_embeddings ? "embedding" : "NULL";
  session.query(
      "SELECT id, category, awareness_level, target_sex, required_assets, "
      "detected_at IS NOT NULL, ad_library, " +
          embedding + " FROM templates WHERE active ORDER BY id",
      {}, [&](const Row& row) {
        CandidateRow candidate{.id = row.text(0),
                               .category = row.text(1),
                               .awareness_level = row.optional_integer(2),
                               .target_sex = row.optional_text(3),
                               .required_assets = assets(row, 4),
                               .is_detected = row.boolean(5),
                               .ad_library = json_or_null(row, 6),
                               .embedding = json_or_null(row, 7)};
        candidate.evaluation = evaluation.find(candidate.id);
        if (const auto used = uses.find(candidate.id)) {
          candidate.product_last_used = used->of_product;
          candidate.audience_last_used = used->of_audience;
        }
        if (const auto score = scores.find(candidate.id)) {
          candidate.alpha = score->alpha;
          candidate.beta = score->beta;
        }
        visit(candidate);
      });
}

bool has_ad_library(Session& session) {
  bool found = false;
  session.query("SELECT 1 FROM templates WHERE active AND ad_library IS NOT NULL LIMIT 1", {},
                [&](const Row&) { found = true; });
  return found;
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
