#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/session.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::store {

/// What a platform says of one of its ads, besides what it delivered.
struct PlatformAd {
  std::string platform;
  std::string platform_ad_id;
  std::optional<std::string> name;
  std::optional<std::string> account_id;
  std::optional<std::string> adset_id;
  std::optional<std::string> adset_name;
  std::optional<std::string> campaign_id;
};

/// What the store holds under the same key.
struct KnownPlatformAd {
  std::optional<std::int64_t> number;  ///< absent: the ad itself is not known
  PlatformAd ad;
  std::optional<std::string> ad_id;  ///< the ad of ours that it is mapped to
  /// From the first to the last day of its performance.
  std::optional<AdWindow> held;
};

/// A platform ad with what its campaign is called and for.
struct NamedPlatformAd {
  std::int64_t number = 0;
  PlatformAd ad;
  std::optional<std::string> campaign_name;
  std::optional<std::string> objective;  ///< absent where it is not known
};

/// A handful of platform ads behind one, by platform and id, as known at a time.
std::vector<NamedPlatformAd> next_platform_ads(Session& session, const std::string& brand_id,
                                               const std::optional<PlatformAd>& behind,
                                               core::Time known_at);

/// By position; their number is what performance calls them.
std::vector<KnownPlatformAd> find_platform_ads(Session& session, const std::string& brand_id,
                                               std::span<const PlatformAd* const> ads);

/// Adds platform ads that are not there yet and numbers them in their order; gives the first
/// number. Under lock_performance().
std::int64_t add_platform_ads(Session& session, const std::string& brand_id,
                              std::span<const PlatformAd* const> ads, core::Time learned_at);

/// Adds or changes one; what is absent does not replace what is there. Under lock_performance().
void put_platform_ad(Session& session, const std::string& brand_id, const PlatformAd& ad,
                     core::Time learned_at);

/// An unknown objective does not replace a known one.
void put_campaign(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& campaign_id, const std::optional<std::string>& name,
                  const std::optional<std::string>& objective, core::Time learned_at);

void put_mapping(Session& session, const std::string& brand_id, const std::string& platform,
                 const std::string& platform_ad_id, const std::string& ad_id,
                 const std::string& source, core::Time now);

/// The ads of a brand with one of these short ids, as (short id, ad), sorted.
std::vector<std::pair<std::string, std::string>> ads_with_short_ids(
    Session& session, const std::string& brand_id, const std::set<std::string>& short_ids);

/// The ads of a brand that are called so, as (name, ad), sorted.
std::vector<std::pair<std::string, std::string>> ads_with_names(Session& session,
                                                                const std::string& brand_id,
                                                                const std::set<std::string>& names);

/// A platform ad with performance that belongs to no ad of ours.
struct UnmatchedPlatformAd {
  std::string platform;
  std::string platform_ad_id;
  std::optional<std::string> name;
  std::optional<std::string> account_id;
  core::Day date_start;  ///< of what it delivered
  core::Day date_stop;
  std::int64_t impressions = 0;
};

/// By platform and id, as known at a time.
std::vector<UnmatchedPlatformAd> unmatched_platform_ads(Session& session,
                                                        const std::string& brand_id,
                                                        core::Time known_at);
std::int64_t count_unmatched_platform_ads(Session& session, const std::string& brand_id,
                                          core::Time known_at);

/// An ad that was made elsewhere: its element tags are all that is known of it. Adds it, or gives
/// it these tags.
void put_imported_ad(Session& session, const std::string& brand_id, const std::string& ad_id,
                     const std::string& name, const core::Json& tags, core::Time created_at);

}  // namespace adgenome::store
