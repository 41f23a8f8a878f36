#include <adgenome/store/weight_registry.hpp>

namespace adgenome::store {
namespace {

#define WEIGHT_SET_COLUMNS "id, parent_id, method, status, weights, document, created_at"

WeightSet weight_set_from(const Row& row) {
  return {.id = row.text(0),
          .parent_id = row.optional_text(1),
          .method = row.text(2),
          .status = row.text(3),
          .weights = row.json(4),
          .document = row.json(5),
          .created_at = row.time(6)};
}

WeightChange weight_change_from(const Row& row) {
  return {.action = row.text(0),
          .weight_set = row.text(1),
          .former_weight_set = row.text(2),
          .changed_at = row.time(3)};
}

}  // namespace

std::vector<WeightSet> weight_sets(Session& session, const std::string& brand_id) {
  std::vector<WeightSet> sets;
  session.query("SELECT " WEIGHT_SET_COLUMNS
                " FROM weight_sets WHERE brand_id = $1 ORDER BY position",
                {brand_id}, [&](const Row& row) { sets.push_back(weight_set_from(row)); });
  return sets;
}

std::optional<WeightSet> find_weight_set(Session& session, const std::string& brand_id,
                                         const std::string& id) {
  std::optional<WeightSet> found;
  session.query("SELECT " WEIGHT_SET_COLUMNS " FROM weight_sets WHERE brand_id = $1 AND id = $2",
                {brand_id, id}, [&](const Row& row) { found = weight_set_from(row); });
  return found;
}

void set_weight_set_status(Session& session, const std::string& brand_id, const std::string& id,
                           std::string_view status) {
  session.execute("UPDATE weight_sets SET status = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, id, std::string(status)});
}

std::optional<WeightChange> promotion_of(Session& session, const std::string& brand_id,
                                         const std::string& weight_set, core::Time known_at) {
  std::optional<WeightChange> found;
  session.query(
      "SELECT action, weight_set, former_weight_set, changed_at FROM weight_changes "
      "WHERE brand_id = $1 AND weight_set = $2 AND action = 'promote' AND changed_at <= $3 "
      "ORDER BY position DESC LIMIT 1",
      {brand_id, weight_set, known_at}, [&](const Row& row) { found = weight_change_from(row); });
  return found;
}

void add_weight_change(Session& session, const std::string& brand_id, const WeightChange& change) {
  session.execute(
      "INSERT INTO weight_changes (brand_id, position, action, weight_set, former_weight_set, "
      "changed_at) SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, $5 "
      "FROM weight_changes WHERE brand_id = $1",
      {brand_id, change.action, change.weight_set, change.former_weight_set, change.changed_at});
}

WeightTest weight_test(Session& session, const std::string& brand_id, std::string_view method,
                       core::Time known_at) {
  WeightTest test;
  session.query(
      "SELECT snapshots, gain_sum, gain_sum_squares, tau2 FROM weight_tests "
      "WHERE brand_id = $1 AND method = $2 AND updated_at <= $3 ORDER BY updated_at DESC LIMIT 1",
      {brand_id, std::string(method), known_at}, [&](const Row& row) {
        test = {.snapshots = row.integer(0),
                .sum = row.real(1),
                .sum_squares = row.real(2),
                .tau2 = row.real(3)};
      });
  return test;
}

void put_weight_test(Session& session, const std::string& brand_id, std::string_view method,
                     const WeightTest& test, core::Time now) {
  session.execute(
      "INSERT INTO weight_tests (brand_id, method, snapshots, gain_sum, gain_sum_squares, tau2, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (brand_id, method, "
      "updated_at) DO UPDATE SET snapshots = excluded.snapshots, gain_sum = excluded.gain_sum, "
      "gain_sum_squares = excluded.gain_sum_squares, tau2 = excluded.tau2",
      {brand_id, std::string(method), test.snapshots, test.sum, test.sum_squares, test.tau2, now});
}

WeightPriorRow weight_prior(Session& session, const std::string& brand_id, core::Time known_at) {
  WeightPriorRow found;
  session.query(
      "SELECT prior, computed_at FROM weight_priors WHERE brand_id = $1 AND computed_at <= $2 "
      "ORDER BY computed_at DESC LIMIT 1",
      {brand_id, known_at},
      [&](const Row& row) { found = {.prior = row.json(0), .computed_at = row.time(1)}; });
  return found;
}

void put_weight_prior(Session& session, const std::string& brand_id, const core::Json& prior,
                      core::Time now) {
  session.execute(
      "INSERT INTO weight_priors (brand_id, prior, computed_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (brand_id, computed_at) DO UPDATE SET prior = excluded.prior",
      {brand_id, json_value(prior), now});
}

std::vector<std::string> sharing_brands(Session& session, const std::string& organization_id,
                                        const std::string& except) {
  std::vector<std::string> ids;
  session.query(
      "SELECT id FROM brands WHERE organization_id = $1 AND cross_brand_sharing AND id <> $2 "
      "ORDER BY id",
      {organization_id, except}, [&](const Row& row) { ids.push_back(row.text(0)); });
  return ids;
}

std::vector<DrawnItem> drawn_items(Session& session, const std::string& brand_id,
                                   const std::string& selection_id, core::Time known_at) {
  std::vector<DrawnItem> items;
  session.query(
      "SELECT i.template_id, i.draw_probability, k.credited_reward, k.credited_at "
      "FROM selection_items i LEFT JOIN ("
      "  SELECT template_id, credited_reward, credited_at FROM selection_items "
      "    WHERE brand_id = $1 AND selection_id = $2 AND credited_at <= $3 "
      "  UNION ALL SELECT template_id, credited_reward, credited_at FROM past_credits "
      "    WHERE brand_id = $1 AND selection_id = $2 AND credited_at <= $3 AND replaced_at > $3"
      ") k ON k.template_id = i.template_id "
      "WHERE i.brand_id = $1 AND i.selection_id = $2 ORDER BY i.rank, i.template_id",
      {brand_id, selection_id, known_at}, [&](const Row& row) {
        items.push_back({.template_id = row.text(0),
                         .draw_probability = row.real(1),
                         .credited_reward = row.optional_real(2),
                         .credited_at = row.optional_time(3)});
      });
  return items;
}

}  // namespace adgenome::store
