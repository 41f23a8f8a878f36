#include <adgenome/store/weights.hpp>

namespace adgenome::store {

void visit_snapshots(Session& session, const std::string& brand_id,
                     const std::function<void(const SnapshotRow&)>& visit) {
  std::optional<SnapshotRow> item;
  session.query(
      "SELECT i.selection_id, i.template_id, i.credited_reward, i.credited_weight, a.status, "
      "a.human_decision, w.reward, w.weight, w.source, d.first_delivery "
      "FROM selection_items i "
      "LEFT JOIN ad_runs r ON r.brand_id = i.brand_id AND r.selection_id = i.selection_id "
      "AND r.template_id = i.template_id "
      "LEFT JOIN ads a ON a.brand_id = r.brand_id AND a.ad_run_id = r.id "
      "LEFT JOIN rewards w ON w.brand_id = a.brand_id AND w.ad_id = a.id AND w.state = 'final' "
      "LEFT JOIN (SELECT m.brand_id, m.ad_id, MIN(p.date_start) AS first_delivery "
      "FROM ad_mappings m JOIN platform_ads n ON n.brand_id = m.brand_id "
      "AND n.platform = m.platform AND n.platform_ad_id = m.platform_ad_id "
      "JOIN ad_performance p ON p.brand_id = n.brand_id AND p.ad_number = n.number "
      "WHERE m.brand_id = $1 AND p.impressions > 0 AND p.replaced_at IS NULL "
      "GROUP BY m.brand_id, m.ad_id) d "
      "ON d.brand_id = a.brand_id AND d.ad_id = a.id "
      "WHERE i.brand_id = $1 ORDER BY i.selection_id, i.template_id, a.id",
      {brand_id}, [&](const Row& row) {
        const std::string selection_id = row.text(0);
        const std::string template_id = row.text(1);
        if (item && (item->selection_id != selection_id || item->template_id != template_id)) {
          visit(*item);
          item.reset();
        }
        if (!item) {
          item = SnapshotRow{.selection_id = selection_id,
                             .template_id = template_id,
                             .credited_reward = row.optional_real(2),
                             .credited_weight = row.optional_real(3),
                             .ads = {}};
        }
        if (row.is_null(4)) return;  // no ad was made from it
        SnapshotAdRow ad{.status = row.text(4),
                         .human_decision = row.optional_text(5),
                         .first_delivery = std::nullopt,
                         .reward = row.optional_real(6),
                         .weight = row.optional_real(7),
                         .is_from_review = row.optional_text(8) == "review"};
        ad.first_delivery = row.optional_day_number(9);
        item->ads.push_back(std::move(ad));
      });
  if (item) visit(*item);
}

SnapshotScores snapshot_scores(Session& session, const std::string& brand_id,
                               const SnapshotRow& item) {
  SnapshotScores found;
  session.query(
      "SELECT weights_used, scores FROM selection_items "
      "WHERE brand_id = $1 AND selection_id = $2 AND template_id = $3",
      {brand_id, item.selection_id, item.template_id},
      [&](const Row& row) { found = {.weights_used = row.json(0), .scores = row.json(1)}; });
  return found;
}

void mark_credited(Session& session, const std::string& brand_id, const SnapshotRow& item,
                   double reward, double weight, core::Time now) {
  session.execute(
      "UPDATE selection_items SET credited_reward = $4, credited_weight = $5, credited_at = $6 "
      "WHERE brand_id = $1 AND selection_id = $2 AND template_id = $3",
      {brand_id, item.selection_id, item.template_id, reward, weight, now});
}

core::Json weight_posterior(Session& session, const std::string& brand_id,
                            std::string_view method) {
  core::Json state;
  session.query("SELECT state FROM weight_posteriors WHERE brand_id = $1 AND method = $2",
                {brand_id, std::string(method)}, [&](const Row& row) { state = row.json(0); });
  return state;
}

void put_weight_posterior(Session& session, const std::string& brand_id, std::string_view method,
                          const core::Json& state, core::Time now) {
  session.execute(
      "INSERT INTO weight_posteriors (brand_id, method, state, updated_at) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (brand_id, method) "
      "DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at",
      {brand_id, std::string(method), json_value(state), now});
}

std::optional<WeightSet> newest_weight_set(Session& session, const std::string& brand_id,
                                           std::string_view method) {
  std::optional<WeightSet> found;
  session.query(
      "SELECT id, parent_id, method, status, weights, document FROM weight_sets "
      "WHERE brand_id = $1 AND method = $2 ORDER BY position DESC LIMIT 1",
      {brand_id, std::string(method)}, [&](const Row& row) {
        found = WeightSet{.id = row.text(0),
                          .parent_id = row.optional_text(1),
                          .method = row.text(2),
                          .status = row.text(3),
                          .weights = row.json(4),
                          .document = row.json(5)};
      });
  return found;
}

void add_weight_set(Session& session, const std::string& brand_id, const WeightSet& set,
                    core::Time now) {
  session.execute(
      "INSERT INTO weight_sets (brand_id, id, position, parent_id, method, status, weights, "
      "document, created_at) SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6, $7, $8 "
      "FROM weight_sets WHERE brand_id = $1",
      {brand_id, set.id, or_null(set.parent_id), set.method, set.status, json_value(set.weights),
       json_value(set.document), now});
}

}  // namespace adgenome::store
