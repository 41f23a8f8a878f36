#include <adgenome/core/ids.hpp>
#include <adgenome/store/platform_ads.hpp>

#include "values_rows.hpp"

namespace adgenome::store {
namespace {

BulkValue text_or_null(const std::optional<std::string>& text) {
  return text ? BulkValue(std::string_view(*text)) : BulkValue();
}

/// Platform ads with performance, and without a mapping, at the time $2.
constexpr std::string_view kUnmatched =
    "FROM platform_ads a JOIN (SELECT ad_number, MIN(date_start) AS date_start, "
    "  MAX(date_stop) AS date_stop, CAST(SUM(impressions) AS BIGINT) AS impressions "
    "  FROM ad_performance WHERE brand_id = $1 AND learned_at <= $2 "
    "  AND (replaced_at IS NULL OR replaced_at > $2) GROUP BY ad_number) p "
    "ON p.ad_number = a.number "
    "WHERE a.brand_id = $1 "
    "AND NOT EXISTS (SELECT 1 FROM ad_mappings m WHERE m.brand_id = $1 "
    "  AND m.platform = a.platform AND m.platform_ad_id = a.platform_ad_id "
    "  AND m.created_at <= $2) "
    "AND NOT EXISTS (SELECT 1 FROM past_ad_mappings m WHERE m.brand_id = $1 "
    "  AND m.platform = a.platform AND m.platform_ad_id = a.platform_ad_id "
    "  AND m.created_at <= $2 AND m.replaced_at > $2)";

/// Pairs of (text, ad) that a query finds for texts, which it calls "texts".
std::vector<std::pair<std::string, std::string>> ads_with(Session& session, const std::string& sql,
                                                          const std::string& brand_id,
                                                          const std::set<std::string>& texts) {
  const std::vector<std::string> list(texts.begin(), texts.end());
  std::vector<std::pair<std::string, std::string>> ads;
  in_parts(std::span<const std::string>(list), [&](std::span<const std::string> part) {
    const std::size_t rows = part.size() == 1 ? 1 : kRowsAtOnce;
    std::vector<Value> parameters{brand_id};
    for (std::size_t i = 0; i < rows; ++i) {
      parameters.push_back(i < part.size() ? Value(part[i]) : Value());
    }
    session.query("WITH texts (t) AS (" + values_rows(rows, {"TEXT"}, 2) + ") " + sql, parameters,
                  [&](const Row& row) { ads.emplace_back(row.text(0), row.text(1)); });
  });
  return ads;
}

}  // namespace

std::vector<NamedPlatformAd> next_platform_ads(Session& session, const std::string& brand_id,
                                               const std::optional<PlatformAd>& behind,
                                               core::Time known_at) {
  std::vector<NamedPlatformAd> ads;
  session.query(
      "WITH known_ads AS ("
      "  SELECT platform, platform_ad_id, number, name, account_id, adset_id, adset_name, "
      "    CASE WHEN learned_at <= $4 THEN campaign_id ELSE (SELECT o.campaign_id "
      "    FROM past_platform_ads o WHERE o.brand_id = $1 AND o.platform = a.platform "
      "    AND o.platform_ad_id = a.platform_ad_id AND o.learned_at <= $4 "
      "    AND o.replaced_at > $4) END AS campaign_id "
      "  FROM platform_ads a WHERE brand_id = $1 AND (platform > $2 "
      "    OR (platform = $2 AND platform_ad_id > $3)) "
      "  ORDER BY platform, platform_ad_id LIMIT 50) "
      "SELECT a.number, a.platform, a.platform_ad_id, a.name, a.account_id, a.adset_id, "
      "a.adset_name, a.campaign_id, c.name, CASE WHEN c.learned_at <= $4 THEN c.objective "
      "ELSE (SELECT o.objective FROM past_campaigns o WHERE o.brand_id = $1 "
      "  AND o.platform = a.platform AND o.campaign_id = a.campaign_id AND o.learned_at <= $4 "
      "  AND o.replaced_at > $4) END "
      "FROM known_ads a LEFT JOIN campaigns c ON c.brand_id = $1 AND c.platform = a.platform "
      "AND c.campaign_id = a.campaign_id ORDER BY a.platform, a.platform_ad_id",
      {brand_id, behind ? behind->platform : "", behind ? behind->platform_ad_id : "", known_at},
      [&](const Row& row) {
        NamedPlatformAd ad{.number = row.integer(0),
                           .ad = {.platform = row.text(1),
                                  .platform_ad_id = row.text(2),
                                  .name = row.optional_text(3),
                                  .account_id = row.optional_text(4),
                                  .adset_id = row.optional_text(5),
                                  .adset_name = row.optional_text(6),
                                  .campaign_id = row.optional_text(7)},
                           .campaign_name = row.optional_text(8),
                           .objective = row.optional_text(9)};
        if (ad.ad.campaign_id == "") ad.ad.campaign_id.reset();
        if (ad.objective == "UNKNOWN") ad.objective.reset();
        ads.push_back(std::move(ad));
      });
  return ads;
}

std::vector<KnownPlatformAd> find_platform_ads(Session& session, const std::string& brand_id,
                                               std::span<const PlatformAd* const> ads) {
  std::vector<KnownPlatformAd> found(ads.size());
  std::size_t offset = 0;
  in_parts(ads, [&](std::span<const PlatformAd* const> part) {
    const std::size_t rows = part.size() == 1 ? 1 : kRowsAtOnce;
    std::vector<Value> parameters{brand_id};
    for (std::size_t i = 0; i < rows; ++i) {
      const bool is_there = i < part.size();
      parameters.insert(parameters.end(),
                        {static_cast<std::int64_t>(i), is_there ? part[i]->platform : "",
                         is_there ? part[i]->platform_ad_id : ""});
    }
    session.query(
        "WITH k (position, platform, platform_ad_id) AS (" +
            values_rows(rows, {"BIGINT", "TEXT", "TEXT"}, 2) +
            ") SELECT k.position, a.number, a.name, a.account_id, a.adset_id, a.adset_name, "
            "a.campaign_id, m.ad_id, (SELECT MIN(p.date_start) FROM ad_performance p "
            "  WHERE p.brand_id = $1 AND p.ad_number = a.number), "
            "(SELECT p.date_stop FROM ad_performance p "
            "  WHERE p.brand_id = $1 AND p.ad_number = a.number "
            "  ORDER BY p.date_start DESC, p.date_stop DESC LIMIT 1) FROM k "
            "LEFT JOIN platform_ads a ON a.brand_id = $1 AND a.platform = k.platform "
            "AND a.platform_ad_id = k.platform_ad_id "
            "LEFT JOIN ad_mappings m ON m.brand_id = $1 AND m.platform = k.platform "
            "AND m.platform_ad_id = k.platform_ad_id",
        parameters, [&](const Row& row) {
          const auto position = static_cast<std::size_t>(row.integer(0));
          if (position >= part.size()) return;
          const PlatformAd& asked = *part[position];
          std::optional<AdWindow> held;
          if (!row.is_null(8)) {
            held = {
                .ad_number = row.integer(1), .first = row.day_number(8), .last = row.day_number(9)};
          }
          found[offset + position] = {.number = row.optional_integer(1),
                                      .ad = {.platform = asked.platform,
                                             .platform_ad_id = asked.platform_ad_id,
                                             .name = row.optional_text(2),
                                             .account_id = row.optional_text(3),
                                             .adset_id = row.optional_text(4),
                                             .adset_name = row.optional_text(5),
                                             .campaign_id = row.optional_text(6)},
                                      .ad_id = row.optional_text(7),
                                      .held = held};
        });
    offset += part.size();
  });
  return found;
}

std::int64_t add_platform_ads(Session& session, const std::string& brand_id,
                              std::span<const PlatformAd* const> ads, core::Time learned_at) {
  std::int64_t first = 1;
  session.query("SELECT COALESCE(MAX(number), 0) + 1 FROM platform_ads WHERE brand_id = $1",
                {brand_id}, [&](const Row& row) { first = row.integer(0); });
  const auto rows = session.connection().bulk_insert(
      "platform_ads", {"brand_id", "platform", "platform_ad_id", "number", "name", "account_id",
                       "adset_id", "adset_name", "campaign_id", "learned_at"});
  std::int64_t number = first;
  for (const PlatformAd* ad : ads) {
    const BulkValue row[] = {std::string_view(brand_id),
                             std::string_view(ad->platform),
                             std::string_view(ad->platform_ad_id),
                             number++,
                             text_or_null(ad->name),
                             text_or_null(ad->account_id),
                             text_or_null(ad->adset_id),
                             text_or_null(ad->adset_name),
                             ad->campaign_id ? std::string_view(*ad->campaign_id) : "",
                             learned_at};
    rows->add(row);
  }
  rows->finish();
  return first;
}

void put_platform_ad(Session& session, const std::string& brand_id, const PlatformAd& ad,
                     core::Time learned_at) {
  const std::string campaign_id = ad.campaign_id.value_or("");
  session.execute(
      "INSERT INTO past_platform_ads (brand_id, platform, platform_ad_id, campaign_id, learned_at, "
      "replaced_at) SELECT brand_id, platform, platform_ad_id, campaign_id, learned_at, $5 "
      "FROM platform_ads WHERE brand_id = $1 AND platform = $2 AND platform_ad_id = $3 "
      "AND campaign_id <> $4 AND $4 <> '' AND learned_at < $5 ON CONFLICT DO NOTHING",
      {brand_id, ad.platform, ad.platform_ad_id, campaign_id, learned_at});
  session.execute(
      "INSERT INTO platform_ads (brand_id, platform, platform_ad_id, number, name, account_id, "
      "adset_id, adset_name, campaign_id, learned_at) "
      "SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9 "
      "FROM platform_ads WHERE brand_id = $1 "
      "ON CONFLICT (brand_id, platform, platform_ad_id) DO UPDATE SET "
      "name = coalesce(excluded.name, platform_ads.name), "
      "account_id = coalesce(excluded.account_id, platform_ads.account_id), "
      "adset_id = coalesce(excluded.adset_id, platform_ads.adset_id), "
      "adset_name = coalesce(excluded.adset_name, platform_ads.adset_name), "
      "campaign_id = CASE WHEN excluded.campaign_id = '' THEN platform_ads.campaign_id "
      "ELSE excluded.campaign_id END, "
      "learned_at = CASE WHEN excluded.campaign_id IN ('', platform_ads.campaign_id) "
      "THEN platform_ads.learned_at ELSE excluded.learned_at END",
      {brand_id, ad.platform, ad.platform_ad_id, or_null(ad.name), or_null(ad.account_id),
       or_null(ad.adset_id), or_null(ad.adset_name), campaign_id, learned_at});
}

void put_campaign(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& campaign_id, const std::optional<std::string>& name,
                  const std::optional<std::string>& objective, core::Time learned_at) {
  const std::string known = objective.value_or("UNKNOWN");
  session.execute(
      "INSERT INTO past_campaigns (brand_id, platform, campaign_id, objective, learned_at, "
      "replaced_at) SELECT brand_id, platform, campaign_id, objective, learned_at, $5 "
      "FROM campaigns WHERE brand_id = $1 AND platform = $2 AND campaign_id = $3 "
      "AND objective <> $4 AND $4 <> 'UNKNOWN' AND learned_at < $5 ON CONFLICT DO NOTHING",
      {brand_id, platform, campaign_id, known, learned_at});
  session.execute(
      "INSERT INTO campaigns (brand_id, platform, campaign_id, name, objective, learned_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, platform, campaign_id) DO UPDATE SET "
      "name = coalesce(excluded.name, campaigns.name), "
      "objective = CASE WHEN excluded.objective = 'UNKNOWN' THEN campaigns.objective "
      "ELSE excluded.objective END, "
      "learned_at = CASE WHEN excluded.objective IN ('UNKNOWN', campaigns.objective) "
      "THEN campaigns.learned_at ELSE excluded.learned_at END",
      {brand_id, platform, campaign_id, or_null(name), known, learned_at});
}

void put_mapping(Session& session, const std::string& brand_id, const std::string& platform,
                 const std::string& platform_ad_id, const std::string& ad_id,
                 const std::string& source, core::Time now) {
  session.execute(
      "INSERT INTO past_ad_mappings (brand_id, platform, platform_ad_id, ad_id, created_at, "
      "replaced_at) SELECT brand_id, platform, platform_ad_id, ad_id, created_at, $5 "
      "FROM ad_mappings WHERE brand_id = $1 AND platform = $2 AND platform_ad_id = $3 "
      "AND ad_id <> $4 AND created_at < $5 ON CONFLICT DO NOTHING",
      {brand_id, platform, platform_ad_id, ad_id, now});
  session.execute(
      "INSERT INTO ad_mappings (brand_id, platform, platform_ad_id, ad_id, source, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, platform, platform_ad_id) "
      "DO UPDATE SET ad_id = excluded.ad_id, source = excluded.source, "
      "created_at = CASE WHEN excluded.ad_id = ad_mappings.ad_id THEN ad_mappings.created_at "
      "ELSE excluded.created_at END",
      {brand_id, platform, platform_ad_id, ad_id, source, now});
}

std::vector<std::pair<std::string, std::string>> ads_with_short_ids(
    Session& session, const std::string& brand_id, const std::set<std::string>& short_ids) {
  return ads_with(session,
                  "SELECT short_id, id FROM ads WHERE brand_id = $1 AND short_id IN (SELECT t "
                  "FROM texts) ORDER BY short_id, id",
                  brand_id, short_ids);
}

std::vector<std::pair<std::string, std::string>> ads_with_names(
    Session& session, const std::string& brand_id, const std::set<std::string>& names) {
  return ads_with(session,
                  "SELECT name, id FROM ads WHERE brand_id = $1 AND name IN (SELECT t FROM texts) "
                  "ORDER BY name, id",
                  brand_id, names);
}

std::vector<UnmatchedPlatformAd> unmatched_platform_ads(Session& session,
                                                        const std::string& brand_id,
                                                        core::Time known_at) {
  std::vector<UnmatchedPlatformAd> list;
  session.query(
      "SELECT a.platform, a.platform_ad_id, a.name, a.account_id, p.date_start, p.date_stop, "
      "p.impressions " +
          std::string(kUnmatched) + " ORDER BY a.platform, a.platform_ad_id",
      {brand_id, known_at}, [&](const Row& row) {
        list.push_back({.platform = row.text(0),
                        .platform_ad_id = row.text(1),
                        .name = row.optional_text(2),
                        .account_id = row.optional_text(3),
                        .date_start = row.day_number(4),
                        .date_stop = row.day_number(5),
                        .impressions = row.integer(6)});
      });
  return list;
}

std::int64_t count_unmatched_platform_ads(Session& session, const std::string& brand_id,
                                          core::Time known_at) {
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) " + std::string(kUnmatched), {brand_id, known_at},
                [&](const Row& row) { count = row.integer(0); });
  return count;
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

}  // namespace adgenome::store
