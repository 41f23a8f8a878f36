#include <adgenome/store/window_sums.hpp>

#include "silent_periods.hpp"

namespace adgenome::store {
namespace {

/// What was known at $3 of the periods that ended before $2 and are at most $6 days long, summed by
/// platform ad and window (date_stop + $4) / $5, under the mappings, campaigns and objectives of
/// $7. What an account reports at all, and of link clicks what it does in a period of 28 days,
/// decides between 0 and not known.
const std::string kWindowSums =
    "WITH known AS NOT MATERIALIZED ("
    "  SELECT * FROM ad_performance WHERE brand_id = $1 AND date_stop < $2 AND learned_at <= $3 "
    "    AND (replaced_at IS NULL OR replaced_at > $3) "
    "    AND date_stop - date_start < CAST($6 AS BIGINT)), "
    "windowed AS ("
    "  SELECT ad_number, currency, (date_stop + CAST($4 AS BIGINT)) / CAST($5 AS BIGINT) AS w, "
    "    MIN(CASE WHEN impressions > 0 THEN date_start END) AS first, COUNT(*) AS row_count, "
    "    MAX(date_stop - date_start + 1) AS longest, SUM(impressions) AS impressions, "
    "    SUM(spend_micros) AS spend, SUM(clicks) AS clicks, SUM(link_clicks) AS link_clicks, "
    "    SUM(CASE WHEN impressions > 0 THEN reach END) AS reach_sum, "
    "    MAX(CASE WHEN impressions > 0 THEN reach END) AS reach_max, "
    "    SUM(CASE WHEN impressions > 0 AND reach IS NULL THEN 1 ELSE 0 END) AS without_reach, "
    "    MAX(frequency) AS frequency "
    "  FROM known GROUP BY ad_number, currency, 3), "
    "delivered AS ("
    "  SELECT ad_number, date_start / 28 AS period, SUM(clicks) AS clicks, "
    "    COUNT(clicks) AS clicks_count, COUNT(link_clicks) AS link_clicks_count "
    "  FROM known GROUP BY ad_number, date_start / 28), "
    "known_ads AS ("
    "  SELECT a.number, a.platform, a.platform_ad_id, COALESCE(a.account_id, '') AS account, "
    "    a.adset_name, CASE WHEN a.learned_at <= $7 THEN a.campaign_id "
    "    ELSE (SELECT o.campaign_id FROM past_platform_ads o "
    "    WHERE o.brand_id = $1 AND o.platform = a.platform "
    "    AND o.platform_ad_id = a.platform_ad_id AND o.learned_at <= $7 "
    "    AND o.replaced_at > $7) END AS campaign_id "
    "  FROM platform_ads a WHERE a.brand_id = $1), "
    "accounts AS ("
    "  SELECT a.platform, a.account, SUM(d.clicks_count) AS clicks, "
    "    SUM(d.link_clicks_count) AS link_clicks "
    "  FROM delivered d JOIN known_ads a ON a.number = d.ad_number "
    "  GROUP BY a.platform, a.account), " +
    std::string(kSilentPeriods) +
    ", reported AS ("
    "  SELECT d.ad_number, MIN(r.clicks) AS clicks, "
    "    CASE WHEN COUNT(s.period) = 0 THEN MIN(r.link_clicks) ELSE 0 END AS link_clicks "
    "  FROM delivered d JOIN known_ads a ON a.number = d.ad_number "
    "  JOIN accounts r ON r.platform = a.platform AND r.account = a.account "
    "  LEFT JOIN silent_periods s ON s.platform = a.platform AND s.account = a.account "
    "    AND s.period = d.period GROUP BY d.ad_number) "
    "SELECT a.platform, a.platform_ad_id, COALESCE(m.ad_id, q.ad_id), a.account, a.adset_name, "
    "  a.campaign_id, COALESCE(c.objective, o.objective), d.currency, d.w, d.first, d.row_count, "
    "  d.longest, "
    "  CAST(d.impressions AS BIGINT), CAST(d.spend AS BIGINT), "
    "  CAST(CASE WHEN r.link_clicks > 0 THEN COALESCE(d.link_clicks, 0) "
    "    WHEN r.clicks > 0 THEN COALESCE(d.clicks, 0) END AS BIGINT), "
    "  CAST(CASE WHEN d.without_reach = 0 THEN d.reach_sum END AS BIGINT), "
    "  CAST(CASE WHEN d.without_reach = 0 THEN d.reach_max END AS BIGINT), d.frequency "
    "FROM windowed d "
    "JOIN known_ads a ON a.number = d.ad_number "
    "JOIN reported r ON r.ad_number = d.ad_number "
    "LEFT JOIN ad_mappings m ON m.brand_id = $1 AND m.platform = a.platform "
    "  AND m.platform_ad_id = a.platform_ad_id AND m.created_at <= $7 "
    "LEFT JOIN past_ad_mappings q ON q.brand_id = $1 AND q.platform = a.platform "
    "  AND q.platform_ad_id = a.platform_ad_id AND q.created_at <= $7 AND q.replaced_at > $7 "
    "LEFT JOIN campaigns c ON c.brand_id = $1 AND c.platform = a.platform "
    "  AND c.campaign_id = a.campaign_id AND c.learned_at <= $7 "
    "LEFT JOIN past_campaigns o ON o.brand_id = $1 AND o.platform = a.platform "
    "  AND o.campaign_id = a.campaign_id AND o.learned_at <= $7 AND o.replaced_at > $7 "
    "ORDER BY a.platform, a.platform_ad_id, d.currency, d.w";

}  // namespace

std::vector<WindowSums> window_sums(Session& session, const std::string& brand_id, core::Day end,
                                    core::Time known_at, core::Time attributed_at,
                                    const DayWindows& windows, std::int64_t most_days) {
  std::vector<WindowSums> list;
  session.query(kWindowSums,
                {brand_id, day_number(end), known_at, windows.offset, windows.length, most_days,
                 attributed_at},
                [&](const Row& row) {
                  WindowSums sums{.platform = row.text(0),
                                  .platform_ad_id = row.text(1),
                                  .ad_id = row.optional_text(2),
                                  .account_id = row.optional_text(3).value_or(""),
                                  .adset_name = row.optional_text(4).value_or(""),
                                  .campaign_id = row.optional_text(5).value_or(""),
                                  .objective = row.optional_text(6).value_or(""),
                                  .currency = row.text(7),
                                  .window = row.integer(8),
                                  .first_delivery = row.optional_day_number(9),
                                  .rows = row.integer(10),
                                  .longest_row = row.integer(11),
                                  .impressions = row.integer(12),
                                  .spend_micros = row.integer(13),
                                  .clicks = row.optional_integer(14),
                                  .reach_sum = row.optional_integer(15),
                                  .reach_max = row.optional_integer(16),
                                  .frequency_max = row.optional_real(17)};
                  if (sums.objective == "UNKNOWN") sums.objective.clear();
                  list.push_back(std::move(sums));
                });
  return list;
}

std::optional<core::Day> last_performance_day(Session& session, const std::string& brand_id,
                                              core::Day end, core::Time known_at) {
  std::optional<core::Day> last;
  session.query(
      "SELECT MAX(date_stop) FROM ad_performance WHERE brand_id = $1 AND date_stop < $2 "
      "AND learned_at <= $3 AND (replaced_at IS NULL OR replaced_at > $3)",
      {brand_id, day_number(end), known_at},
      [&](const Row& row) { last = row.optional_day_number(0); });
  return last;
}

std::int64_t count_long_periods(Session& session, const std::string& brand_id, core::Day end,
                                core::Time known_at, std::int64_t most_days) {
  std::int64_t count = 0;
  session.query(
      "SELECT COUNT(*) FROM ad_performance WHERE brand_id = $1 AND date_stop < $2 "
      "AND learned_at <= $3 AND (replaced_at IS NULL OR replaced_at > $3) "
      "AND date_stop - date_start >= $4",
      {brand_id, day_number(end), known_at, most_days},
      [&](const Row& row) { count = row.integer(0); });
  return count;
}

std::vector<TaggedAd> tagged_ads(Session& session, const std::string& brand_id,
                                 core::Time known_at) {
  std::vector<TaggedAd> list;
  session.query(
      "SELECT a.id, a.ad_run_id, a.batch_id, a.product_id, a.tags, a.template_id, a.canvas_size, "
      "a.color_mode, a.prompt_version, a.created_at FROM ads a WHERE a.brand_id = $1 "
      "AND (EXISTS (SELECT 1 FROM ad_mappings m WHERE m.brand_id = $1 AND m.ad_id = a.id "
      "  AND m.created_at <= $2) "
      "OR EXISTS (SELECT 1 FROM past_ad_mappings m WHERE m.brand_id = $1 AND m.ad_id = a.id "
      "  AND m.created_at <= $2 AND m.replaced_at > $2) "
      "OR EXISTS (SELECT 1 FROM rewards r WHERE r.brand_id = $1 AND r.ad_id = a.id "
      "  AND r.computed_at <= $2) "
      "OR EXISTS (SELECT 1 FROM past_rewards r WHERE r.brand_id = $1 AND r.ad_id = a.id "
      "  AND r.computed_at <= $2 AND r.replaced_at > $2)) ORDER BY a.id",
      {brand_id, known_at}, [&](const Row& row) {
        list.push_back({.ad_id = row.text(0),
                        .ad_run_id = row.text(1),
                        .batch_id = row.text(2),
                        .product_id = row.text(3),
                        .tags = row.json(4),
                        .template_id = row.text(5),
                        .canvas_size = row.text(6),
                        .color_mode = row.text(7),
                        .prompt_version = row.optional_text(8),
                        .created_at = row.time(9)});
      });
  return list;
}

}  // namespace adgenome::store
