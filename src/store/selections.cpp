#include <adgenome/core/error.hpp>
#include <adgenome/store/selections.hpp>
#include <algorithm>
#include <unordered_map>

namespace adgenome::store {
namespace {

/// Rows of one kind by template, in the order in which templates are visited. The ids stand in one
/// text: there may be a million of them.
template <class T>
class ByTemplate {
 public:
  /// Another row of the template that was added last, or the first one of the next.
  T& row_of(std::string_view template_id) {
    if (ends_.empty() || id(ends_.size() - 1) != template_id) {
      ids_ += template_id;
      ends_.push_back(ids_.size());
      rows_.emplace_back();
    }
    return rows_.back();
  }
  /// Of this template, or null; ids are asked for in rising order.
  const T* find(std::string_view template_id) {
    while (at_ < ends_.size() && id(at_) < template_id) ++at_;
    return at_ < ends_.size() && id(at_) == template_id ? &rows_[at_] : nullptr;
  }

 private:
  std::string_view id(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(ids_).substr(begin, ends_[i] - begin);
  }

  std::string ids_;
  std::vector<std::size_t> ends_;
  std::vector<T> rows_;
  std::size_t at_ = 0;
};

struct LastUses {
  std::optional<core::Time> of_product, of_audience;
};
struct Beta {
  double alpha = 0, beta = 0;
};

ByTemplate<CandidateEvaluation> evaluations(Session& session) {
  ByTemplate<CandidateEvaluation> found;
  session.query(
      "SELECT template_id, d1, d2, d3, d4, d5, d6 FROM template_evaluations ORDER BY template_id",
      {}, [&](const Row& row) {
        CandidateEvaluation& evaluation = found.row_of(row.text(0));
        for (std::size_t i = 0; i < evaluation.d.size(); ++i) {
          const auto points = row.optional_integer(static_cast<int>(i) + 1);
          if (points) evaluation.d[i] = static_cast<std::int8_t>(*points);
        }
        evaluation.d6 = row.optional_boolean(6);
      });
  return found;
}

/// The last ones are found here: a maximum by group takes SQLite three times as long as the rows.
ByTemplate<LastUses> last_uses(Session& session, const CandidateQuery& wanted) {
  ByTemplate<LastUses> found;
  std::string text;  // ads are made in batches: many uses are of the same time
  core::Time used_at;
  session.query(
      "SELECT template_id, used_at, persona_id FROM template_usage "
      "WHERE brand_id = $1 AND product_id = $2 AND used_at < $3 ORDER BY template_id",
      {wanted.brand_id, wanted.product_id, wanted.known_at}, [&](const Row& row) {
        LastUses& uses = found.row_of(row.text(0));
        if (std::string next = row.text(1); next != text) {
          text = std::move(next);
          used_at = core::parse_time(text);
        }
        // Nothing is before every time.
        uses.of_product = std::max(uses.of_product, std::optional(used_at));
        if (!wanted.persona_id.empty()) {
          const std::string persona_id = row.text(2);
          if (!persona_id.empty() && persona_id != wanted.persona_id) return;
        }
        uses.of_audience = std::max(uses.of_audience, std::optional(used_at));
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
        found.row_of(row.text(0)) = {row.real(1), row.real(2)};
      });
  return found;
}

SharedTags tags_of(const core::Json& list, const std::string& template_id) {
  std::vector<std::string> tags;
  for (const core::Json& tag : list) {
    if (!tag.is_string()) {
      throw core::InvalidInput("a required asset is not a text: " + core::dump(tag), "",
                               "template " + template_id + " /required_assets");
    }
    tags.push_back(tag);
  }
  return std::make_shared<const std::vector<std::string>>(std::move(tags));
}

}  // namespace

void visit_candidates(Session& session, const CandidateQuery& wanted,
                      const std::function<void(const CandidateRow&)>& visit) {
  // Many templates require the same assets: each list is read once.
  std::unordered_map<std::string, SharedTags> asset_lists;
  const auto assets = [&](const Row& row, int column) -> const SharedTags& {
    SharedTags& tags = asset_lists[row.text(column)];
    if (!tags) tags = tags_of(row.json(column), row.text(0));
    return tags;
  };
  const auto json_or_null = [](const Row& row, int column) {
    return row.is_null(column) ? core::Json() : row.json(column);
  };
  auto evaluation = evaluations(session);
  auto uses = last_uses(session, wanted);
  auto scores = template_scores(session, wanted);
  // Embeddings are long: they are read where they count.
  const std::string embedding = wanted.with_embeddings ? "embedding" : "NULL";
  CandidateRow candidate;
  session.query(
      "SELECT id, category, awareness_level, target_sex, required_assets, "
      "detected_at IS NOT NULL, ad_library, " +
          embedding + " FROM templates WHERE active ORDER BY id",
      {}, [&](const Row& row) {
        candidate.id = row.text(0);
        candidate.category = row.text(1);
        candidate.awareness_level = row.optional_integer(2);
        candidate.target_sex = row.optional_text(3);
        candidate.required_assets = assets(row, 4);
        candidate.is_detected = row.boolean(5);
        candidate.ad_library = json_or_null(row, 6);
        candidate.embedding = json_or_null(row, 7);
        const CandidateEvaluation* evaluated = evaluation.find(candidate.id);
        candidate.evaluation = evaluated != nullptr ? std::optional(*evaluated) : std::nullopt;
        const LastUses* used = uses.find(candidate.id);
        candidate.product_last_used = used != nullptr ? used->of_product : std::nullopt;
        candidate.audience_last_used = used != nullptr ? used->of_audience : std::nullopt;
        const Beta* score = scores.find(candidate.id);
        candidate.alpha = score != nullptr ? std::optional(score->alpha) : std::nullopt;
        candidate.beta = score != nullptr ? std::optional(score->beta) : std::nullopt;
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
