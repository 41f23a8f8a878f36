#include <adgenome/store/reported.hpp>

namespace adgenome::store {

std::vector<ReportedGrowth> reported_growth(Session& session, const std::string& brand_id,
                                            core::Day from, core::Time known_at) {
  std::vector<ReportedGrowth> list;
  session.query(
      "WITH versions AS (SELECT date_start, learned_at, replaced_at, "
      "    COALESCE(link_clicks, clicks, 0) AS clicks, "
      "    COALESCE(conversions_millionths, 0) AS conversions, "
      "    MIN(learned_at) OVER (PARTITION BY ad_number, date_start, currency) AS first_learned "
      "  FROM ad_performance WHERE brand_id = $1 AND date_start >= $2 AND date_start = date_stop "
      "  AND learned_at <= $3) "
      "SELECT date_start, first_learned, learned, CAST(SUM(clicks) AS BIGINT), "
      "  CAST(SUM(conversions) AS BIGINT) FROM ("
      "    SELECT date_start, first_learned, learned_at AS learned, clicks, conversions "
      "    FROM versions "
      "    UNION ALL SELECT date_start, first_learned, replaced_at, -clicks, -conversions "
      "    FROM versions WHERE replaced_at <= $3) changes "
      "GROUP BY date_start, first_learned, learned ORDER BY date_start, first_learned, learned",
      {brand_id, day_number(from), known_at}, [&](const Row& row) {
        list.push_back({.day = row.day_number(0),
                        .first_learned = row.time(1),
                        .learned = row.time(2),
                        .clicks = row.integer(3),
                        .conversions_millionths = row.integer(4)});
      });
  return list;
}

std::vector<AdDay> young_ad_days(Session& session, const std::string& brand_id,
                                 core::Day first_from, core::Time known_at,
                                 core::Time attributed_at) {
  std::vector<AdDay> list;
  session.query(
      "WITH young AS (SELECT ad_number FROM ad_performance WHERE brand_id = $1 "
      "    AND learned_at <= $3 AND (replaced_at IS NULL OR replaced_at > $3) "
      "    GROUP BY ad_number HAVING MIN(date_start) >= $2), "
      "known_mappings AS ("
      "  SELECT platform, platform_ad_id, ad_id FROM ad_mappings "
      "    WHERE brand_id = $1 AND created_at <= $4 "
      "  UNION ALL SELECT platform, platform_ad_id, ad_id FROM past_ad_mappings "
      "    WHERE brand_id = $1 AND created_at <= $4 AND replaced_at > $4) "
      "SELECT m.ad_id, p.date_start, CAST(SUM(p.impressions) AS BIGINT), "
      "  CAST(SUM(COALESCE(p.link_clicks, p.clicks, 0)) AS BIGINT) "
      "FROM young y JOIN ad_performance p ON p.brand_id = $1 AND p.ad_number = y.ad_number "
      "JOIN platform_ads a ON a.brand_id = $1 AND a.number = p.ad_number "
      "JOIN known_mappings m ON m.platform = a.platform AND m.platform_ad_id = a.platform_ad_id "
      "WHERE p.learned_at <= $3 AND (p.replaced_at IS NULL OR p.replaced_at > $3) "
      "GROUP BY m.ad_id, p.date_start ORDER BY m.ad_id, p.date_start",
      {brand_id, day_number(first_from), known_at, attributed_at}, [&](const Row& row) {
        list.push_back({.ad_id = row.text(0),
                        .day = row.day_number(1),
                        .impressions = row.integer(2),
                        .clicks = row.integer(3)});
      });
  return list;
}

std::vector<MappedAd> mapped_ads(Session& session, const std::string& brand_id,
                                 core::Time attributed_at) {
  std::vector<MappedAd> list;
  session.query(
      "SELECT platform, platform_ad_id, ad_id FROM ad_mappings "
      "WHERE brand_id = $1 AND created_at <= $2 "
      "UNION ALL SELECT platform, platform_ad_id, ad_id FROM past_ad_mappings "
      "WHERE brand_id = $1 AND created_at <= $2 AND replaced_at > $2 "
      "ORDER BY platform, platform_ad_id",
      {brand_id, attributed_at}, [&](const Row& row) {
        list.push_back(
            {.platform = row.text(0), .platform_ad_id = row.text(1), .ad_id = row.text(2)});
      });
  return list;
}

}  // namespace adgenome::store
