#include <adgenome/store/experiment_history.hpp>
#include <nlohmann/json.hpp>

#include "known_verdict.hpp"

namespace adgenome::store {

std::vector<AdDay> ad_days(Session& session, const std::string& brand_id, core::Time known_at,
                           core::Time attributed_at) {
  std::vector<AdDay> days;
  session.query(
      "WITH known AS NOT MATERIALIZED ("
      "  SELECT * FROM ad_performance WHERE brand_id = $1 AND date_start = date_stop "
      "  AND learned_at <= $2 AND (replaced_at IS NULL OR replaced_at > $2)), "
      "counts AS (SELECT ad_number, COUNT(link_clicks) AS link_clicks FROM known "
      "  GROUP BY ad_number), "
      "accounts AS (SELECT p.platform, COALESCE(p.account_id, '') AS account, "
      "  SUM(c.link_clicks) AS link_clicks FROM counts c "
      "  JOIN platform_ads p ON p.brand_id = $1 AND p.number = c.ad_number "
      "  GROUP BY p.platform, COALESCE(p.account_id, '')), "
      "mapped AS (SELECT p.number, a.id AS ad_id, a.ad_run_id, r.link_clicks FROM platform_ads p "
      "  JOIN accounts r ON r.platform = p.platform AND r.account = COALESCE(p.account_id, '') "
      "  LEFT JOIN ad_mappings m ON m.brand_id = $1 AND m.platform = p.platform "
      "    AND m.platform_ad_id = p.platform_ad_id AND m.created_at <= $3 "
      "  LEFT JOIN past_ad_mappings q ON q.brand_id = $1 AND q.platform = p.platform "
      "    AND q.platform_ad_id = p.platform_ad_id AND q.created_at <= $3 AND q.replaced_at > $3 "
      "  JOIN ads a ON a.brand_id = $1 AND a.id = COALESCE(m.ad_id, q.ad_id) "
      "  WHERE p.brand_id = $1) "
      "SELECT m.ad_id, m.ad_run_id, d.date_start, d.currency, "
      "  CAST(SUM(d.impressions) AS BIGINT), CAST(SUM(d.spend_micros) AS BIGINT), "
      "  CAST(SUM(CASE WHEN m.link_clicks > 0 THEN COALESCE(d.link_clicks, 0) "
      "    ELSE d.clicks END) AS BIGINT), "
      "  CAST(SUM(d.conversions_millionths) AS BIGINT), "
      "  CAST(SUM(d.conversion_value_micros) AS BIGINT) "
      "FROM mapped m JOIN known d ON d.ad_number = m.number "
      "GROUP BY m.ad_id, m.ad_run_id, d.date_start, d.currency "
      "ORDER BY m.ad_id, d.date_start, d.currency",
      {brand_id, known_at, attributed_at}, [&](const Row& row) {
        days.push_back({.ad_id = row.text(0),
                        .ad_run_id = row.text(1),
                        .day = row.day_number(2),
                        .currency = row.text(3),
                        .impressions = row.integer(4),
                        .spend_micros = row.integer(5),
                        .clicks = row.optional_integer(6),
                        .conversions_millionths = row.optional_integer(7),
                        .conversion_value_micros = row.optional_integer(8)});
      });
  return days;
}

std::vector<DecidedAd> decided_ads(Session& session, const std::string& brand_id,
                                   core::Time known_at) {
  std::vector<DecidedAd> ads;
  session.query(
      "SELECT id, ad_run_id, template_id, provider, prompt_version, generation_config, verdict "
      "FROM (SELECT a.id, a.ad_run_id, a.template_id, COALESCE(a.provider, '') AS provider, "
      "  COALESCE(a.prompt_version, '') AS prompt_version, r.generation_config, COALESCE(" +
          known_human_decision("$2") + ", " + known_status("$2") +
          ") AS verdict "
          "FROM ads a LEFT JOIN ad_runs r ON r.brand_id = $1 AND r.id = a.ad_run_id "
          "WHERE a.brand_id = $1 AND a.created_at <= $2) d "
          "WHERE verdict IN ('approved', 'rejected') ORDER BY ad_run_id, id",
      {brand_id, known_at}, [&](const Row& row) {
        DecidedAd ad{.ad_id = row.text(0),
                     .ad_run_id = row.text(1),
                     .template_id = row.text(2),
                     .provider = row.text(3),
                     .prompt_version = row.text(4),
                     .pipeline_version = {},
                     .is_approved = row.text(6) == "approved"};
        if (const auto config = row.optional_text(5)) {
          const core::Json document = row.json(5);
          if (document.is_object() && document.contains("pipeline_version") &&
              document.at("pipeline_version").is_string()) {
            ad.pipeline_version = document.at("pipeline_version").get<std::string>();
          }
        }
        ads.push_back(std::move(ad));
      });
  return ads;
}

}  // namespace adgenome::store
