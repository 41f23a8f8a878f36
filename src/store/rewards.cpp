#include <adgenome/store/rewards.hpp>

#include "known_verdict.hpp"
#include "silent_periods.hpp"

namespace adgenome::store {
namespace {

/// What was known at $3 of the periods that ended before $2, summed by platform ad first, under the
/// mappings and objectives of $4. What an account reports at all, and of link clicks what it does
/// in a period of 28 days, decides between 0 and not known. Mappings and campaigns are looked up by
/// their keys: joined as sets that were made before, SQLite would walk the whole of them for every
/// ad.
///
/// Order values are capped row by row. The dearest hundredth of the orders has no more rows than it
/// has orders of the smallest row's size: so few are sorted, and hold all that is over the cap.
const std::string kAdSums =
    "WITH known AS NOT MATERIALIZED ("
    "  SELECT * FROM ad_performance WHERE brand_id = $1 AND date_stop < $2 AND learned_at <= $3 "
    "    AND (replaced_at IS NULL OR replaced_at > $3)), "
    "known_ads AS ("
    "  SELECT a.number, a.platform, a.platform_ad_id, COALESCE(a.account_id, '') AS account, "
    "    CASE WHEN a.learned_at <= $4 "
    "    THEN a.campaign_id ELSE (SELECT o.campaign_id FROM past_platform_ads o "
    "    WHERE o.brand_id = $1 AND o.platform = a.platform "
    "    AND o.platform_ad_id = a.platform_ad_id AND o.learned_at <= $4 "
    "    AND o.replaced_at > $4) END AS campaign_id "
    "  FROM platform_ads a WHERE a.brand_id = $1), "
    "mapped AS ("
    "  SELECT a.number, a.platform, a.account, a.campaign_id, m.ad_id FROM known_ads a "
    "    JOIN ad_mappings m ON m.brand_id = $1 AND m.platform = a.platform "
    "    AND m.platform_ad_id = a.platform_ad_id AND m.created_at <= $4 "
    "  UNION ALL SELECT a.number, a.platform, a.account, a.campaign_id, m.ad_id FROM known_ads a "
    "    JOIN past_ad_mappings m ON m.brand_id = $1 AND m.platform = a.platform "
    "    AND m.platform_ad_id = a.platform_ad_id AND m.created_at <= $4 "
    "    AND m.replaced_at > $4), "
    "delivered AS ("
    "  SELECT ad_number, currency, date_start / 28 AS period, "
    "    MIN(CASE WHEN impressions > 0 THEN date_start END) AS first, "
    "    SUM(impressions) AS impressions, SUM(spend_micros) AS spend, SUM(clicks) AS clicks, "
    "    SUM(link_clicks) AS link_clicks, SUM(conversions_millionths) AS conversions, "
    "    SUM(conversion_value_micros) AS value, COUNT(clicks) AS clicks_count, "
    "    COUNT(link_clicks) AS link_clicks_count, "
    "    COUNT(conversions_millionths) AS conversions_count, "
    "    COUNT(conversion_value_micros) AS value_count, "
    "    SUM(CASE WHEN conversions_millionths > 0 THEN conversion_value_micros END) AS sold_value, "
    "    SUM(CASE WHEN conversion_value_micros IS NOT NULL THEN conversions_millionths END) AS "
    "sold, "
    "    MIN(CASE WHEN conversion_value_micros IS NOT NULL AND conversions_millionths > 0 "
    "      THEN conversions_millionths END) AS least_sold "
    "  FROM known GROUP BY ad_number, currency, date_start / 28), "
    "all_orders AS ("
    "  SELECT COALESCE(SUM(d.sold), 0) AS total, COALESCE(MIN(d.least_sold), 1) AS least "
    "  FROM delivered d JOIN mapped m ON m.number = d.ad_number), "
    "dearest AS ("
    "  SELECT p.ad_number, p.currency, p.date_start / 28 AS period, "
    "    p.conversions_millionths AS orders, p.conversion_value_micros AS value, "
    "    CAST(p.conversion_value_micros AS DOUBLE PRECISION) / p.conversions_millionths AS mean "
    "  FROM mapped m JOIN known p ON p.ad_number = m.number "
    "  WHERE p.conversions_millionths > 0 AND p.conversion_value_micros IS NOT NULL "
    "  ORDER BY mean DESC "
    "  LIMIT (SELECT CAST(total / 100 / least AS BIGINT) + 2 FROM all_orders)), "
    "cap AS ("
    "  SELECT COALESCE(MIN(mean), 0) AS mean FROM ("
    "    SELECT mean, SUM(SUM(orders)) OVER (ORDER BY mean DESC) - SUM(orders) AS dearer "
    "    FROM dearest GROUP BY mean) v "
    "  WHERE dearer <= (SELECT total / 100 FROM all_orders)), "
    "over_cap AS ("
    "  SELECT ad_number, currency, period, SUM(value) AS value, SUM(orders) AS orders "
    "  FROM dearest WHERE mean > (SELECT mean FROM cap) GROUP BY ad_number, currency, period), "
    "accounts AS ("
    "  SELECT a.platform, a.account, SUM(d.clicks_count) AS clicks, "
    "    SUM(d.link_clicks_count) AS link_clicks, SUM(d.conversions_count) AS conversions, "
    "    SUM(d.value_count) AS value, "
    "    COALESCE(SUM(d.clicks), 0) + COALESCE(SUM(d.link_clicks), 0) AS counted_clicks, "
    "    COALESCE(SUM(d.conversions), 0) AS counted_conversions, "
    "    COALESCE(SUM(d.value), 0) AS counted_value, SUM(d.spend) AS counted_spend "
    "  FROM delivered d JOIN known_ads a ON a.number = d.ad_number "
    "  GROUP BY a.platform, a.account), " +
    std::string(kSilentPeriods) +
    "SELECT m.ad_id, d.currency, MIN(d.first), "
    "  CAST(SUM(d.impressions) AS BIGINT), CAST(SUM(d.spend) AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.link_clicks) > 0 AND COUNT(s.period) = 0 "
    "    THEN SUM(COALESCE(d.link_clicks, 0)) "
    "    WHEN MIN(r.clicks) > 0 THEN SUM(COALESCE(d.clicks, 0)) END AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.conversions) > 0 "
    "    THEN SUM(COALESCE(d.conversions, 0)) END AS BIGINT), "
    "  CAST(CASE WHEN MIN(r.value) > 0 THEN SUM(COALESCE(d.value, 0)) END AS BIGINT), "
    "  CASE WHEN MIN(r.value) > 0 THEN "
    "    CAST(SUM(COALESCE(d.sold_value, 0) - COALESCE(e.value, 0)) AS DOUBLE PRECISION) "
    "    + (SELECT mean FROM cap) * CAST(SUM(COALESCE(e.orders, 0)) AS DOUBLE PRECISION) END, "
    "  MAX(NULLIF(COALESCE(c.objective, o.objective), 'UNKNOWN')), "
    "  MIN(r.counted_clicks) > 0, MIN(r.counted_conversions) > 0, MIN(r.counted_value) > 0, "
    "  MIN(r.counted_spend) > 0, "
    "  CASE WHEN MIN(m.platform) = MAX(m.platform) AND MIN(m.account) = MAX(m.account) "
    "    THEN MIN(m.platform) END, "
    "  CASE WHEN MIN(m.platform) = MAX(m.platform) AND MIN(m.account) = MAX(m.account) "
    "    THEN MIN(m.account) END "
    "FROM delivered d JOIN mapped m ON m.number = d.ad_number "
    "JOIN accounts r ON r.platform = m.platform AND r.account = m.account "
    "LEFT JOIN silent_periods s ON s.platform = m.platform AND s.account = m.account "
    "  AND s.period = d.period "
    "LEFT JOIN over_cap e ON e.ad_number = d.ad_number AND e.currency = d.currency "
    "  AND e.period = d.period "
    "LEFT JOIN campaigns c ON c.brand_id = $1 AND c.platform = m.platform "
    "  AND c.campaign_id = m.campaign_id AND c.learned_at <= $4 "
    "LEFT JOIN past_campaigns o ON o.brand_id = $1 AND o.platform = m.platform "
    "  AND o.campaign_id = m.campaign_id AND o.learned_at <= $4 AND o.replaced_at > $4 "
    "GROUP BY m.ad_id, d.currency ORDER BY m.ad_id, d.currency";

Value day_value(const std::optional<core::Day>& day) {
  return day ? Value(core::format_day(*day)) : Value();
}

}  // namespace

std::vector<AdSums> ad_sums(Session& session, const std::string& brand_id, core::Day end,
                            core::Time known_at) {
  return ad_sums(session, brand_id, end, known_at, known_at);
}

std::vector<AdSums> ad_sums(Session& session, const std::string& brand_id, core::Day end,
                            core::Time known_at, core::Time attributed_at) {
  std::vector<AdSums> list;
  const std::vector<Value> parameters = {brand_id, day_number(end), known_at, attributed_at};
  session.query(kAdSums, parameters, [&](const Row& row) {
    list.push_back({.ad_id = row.text(0),
                    .currency = row.text(1),
                    .first_delivery = row.optional_day_number(2),
                    .impressions = row.integer(3),
                    .spend_micros = row.integer(4),
                    .clicks = row.optional_integer(5),
                    .conversions_millionths = row.optional_integer(6),
                    .conversion_value_micros = row.optional_integer(7),
                    .capped_value_micros = row.optional_real(8),
                    .objective = row.optional_text(9).value_or(""),
                    .has_clicks = row.boolean(10),
                    .has_conversions = row.boolean(11),
                    .has_value = row.boolean(12),
                    .has_spend = row.boolean(13),
                    .platform = row.optional_text(14).value_or(""),
                    .account = row.optional_text(15).value_or("")});
  });
  return list;
}

bool has_platform(Session& session, const std::string& brand_id, core::Time known_at) {
  bool found = false;
  session.query(
      "SELECT EXISTS (SELECT 1 FROM ad_accounts a LEFT JOIN (SELECT account_id, "
      "  MIN(changed_at) AS since FROM config_versions WHERE brand_id = $1 GROUP BY account_id) v "
      "  ON v.account_id = a.id WHERE a.brand_id = $1 AND (v.since IS NULL OR v.since <= $2)) "
      "OR EXISTS (SELECT 1 FROM ad_performance WHERE brand_id = $1 AND learned_at <= $2)",
      {brand_id, known_at}, [&](const Row& row) { found = row.boolean(0); });
  return found;
}

std::vector<ReviewedAd> reviewed_ads(Session& session, const std::string& brand_id,
                                     core::Time known_at) {
  std::vector<ReviewedAd> list;
  session.query("SELECT id, decision, decided_at FROM (SELECT a.id, COALESCE(" +
                    known_human_decision("$2") + ", " + known_status("$2") +
                    ") AS decision, "
                    "  COALESCE((SELECT MAX(v.reviewed_at) FROM reviews v WHERE v.brand_id = $1 "
                    "    AND v.ad_id = a.id AND v.reviewed_at <= $2), a.created_at) AS decided_at "
                    "  FROM ads a WHERE a.brand_id = $1 AND a.created_at <= $2) d "
                    "WHERE decision IN ('approved', 'rejected') ORDER BY id",
                {brand_id, known_at}, [&](const Row& row) {
                  list.push_back({.ad_id = row.text(0),
                                  .is_approved = row.text(1) == "approved",
                                  .decided_at = row.time(2)});
                });
  return list;
}

std::optional<StoredBaseline> find_baseline(Session& session, const std::string& brand_id,
                                            const std::string& version_prefix,
                                            core::Time known_at) {
  std::optional<StoredBaseline> found;
  session.query(
      "SELECT version, document FROM baselines WHERE brand_id = $1 "
      "AND substr(version, 1, length($2)) = $2 AND computed_at <= $3 "
      "ORDER BY computed_at, version LIMIT 1",
      {brand_id, version_prefix, known_at}, [&](const Row& row) {
        found = StoredBaseline{.version = row.text(0), .document = row.json(1)};
      });
  return found;
}

std::optional<StoredBaseline> baseline_of_version(Session& session, const std::string& brand_id,
                                                  const std::string& version) {
  std::optional<StoredBaseline> found;
  session.query("SELECT version, document FROM baselines WHERE brand_id = $1 AND version = $2",
                {brand_id, version}, [&](const Row& row) {
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

std::vector<StoredReward> rewards(Session& session, const std::string& brand_id,
                                  core::Time known_at) {
  std::vector<StoredReward> list;
  session.query(
      "SELECT ad_id, version, reward, reward_sd, weight, state, source, components, coverage, "
      "objective, baseline_version, impressions, spend_micros, currency, first_delivery, "
      "matured_at FROM rewards WHERE brand_id = $1 AND computed_at <= $2 "
      "UNION ALL SELECT ad_id, version, reward, reward_sd, weight, state, source, components, "
      "coverage, objective, baseline_version, impressions, spend_micros, currency, "
      "first_delivery, matured_at FROM past_rewards WHERE brand_id = $1 AND computed_at <= $2 "
      "AND replaced_at > $2 ORDER BY ad_id",
      {brand_id, known_at}, [&](const Row& row) {
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
      "INSERT INTO past_rewards (brand_id, ad_id, version, reward, reward_sd, weight, state, "
      "source, components, coverage, objective, baseline_version, impressions, spend_micros, "
      "currency, first_delivery, matured_at, computed_at, replaced_at) "
      "SELECT brand_id, ad_id, version, reward, reward_sd, weight, state, source, components, "
      "coverage, objective, baseline_version, impressions, spend_micros, currency, "
      "first_delivery, matured_at, computed_at, $3 FROM rewards "
      "WHERE brand_id = $1 AND ad_id = $2 AND computed_at < $3 ON CONFLICT DO NOTHING",
      {brand_id, reward.ad_id, now});
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

std::int64_t count_rewards_to_revise(Session& session, const std::string& brand_id) {
  std::int64_t count = 0;
  session.query(
      "SELECT COUNT(*) FROM rewards r WHERE r.brand_id = $1 AND r.objective = 'UNKNOWN' "
      "AND EXISTS (SELECT 1 FROM ad_mappings m "
      "  JOIN platform_ads a ON a.brand_id = $1 AND a.platform = m.platform "
      "  AND a.platform_ad_id = m.platform_ad_id "
      "  JOIN campaigns c ON c.brand_id = $1 AND c.platform = a.platform "
      "  AND c.campaign_id = a.campaign_id "
      "  WHERE m.brand_id = $1 AND m.ad_id = r.ad_id AND c.objective <> 'UNKNOWN')",
      {brand_id}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

}  // namespace adgenome::store
