#include <adgenome/core/error.hpp>
#include <adgenome/store/ad_listing.hpp>

namespace adgenome::store {
namespace {

/// Mean score over the reviewers of an ad's last review; $1 is the brand.
constexpr const char* kReviewScore =
    "(SELECT SUM(v.score) / COUNT(v.score) FROM reviews v WHERE v.brand_id = $1 "
    "AND v.ad_id = a.id AND v.reviewed_at = (SELECT MAX(n.reviewed_at) FROM reviews n "
    "WHERE n.brand_id = $1 AND n.ad_id = a.id))";

struct Condition {
  std::string sql;
  std::vector<Value> parameters;

  /// The place of a new parameter.
  std::string place(const Value& value) {
    parameters.push_back(value);
    return "$" + std::to_string(parameters.size());
  }
  template <class T>
  void equal(const char* expression, const std::optional<T>& value, const char* compare = " = ") {
    if (value) sql += std::string(" AND ") + expression + compare + place(*value);
  }
};

Condition condition_of(const std::string& brand_id, const AdFilter& filter) {
  Condition condition{.sql = "a.brand_id = $1", .parameters = {brand_id}};
  condition.equal("a.id", filter.id);
  condition.equal("a.short_id", filter.short_id);
  condition.equal("a.batch_id", filter.batch_id);
  condition.equal("a.ad_run_id", filter.ad_run_id);
  condition.equal("a.template_id", filter.template_id);
  condition.equal("a.canvas_size", filter.canvas_size);
  condition.equal("a.color_mode", filter.color_mode);
  condition.equal("coalesce(a.human_decision, a.status)", filter.status);
  condition.equal("a.created_at", filter.since, " >= ");
  condition.equal("a.created_at", filter.until, " < ");
  return condition;
}

/// What a list is sorted by: two keys in one direction.
struct Sorting {
  std::string key;
  const char* direction;
  const char* behind;  ///< compares a key that comes later
};

Sorting sorting_of(AdOrder order) {
  switch (order) {
    case AdOrder::kOldestFirst:
      return {"a.created_at", "", ">"};
    case AdOrder::kNewestFirst:
      return {"a.created_at", " DESC", "<"};
    case AdOrder::kByScore:
      break;
  }
  return {std::string("coalesce(") + kReviewScore + ", -1)", " DESC", "<"};
}

void go_on_behind(Session& session, const std::string& brand_id, const AdFilter& filter,
                  Condition& condition) {
  const Sorting sorting = sorting_of(filter.order);
  const bool is_by_score = filter.order == AdOrder::kByScore;
  Value key;
  std::string template_id;
  session.query(
      "SELECT a.template_id, " + sorting.key + " FROM ads a WHERE a.brand_id = $1 AND a.id = $2",
      {brand_id, *filter.after}, [&](const Row& row) {
        template_id = row.text(0);
        key = is_by_score ? Value(row.real(1)) : Value(row.time(1));
      });
  if (std::holds_alternative<std::monostate>(key)) {
    throw core::InvalidInput("no ad \"" + *filter.after + "\" to go on behind", "",
                             "option --after");
  }
  const std::string behind = "(" + sorting.key + ", a.id) " + sorting.behind + " (" +
                             condition.place(key) + ", " + condition.place(*filter.after) + ")";
  if (!filter.by_template) {
    condition.sql += " AND " + behind;
    return;
  }
  const std::string place = condition.place(template_id);
  condition.sql +=
      " AND (a.template_id > " + place + " OR (a.template_id = " + place + " AND " + behind + "))";
}

core::Json json_or_null(const Row& row, int column) {
  return row.is_null(column) ? core::Json() : row.json(column);
}

}  // namespace

void list_ads(Session& session, const std::string& brand_id, const AdFilter& filter,
              const std::function<void(const ListedAd&)>& visit) {
  Condition condition = condition_of(brand_id, filter);
  if (filter.after) go_on_behind(session, brand_id, filter, condition);
  const Sorting sorting = sorting_of(filter.order);
  std::string tail = std::string(" ORDER BY ") + (filter.by_template ? "a.template_id, " : "") +
                     sorting.key + sorting.direction + ", a.id" + sorting.direction;
  if (filter.limit) tail += " LIMIT " + condition.place(*filter.limit);
  session.query(
      std::string("SELECT a.id, a.short_id, a.name, a.batch_id, a.ad_run_id, a.product_id, ") +
          "a.template_id, a.hook_id, a.prompt_index, a.canvas_size, a.color_mode, a.headline, "
          "a.tags, a.status, a.human_decision, a.image_path, a.image_sha256, a.error, a.provider, "
          "a.cost_micros, a.imported, a.created_at, r.reward, " +
          kReviewScore +
          " FROM ads a "
          "LEFT JOIN rewards r ON r.brand_id = a.brand_id AND r.ad_id = a.id WHERE " +
          condition.sql + tail,
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
               .review_score = row.optional_real(23),
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

std::vector<AdCount> count_ads_by_status(Session& session, const std::string& brand_id,
                                         const AdFilter& filter) {
  const Condition condition = condition_of(brand_id, filter);
  const std::string group = filter.by_template ? "a.template_id" : "''";
  const std::string keys = (filter.by_template ? "a.template_id, " : std::string()) +
                           "a.status, coalesce(a.human_decision, '')";
  std::vector<AdCount> counts;
  session.query(
      "SELECT " + group +
          ", a.status, coalesce(a.human_decision, ''), COUNT(*), "
          "SUM(CASE WHEN a.imported THEN 1 ELSE 0 END), CAST(SUM(a.cost_micros) AS BIGINT) "
          "FROM ads a WHERE " +
          condition.sql + " GROUP BY " + keys + " ORDER BY " + keys,
      condition.parameters, [&](const Row& row) {
        const std::string decision = row.text(2);
        counts.push_back(
            {.template_id = row.text(0),
             .status = row.text(1),
             .human_decision = decision.empty() ? std::nullopt : std::optional(decision),
             .ads = row.integer(3),
             .imported = row.integer(4),
             .cost_micros = row.integer(5)});
      });
  return counts;
}

AdDetails ad_details(Session& session, const std::string& brand_id, const std::string& ad_id) {
  AdDetails details;
  session.query(
      "SELECT prompt, element_choices, parent_ad_id, iteration_round, congruence_score, "
      "pre_generation_score FROM ads WHERE brand_id = $1 AND id = $2",
      {brand_id, ad_id}, [&](const Row& row) {
        details.prompt = json_or_null(row, 0);
        details.element_choices = row.json(1);
        details.parent_ad_id = row.text(2);
        details.iteration_round = row.integer(3);
        details.congruence_score = row.optional_real(4);
        details.pre_generation_score = row.optional_real(5);
      });
  session.query(
      "SELECT reviewed_at, stage, reviewer, rubric_version, score, verdict, checks, error "
      "FROM reviews WHERE brand_id = $1 AND ad_id = $2 ORDER BY reviewed_at DESC, stage, reviewer",
      {brand_id, ad_id}, [&](const Row& row) {
        details.reviews.push_back({.reviewed_at = row.time(0),
                                   .stage = row.integer(1),
                                   .reviewer = row.text(2),
                                   .rubric_version = row.text(3),
                                   .score = row.optional_real(4),
                                   .verdict = row.optional_text(5),
                                   .checks = row.json(6),
                                   .error = row.optional_text(7)});
      });
  session.query(
      "SELECT action, decided_at, decided_by, checks, reason, machine_status, machine_score "
      "FROM overrides WHERE brand_id = $1 AND ad_id = $2 ORDER BY decided_at DESC, decided_by DESC",
      {brand_id, ad_id}, [&](const Row& row) {
        details.overrides.push_back({.action = row.text(0),
                                     .decided_at = row.time(1),
                                     .decided_by = row.text(2),
                                     .checks = json_or_null(row, 3),
                                     .reason = row.optional_text(4),
                                     .machine_status = row.text(5),
                                     .machine_score = row.optional_real(6)});
      });
  session.query(
      "SELECT platform, platform_ad_id, source FROM ad_mappings "
      "WHERE brand_id = $1 AND ad_id = $2 ORDER BY platform, platform_ad_id",
      {brand_id, ad_id}, [&](const Row& row) {
        details.mappings.push_back(
            {.platform = row.text(0), .platform_ad_id = row.text(1), .source = row.text(2)});
      });
  return details;
}

}  // namespace adgenome::store
