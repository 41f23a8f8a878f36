#include <adgenome/store/ad_listing.hpp>
#include <vector>

namespace adgenome::store {
namespace {

struct Condition {
  std::string sql;
  std::vector<Value> parameters;

  /// Adds "AND text" in which ? stands for the value.
  void add(const std::string& text, const Value& value) {
    parameters.push_back(value);
    const std::size_t at = text.find('?');
    sql += " AND " + text.substr(0, at) + "$" + std::to_string(parameters.size()) +
           text.substr(at + 1);
  }
};

Condition condition_of(const std::string& brand_id, const AdFilter& filter) {
  Condition condition{.sql = "a.brand_id = $1", .parameters = {brand_id}};
  if (filter.batch_id) condition.add("a.batch_id = ?", *filter.batch_id);
  if (filter.ad_run_id) condition.add("a.ad_run_id = ?", *filter.ad_run_id);
  if (filter.template_id) condition.add("a.template_id = ?", *filter.template_id);
  if (filter.canvas_size) condition.add("a.canvas_size = ?", *filter.canvas_size);
  if (filter.color_mode) condition.add("a.color_mode = ?", *filter.color_mode);
  if (filter.status) condition.add("coalesce(a.human_decision, a.status) = ?", *filter.status);
  return condition;
}

}  // namespace

void list_ads(Session& session, const std::string& brand_id, const AdFilter& filter,
              const std::function<void(const ListedAd&)>& visit) {
  Condition condition = condition_of(brand_id, filter);
  if (filter.after) {
    condition.add(std::string("(a.created_at, a.id) ") + (filter.is_newest_first ? "<" : ">") +
                      " (SELECT f.created_at, f.id FROM ads f WHERE f.brand_id = $1 AND f.id = ?)",
                  *filter.after);
  }
  std::string order =
      filter.is_newest_first ? "a.created_at DESC, a.id DESC" : "a.created_at, a.id";
  if (filter.limit) {
    condition.parameters.push_back(*filter.limit);
    order += " LIMIT $" + std::to_string(condition.parameters.size());
  }
  session.query(
      "SELECT a.id, a.short_id, a.name, a.batch_id, a.ad_run_id, a.product_id, a.template_id, "
      "a.hook_id, a.prompt_index, a.canvas_size, a.color_mode, a.headline, a.tags, a.status, "
      "a.human_decision, a.image_path, a.image_sha256, a.error, a.provider, a.cost_micros, "
      "a.imported, a.created_at, r.reward FROM ads a "
      "LEFT JOIN rewards r ON r.brand_id = a.brand_id AND r.ad_id = a.id WHERE " +
          condition.sql + " ORDER BY " + order,
      condition.parameters, [&](const Row& row) {
        visit({.id = row.text(0),
               .short_id = row.text(1),
               .name = row.text(2),
               .batch_id = row.text(3),
               .ad_run_id = row.text(4),
               .product_id = row.text(5),
               .template_id = row.text(6),
               .hook_id = row.text(7),
               .prompt_index = row.integer(8),
               .canvas_size = row.text(9),
               .color_mode = row.text(10),
               .headline = row.optional_text(11),
               .tags = row.json(12),
               .status = row.text(13),
               .human_decision = row.optional_text(14),
               .image_path = row.optional_text(15),
               .image_sha256 = row.optional_text(16),
               .error = row.optional_text(17),
               .provider = row.text(18),
               .cost_micros = row.integer(19),
               .imported = row.boolean(20),
               .created_at = row.time(21),
               .reward = row.optional_real(22)});
      });
}

std::int64_t count_ads(Session& session, const std::string& brand_id, const AdFilter& filter) {
  const Condition condition = condition_of(brand_id, filter);
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) FROM ads a WHERE " + condition.sql, condition.parameters,
                [&](const Row& row) { count = row.integer(0); });
  return count;
}

}  // namespace adgenome::store
