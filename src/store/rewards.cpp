#include <adgenome/store/rewards.hpp>

namespace adgenome::store {
namespace {

/// The newest values of each period that ended before $2, as known at $3. Column by column what a
/// platform reports at all decides between 0 and not known.
constexpr std::string_view kAdSums =
    "WITH newest AS ("
    "  SELECT platform, platform_ad_id, date_start, date_stop, currency, "
    "    MAX(learned_at) AS learned_at FROM ad_performance "
    "  WHERE brand_id = $1 AND date_stop < $2 AND learned_at <= $3 "
    "  GROUP BY platform, platform_ad_id, date_start, date_stop, currency), "
    "delivered AS ("
    "  SELECT p.* FROM newest n JOIN ad_performance p ON p.brand_id = $1 "
    "    AND p.platform = n.platform AND p.platform_ad_id = n.platform_ad_id "
    "    AND p.date_start = n.date_start AND p.date_stop = n.date_stop "
    "    AND p.currency = n.currency AND p.learned_at = n.learned_at), "
    "reported AS ("
    "  SELECT platform, COUNT(clicks) AS clicks, COUNT(link_clicks) AS link_clicks, "
    "    COUNT(conversions_millionths) AS conversions, COUNT(conversion_value_micros) AS value "
    "  FROM delivered GROUP BY platform) "
    "SELECT m.ad_id, d.currency, MIN(CASE WHEN d.impressions > 0 THEN d.date_start END), "
    "  CAST(SUM(d.impressions) AS BIGINT), CAST(SUM(d.spend_micros) AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.link_clicks) > 0 THEN SUM(COALESCE(d.link_clicks, 0)) "
    "    WHEN MIN(r.clicks) > 0 THEN SUM(COALESCE(d.clicks, 0)) END AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.conversions) > 0 "
    "    THEN SUM(COALESCE(d.conversions_millionths, 0)) END AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.value) > 0 "
    "    THEN SUM(COALESCE(d.conversion_value_micros, 0)) END AS BIGINT), "
    "  MAX(CASE WHEN c.objective <> 'UNKNOWN' THEN c.objective END) "
    "FROM delivered d "
    "JOIN reported r ON r.platform = d.platform "
    "JOIN ad_mappings m ON m.brand_id = $1 AND m.platform = d.platform "
    "  AND m.platform_ad_id = d.platform_ad_id "
    "LEFT JOIN platform_ads a ON a.brand_id = $1 AND a.platform = d.platform "
    "  AND a.platform_ad_id = d.platform_ad_id "
    "LEFT JOIN campaigns c ON c.brand_id = $1 AND c.platform = d.platform "
    "  AND c.campaign_id = a.campaign_id "
    "GROUP BY m.ad_id, d.currency ORDER BY m.ad_id, d.currency";

Value day_value(const std::optional<core::Day>& day) {
  return day ? Value(core::format_day(*day)) : Value();
}

}  // namespace

std::vector<AdSums> ad_sums(Session& session, const std::string& brand_id, core::Day end,
                            core::Time known_at) {
  std::vector<AdSums> list;
  session.query(kAdSums, {brand_id, core::format_day(end), known_at}, [&](const Row& row) {
    list.push_back({.ad_id = row.text(0),
                    .currency = row.text(1),
                    .first_delivery = row.is_null(2) ? std::nullopt : std::optional(row.day(2)),
                    .impressions = row.integer(3),
                    .spend_micros = row.integer(4),
                    .clicks = row.optional_integer(5),
                    .conversions_millionths = row.optional_integer(6),
                    .conversion_value_micros = row.optional_integer(7),
                    .objective = row.optional_text(8).value_or("")});
  });
  return list;
}

std::int64_t unmatched_platform_ads(Session& session, const std::string& brand_id,
                                    core::Time known_at) {
  std::int64_t count = 0;
  session.query(
      "SELECT COUNT(*) FROM (SELECT DISTINCT platform, platform_ad_id FROM ad_performance "
      "  WHERE brand_id = $1 AND learned_at <= $2) p "
      "WHERE NOT EXISTS (SELECT 1 FROM ad_mappings m WHERE m.brand_id = $1 "
      "  AND m.platform = p.platform AND m.platform_ad_id = p.platform_ad_id)",
      {brand_id, known_at}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

bool has_platform(Session& session, const std::string& brand_id) {
  bool found = false;
  session.query(
      "SELECT EXISTS (SELECT 1 FROM ad_accounts WHERE brand_id = $1) "
      "OR EXISTS (SELECT 1 FROM ad_performance WHERE brand_id = $1)",
      {brand_id}, [&](const Row& row) { found = row.boolean(0); });
  return found;
}

std::vector<ReviewedAd> reviewed_ads(Session& session, const std::string& brand_id) {
  std::vector<ReviewedAd> list;
  session.query(
      "SELECT a.id, COALESCE(a.human_decision, a.status), COALESCE(r.reviewed_at, a.created_at) "
      "FROM ads a LEFT JOIN (SELECT ad_id, MAX(reviewed_at) AS reviewed_at FROM reviews "
      "  WHERE brand_id = $1 GROUP BY ad_id) r ON r.ad_id = a.id "
      "WHERE a.brand_id = $1 "
      "AND COALESCE(a.human_decision, a.status) IN ('approved', 'rejected') ORDER BY a.id",
      {brand_id}, [&](const Row& row) {
        list.push_back({.ad_id = row.text(0),
                        .is_approved = row.text(1) == "approved",
                        .decided_at = row.time(2)});
      });
  return list;
}

std::optional<StoredBaseline> find_baseline(Session& session, const std::string& brand_id,
                                            const std::string& version_prefix) {
  std::optional<StoredBaseline> found;
  session.query(
      "SELECT version, document FROM baselines WHERE brand_id = $1 "
      "AND substr(version, 1, length($2)) = $2 ORDER BY computed_at, version LIMIT 1",
      {brand_id, version_prefix}, [&](const Row& row) {
        found = StoredBaseline{.version = row.text(0), .document = row.json(1)};
      });
  return found;
}

void put_baseline(Session& session, const std::string& brand_id, const StoredBaseline& baseline,
                  core::Time now) {
  session.execute(
      "INSERT INTO baselines (brand_id, version, document, computed_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (brand_id, version) DO NOTHING",
      {brand_id, baseline.version, json_value(baseline.document), now});
}

std::vector<StoredReward> rewards(Session& session, const std::string& brand_id) {
  std::vector<StoredReward> list;
  session.query(
      "SELECT ad_id, version, reward, reward_sd, weight, state, source, components, coverage, "
      "objective, baseline_version, impressions, spend_micros, currency, first_delivery, "
      "matured_at FROM rewards WHERE brand_id = $1 ORDER BY ad_id",
      {brand_id}, [&](const Row& row) {
        list.push_back(
            {.ad_id = row.text(0),
             .version = row.integer(1),
             .reward = row.real(2),
             .reward_sd = row.optional_real(3),
             .weight = row.real(4),
             .state = row.text(5),
             .source = row.text(6),
             .components = row.json(7),
             .coverage = row.optional_real(8),
             .objective = row.text(9),
             .baseline_version = row.optional_text(10),
             .impressions = row.integer(11),
             .spend_micros = row.integer(12),
             .currency = row.optional_text(13),
             .first_delivery = row.is_null(14) ? std::nullopt : std::optional(row.day(14)),
             .matured_at = row.optional_time(15)});
      });
  return list;
}

void put_reward(Session& session, const std::string& brand_id, const StoredReward& reward,
                core::Time now) {
  session.execute(
      "INSERT INTO rewards (brand_id, ad_id, version, reward, reward_sd, weight, state, source, "
      "components, coverage, objective, baseline_version, impressions, spend_micros, currency, "
      "first_delivery, matured_at, computed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
      "$11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (brand_id, ad_id) DO UPDATE SET "
      "version = excluded.version, reward = excluded.reward, reward_sd = excluded.reward_sd, "
      "weight = excluded.weight, state = excluded.state, source = excluded.source, "
      "components = excluded.components, coverage = excluded.coverage, "
      "objective = excluded.objective, baseline_version = excluded.baseline_version, "
      "impressions = excluded.impressions, spend_micros = excluded.spend_micros, "
      "currency = excluded.currency, first_delivery = excluded.first_delivery, "
      "matured_at = excluded.matured_at, computed_at = excluded.computed_at",
      {brand_id, reward.ad_id, reward.version, reward.reward, or_null(reward.reward_sd),
       reward.weight, reward.state, reward.source, json_value(reward.components),
       or_null(reward.coverage), reward.objective, or_null(reward.baseline_version),
       reward.impressions, reward.spend_micros, or_null(reward.currency),
       day_value(reward.first_delivery), or_null(reward.matured_at), now});
}

}  // namespace adgenome::store
