#include <adgenome/core/ids.hpp>
#include <adgenome/store/performance.hpp>

namespace adgenome::store {

std::optional<PerformanceValues> newest_performance(Session& session, const PerformanceKey& key) {
  std::optional<PerformanceValues> values;
  session.query(
      "SELECT impressions, spend_micros, reach, frequency, clicks, link_clicks, "
      "conversions_millionths, conversion_value_micros, attribution_window FROM ad_performance "
      "WHERE brand_id = $1 AND platform = $2 AND platform_ad_id = $3 AND date_start = $4 "
      "AND date_stop = $5 AND currency = $6 ORDER BY learned_at DESC LIMIT 1",
      {key.brand_id, key.platform, key.platform_ad_id, core::format_day(key.date_start),
       core::format_day(key.date_stop), key.currency},
      [&](const Row& row) {
        values = PerformanceValues{.impressions = row.integer(0),
                                   .spend_micros = row.integer(1),
                                   .reach = row.optional_integer(2),
                                   .frequency = row.optional_real(3),
                                   .clicks = row.optional_integer(4),
                                   .link_clicks = row.optional_integer(5),
                                   .conversions_millionths = row.optional_integer(6),
                                   .conversion_value_micros = row.optional_integer(7),
                                   .attribution_window = row.optional_text(8)};
      });
  return values;
}

std::optional<std::string> overlapping_period(Session& session, const PerformanceKey& key) {
  std::optional<std::string> period;
  session.query(
      "SELECT date_start, date_stop FROM ad_performance "
      "WHERE brand_id = $1 AND platform = $2 AND platform_ad_id = $3 "
      "AND date_start <= $5 AND date_stop >= $4 AND NOT (date_start = $4 AND date_stop = $5) "
      "ORDER BY date_start, date_stop LIMIT 1",
      {key.brand_id, key.platform, key.platform_ad_id, core::format_day(key.date_start),
       core::format_day(key.date_stop)},
      [&](const Row& row) { period = row.text(0) + " to " + row.text(1); });
  return period;
}

void put_performance(Session& session, const PerformanceKey& key, const PerformanceValues& values,
                     core::Time learned_at) {
  session.execute(
      "INSERT INTO ad_performance (brand_id, platform, platform_ad_id, date_start, date_stop, "
      "currency, learned_at, impressions, spend_micros, reach, frequency, clicks, link_clicks, "
      "conversions_millionths, conversion_value_micros, attribution_window) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
      "ON CONFLICT (brand_id, platform, platform_ad_id, date_start, date_stop, currency, "
      "learned_at) "
      "DO UPDATE SET impressions = excluded.impressions, spend_micros = excluded.spend_micros, "
      "reach = excluded.reach, frequency = excluded.frequency, clicks = excluded.clicks, "
      "link_clicks = excluded.link_clicks, "
      "conversions_millionths = excluded.conversions_millionths, "
      "conversion_value_micros = excluded.conversion_value_micros, "
      "attribution_window = excluded.attribution_window",
      {key.brand_id, key.platform, key.platform_ad_id, core::format_day(key.date_start),
       core::format_day(key.date_stop), key.currency, learned_at, values.impressions,
       values.spend_micros, or_null(values.reach), or_null(values.frequency),
       or_null(values.clicks), or_null(values.link_clicks), or_null(values.conversions_millionths),
       or_null(values.conversion_value_micros), or_null(values.attribution_window)});
}

std::map<std::string, std::int64_t> spend_by_currency(Session& session,
                                                      const std::string& brand_id) {
  std::map<std::string, std::int64_t> spend;
  session.query(
      "SELECT p.currency, SUM(p.spend_micros) FROM ad_performance p WHERE p.brand_id = $1 "
      "AND p.learned_at = (SELECT MAX(n.learned_at) FROM ad_performance n "
      "WHERE n.brand_id = p.brand_id AND n.platform = p.platform "
      "AND n.platform_ad_id = p.platform_ad_id AND n.date_start = p.date_start "
      "AND n.date_stop = p.date_stop AND n.currency = p.currency) "
      "GROUP BY p.currency ORDER BY p.currency",
      {brand_id}, [&](const Row& row) { spend[row.text(0)] = row.integer(1); });
  return spend;
}

void put_platform_ad(Session& session, const std::string& brand_id, const PlatformAd& ad) {
  session.execute(
      "INSERT INTO platform_ads (brand_id, platform, platform_ad_id, name, account_id, adset_id, "
      "adset_name, campaign_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (brand_id, platform, platform_ad_id) DO UPDATE SET "
      "name = coalesce(excluded.name, platform_ads.name), "
      "account_id = coalesce(excluded.account_id, platform_ads.account_id), "
      "adset_id = coalesce(excluded.adset_id, platform_ads.adset_id), "
      "adset_name = coalesce(excluded.adset_name, platform_ads.adset_name), "
      "campaign_id = CASE WHEN excluded.campaign_id = '' THEN platform_ads.campaign_id "
      "ELSE excluded.campaign_id END",
      {brand_id, ad.platform, ad.platform_ad_id, or_null(ad.name), or_null(ad.account_id),
       or_null(ad.adset_id), or_null(ad.adset_name), ad.campaign_id.value_or("")});
}

void put_campaign(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& campaign_id, const std::optional<std::string>& name,
                  const std::optional<std::string>& objective) {
  session.execute(
      "INSERT INTO campaigns (brand_id, platform, campaign_id, name, objective) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (brand_id, platform, campaign_id) DO UPDATE SET "
      "name = coalesce(excluded.name, campaigns.name), "
      "objective = CASE WHEN excluded.objective = 'UNKNOWN' THEN campaigns.objective "
      "ELSE excluded.objective END",
      {brand_id, platform, campaign_id, or_null(name), objective.value_or("UNKNOWN")});
}

std::optional<std::string> mapped_ad(Session& session, const std::string& brand_id,
                                     const std::string& platform,
                                     const std::string& platform_ad_id) {
  std::optional<std::string> ad_id;
  session.query(
      "SELECT ad_id FROM ad_mappings WHERE brand_id = $1 AND platform = $2 AND platform_ad_id = $3",
      {brand_id, platform, platform_ad_id}, [&](const Row& row) { ad_id = row.text(0); });
  return ad_id;
}

void put_mapping(Session& session, const std::string& brand_id, const std::string& platform,
                 const std::string& platform_ad_id, const std::string& ad_id,
                 const std::string& source, core::Time now) {
  session.execute(
      "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, platform, platform_ad_id) "
      "DO UPDATE SET ad_id = excluded.ad_id, source = excluded.source",
      {brand_id, platform, platform_ad_id, ad_id, source, now});
}

std::vector<std::string> ads_with_short_id(Session& session, const std::string& brand_id,
                                           const std::string& short_id) {
  std::vector<std::string> ids;
  session.query("SELECT id FROM ads WHERE brand_id = $1 AND short_id = $2 ORDER BY id",
                {brand_id, short_id}, [&](const Row& row) { ids.push_back(row.text(0)); });
  return ids;
}

void put_imported_ad(Session& session, const std::string& brand_id, const std::string& ad_id,
                     const std::string& name, const core::Json& tags, core::Time created_at) {
  session.execute(
      "INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, color_mode, "
      "name, tags, status, provider, imported, created_at) "
      "VALUES ($1, $2, $3, $2, 1, '', '', $4, $5, 'approved', 'imported', TRUE, $6) "
      "ON CONFLICT (brand_id, id) DO UPDATE SET tags = excluded.tags",
      {brand_id, ad_id, core::short_id(ad_id), name, json_value(tags), created_at});
}

void record_import(Session& session, const std::string& brand_id, const std::string& kind,
                   const std::string& sha256, const std::string& name, const core::Json& counts,
                   core::Time now) {
  session.execute(
      "INSERT INTO imports (brand_id, kind, sha256, imported_at, name, counts) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, kind, sha256, imported_at) "
      "DO UPDATE SET counts = excluded.counts",
      {brand_id, kind, sha256, now, name, json_value(counts)});
}

}  // namespace adgenome::store
