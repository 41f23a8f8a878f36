#include <adgenome/store/weights.hpp>

namespace adgenome::store {
namespace {

/// The brand's set of a method (empty: any) that meets a condition and was added last.
std::optional<WeightSet> newest_where(Session& session, const std::string& condition,
                                      const std::string& brand_id, core::Time known_at,
                                      const std::string& method = "") {
  std::optional<WeightSet> found;
  session.query(
      "SELECT id, parent_id, method, status, weights, document, created_at FROM weight_sets "
      "WHERE brand_id = $1 AND created_at <= $2 AND $3 IN ('', method) AND " +
          condition + " ORDER BY position DESC LIMIT 1",
      {brand_id, known_at, method}, [&](const Row& row) {
        found = WeightSet{.id = row.text(0),
                          .parent_id = row.optional_text(1),
                          .method = row.text(2),
                          .status = row.text(3),
                          .weights = row.json(4),
                          .document = row.json(5),
                          .created_at = row.time(6)};
      });
  return found;
}

}  // namespace

void visit_snapshots(Session& session, const std::string& brand_id, const KnownAt& known_at,
                     const std::function<void(const SnapshotRow&)>& visit) {
  std::optional<SnapshotRow> item;
  // What is and what was are looked up by their keys: joined as sets that were made before, SQLite
  // would walk the whole of them for every item. For the same end the date of an ad is no condition
  // of its join, where it would draw the search away from the run.
  session.query(
      "WITH known_mappings AS ("
      "  SELECT platform, platform_ad_id, ad_id FROM ad_mappings "
      "    WHERE brand_id = $1 AND created_at <= $2 "
      "  UNION ALL SELECT platform, platform_ad_id, ad_id FROM past_ad_mappings "
      "    WHERE brand_id = $1 AND created_at <= $2 AND replaced_at > $2) "
      "SELECT i.selection_id, i.template_id, "
      "CASE WHEN i.credited_at <= $3 THEN i.credited_reward ELSE k.credited_reward END, "
      "CASE WHEN i.credited_at <= $3 THEN i.credited_weight ELSE k.credited_weight END, "
      "CASE WHEN a.created_at > $2 THEN NULL WHEN l.first_review > $2 THEN 'pending' "
      "ELSE a.status END, a.human_decision, COALESCE(w.reward, p.reward), "
      "COALESCE(w.weight, p.weight), COALESCE(w.source, p.source), d.first_delivery "
      "FROM selections s JOIN selection_items i ON i.brand_id = $1 AND i.selection_id = s.id "
      "LEFT JOIN past_credits k ON k.brand_id = $1 AND k.selection_id = i.selection_id "
      "AND k.template_id = i.template_id AND k.credited_at <= $3 AND k.replaced_at > $3 "
      "LEFT JOIN ad_runs r ON r.brand_id = $1 AND r.selection_id = i.selection_id "
      "AND r.template_id = i.template_id "
      "LEFT JOIN ads a ON a.brand_id = $1 AND a.ad_run_id = r.id "
      "LEFT JOIN (SELECT ad_id, MIN(reviewed_at) AS first_review FROM reviews WHERE brand_id = $1 "
      "GROUP BY ad_id) l ON l.ad_id = a.id "
      "LEFT JOIN rewards w ON w.brand_id = $1 AND w.ad_id = a.id AND w.state = 'final' "
      "AND w.computed_at <= $2 "
      "LEFT JOIN past_rewards p ON p.brand_id = $1 AND p.ad_id = a.id AND p.state = 'final' "
      "AND p.computed_at <= $2 AND p.replaced_at > $2 "
      "LEFT JOIN (SELECT m.ad_id, MIN(f.date_start) AS first_delivery "
      "FROM known_mappings m JOIN platform_ads n ON n.brand_id = $1 "
      "AND n.platform = m.platform AND n.platform_ad_id = m.platform_ad_id "
      "JOIN ad_performance f ON f.brand_id = $1 AND f.ad_number = n.number "
      "WHERE f.impressions > 0 AND f.learned_at <= $2 "
      "AND (f.replaced_at IS NULL OR f.replaced_at > $2) GROUP BY m.ad_id) d ON d.ad_id = a.id "
      "WHERE s.brand_id = $1 AND s.created_at <= $2 "
      "ORDER BY i.selection_id, i.template_id, a.id",
      {brand_id, known_at.inputs, known_at.own}, [&](const Row& row) {
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
      "INSERT INTO past_credits (brand_id, selection_id, template_id, credited_reward, "
      "credited_weight, credited_at, replaced_at) SELECT brand_id, selection_id, template_id, "
      "credited_reward, credited_weight, credited_at, $4 FROM selection_items WHERE brand_id = $1 "
      "AND selection_id = $2 AND template_id = $3 AND credited_at < $4 ON CONFLICT DO NOTHING",
      {brand_id, item.selection_id, item.template_id, now});
  session.execute(
      "UPDATE selection_items SET credited_reward = $4, credited_weight = $5, credited_at = $6 "
      "WHERE brand_id = $1 AND selection_id = $2 AND template_id = $3",
      {brand_id, item.selection_id, item.template_id, reward, weight, now});
}

void visit_credited(Session& session, const std::string& brand_id,
                    const std::function<void(const CreditedSnapshot&)>& visit) {
  session.query(
      "SELECT i.scores, i.credited_reward, i.credited_weight, s.created_at "
      "FROM selection_items i "
      "JOIN selections s ON s.brand_id = i.brand_id AND s.id = i.selection_id "
      "WHERE i.brand_id = $1 AND i.credited_reward IS NOT NULL "
      "ORDER BY i.selection_id, i.template_id",
      {brand_id}, [&](const Row& row) {
        visit({.scores = row.json(0),
               .reward = row.real(1),
               .weight = row.optional_real(2).value_or(1),
               .drawn_at = row.time(3)});
      });
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
                                           std::string_view method, core::Time known_at) {
  return newest_where(session, "TRUE", brand_id, known_at, std::string(method));
}

std::optional<WeightSet> champion_weight_set(Session& session, const std::string& brand_id,
                                             core::Time known_at) {
  if (known_at == kNewest) return newest_where(session, "status = 'champion'", brand_id, known_at);
  return newest_where(session,
                      "id = (SELECT weight_set FROM weight_changes WHERE brand_id = $1 "
                      "AND changed_at <= $2 ORDER BY position DESC LIMIT 1)",
                      brand_id, known_at);
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
