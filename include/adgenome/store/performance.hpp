#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// What a platform ad delivered in a period, as it was learned at some time.
struct PerformanceValues {
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> reach;
  std::optional<double> frequency;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  std::optional<std::string> attribution_window;
  bool operator==(const PerformanceValues&) const = default;
};

struct PerformanceKey {
  std::string brand_id;
  std::string platform;
  std::string platform_ad_id;
  core::Day date_start;
  core::Day date_stop;
  std::string currency;
};

/// The newest values of a period, if any.
std::optional<PerformanceValues> newest_performance(Session& session, const PerformanceKey& key);

/// Another period of the same ad that shares a day with this one, as "START to STOP".
std::optional<std::string> overlapping_period(Session& session, const PerformanceKey& key);

/// Adds a version; values learned at the same time are replaced.
void put_performance(Session& session, const PerformanceKey& key, const PerformanceValues& values,
                     core::Time learned_at);

/// Spend of the newest values of a brand by currency, in micros.
std::map<std::string, std::int64_t> spend_by_currency(Session& session,
                                                      const std::string& brand_id);

struct PlatformAd {
  std::string platform;
  std::string platform_ad_id;
  std::optional<std::string> name;
  std::optional<std::string> account_id;
  std::optional<std::string> adset_id;
  std::optional<std::string> adset_name;
  std::optional<std::string> campaign_id;
};

/// What is absent does not replace what is there.
void put_platform_ad(Session& session, const std::string& brand_id, const PlatformAd& ad);
void put_campaign(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& campaign_id, const std::optional<std::string>& name,
                  const std::optional<std::string>& objective);

/// The ad of ours that a platform ad is mapped to.
std::optional<std::string> mapped_ad(Session& session, const std::string& brand_id,
                                     const std::string& platform,
                                     const std::string& platform_ad_id);
void put_mapping(Session& session, const std::string& brand_id, const std::string& platform,
                 const std::string& platform_ad_id, const std::string& ad_id,
                 const std::string& source, core::Time now);

/// The ads of a brand that share a short id.
std::vector<std::string> ads_with_short_id(Session& session, const std::string& brand_id,
                                           const std::string& short_id);

/// An ad that was made elsewhere: its element tags are all that is known of it. Adds it, or gives
/// it these tags.
void put_imported_ad(Session& session, const std::string& brand_id, const std::string& ad_id,
                     const std::string& name, const core::Json& tags, core::Time created_at);

void record_import(Session& session, const std::string& brand_id, const std::string& kind,
                   const std::string& sha256, const std::string& name, const core::Json& counts,
                   core::Time now);

}  // namespace adgenome::store
