#include <adgenome/store/template_listing.hpp>
#include <vector>

namespace adgenome::store {
namespace {

struct Condition {
  std::string sql = "TRUE";
  std::vector<Value> parameters;

  std::string add(const Value& value) {
    parameters.push_back(value);
    return "$" + std::to_string(parameters.size());
  }
};

void narrow(Condition& condition, const std::string& brand_id, const TemplateFilter& filter) {
  const auto equal = [&](const char* column, const Value& value) {
    condition.sql += std::string(" AND t.") + column + " = " + condition.add(value);
  };
  if (filter.id) equal("id", *filter.id);
  if (filter.category) equal("category", *filter.category);
  if (filter.niche) equal("niche", *filter.niche);
  if (filter.target_sex) equal("target_sex", *filter.target_sex);
  if (filter.awareness_level) equal("awareness_level", *filter.awareness_level);
  if (filter.is_analysed) {
    condition.sql +=
        *filter.is_analysed ? " AND t.detected_at IS NOT NULL" : " AND t.detected_at IS NULL";
  }
  if (filter.unused_by) {
    const std::string brand = condition.add(brand_id);
    condition.sql += " AND NOT EXISTS (SELECT 1 FROM template_usage n WHERE n.brand_id = " + brand +
                     " AND n.product_id = " + condition.add(*filter.unused_by) +
                     " AND n.template_id = t.id)";
  }
}

}  // namespace

void list_templates(Session& session, const std::string& brand_id, const std::string& product_id,
                    const TemplateFilter& filter,
                    const std::function<void(const ListedTemplate&)>& visit) {
  Condition condition;
  condition.parameters = {brand_id, product_id};
  narrow(condition, brand_id, filter);
  if (filter.after) condition.sql += " AND t.id > " + condition.add(*filter.after);
  std::string tail = " ORDER BY t.id";
  if (filter.limit) tail += " LIMIT " + condition.add(*filter.limit);
  session.query(
      "SELECT t.id, t.name, t.category, t.niche, t.awareness_level, t.target_sex, t.active, "
      "t.detected_at, u.uses, u.last_used, s.alpha, s.beta FROM templates t "
      "LEFT JOIN (SELECT template_id, COUNT(*) AS uses, MAX(used_at) AS last_used "
      "  FROM template_usage WHERE brand_id = $1 AND ($2 = '' OR product_id = $2) "
      "  GROUP BY template_id) u ON u.template_id = t.id "
      "LEFT JOIN element_scores s ON s.brand_id = $1 AND s.product_id = '' "
      "  AND s.dimension = 'template_id' AND s.value = t.id WHERE " +
          condition.sql + tail,
      condition.parameters, [&](const Row& row) {
        visit({.id = row.text(0),
               .name = row.text(1),
               .category = row.text(2),
               .niche = row.optional_text(3),
               .awareness_level = row.optional_integer(4),
               .target_sex = row.optional_text(5),
               .active = row.boolean(6),
               .detected_at = row.optional_time(7),
               .uses = row.optional_integer(8).value_or(0),
               .last_used_at = row.optional_time(9),
               .alpha = row.optional_real(10),
               .beta = row.optional_real(11)});
      });
}

std::int64_t count_templates(Session& session, const std::string& brand_id,
                             const TemplateFilter& filter) {
  Condition condition;
  narrow(condition, brand_id, filter);
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) FROM templates t WHERE " + condition.sql, condition.parameters,
                [&](const Row& row) { count = row.integer(0); });
  return count;
}

}  // namespace adgenome::store
