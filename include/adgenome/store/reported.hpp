#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace adgenome::store {

/// What was added to the figures of a day of delivery when its values were learned anew; on the
/// first reading all of them.
struct ReportedGrowth {
  core::Day day;
  core::Time first_learned;
  core::Time learned;
  std::int64_t clicks = 0;  ///< link clicks where they are known
  std::int64_t conversions_millionths = 0;
};

/// Over all ads of a brand, from a day on, summed by day and times.
std::vector<ReportedGrowth> reported_growth(Session& session, const std::string& brand_id,
                                            core::Day from, core::Time known_at);

/// What an ad of ours delivered on a day.
struct AdDay {
  std::string ad_id;
  core::Day day;
  std::int64_t impressions = 0;
  std::int64_t clicks = 0;
};

/// The days of the ads whose platform ads were first delivered from a day on, by ad and day.
std::vector<AdDay> young_ad_days(Session& session, const std::string& brand_id,
                                 core::Day first_from, core::Time known_at,
                                 core::Time attributed_at);

/// Which ad of ours a platform's ad is.
struct MappedAd {
  std::string platform;
  std::string platform_ad_id;
  std::string ad_id;
};

std::vector<MappedAd> mapped_ads(Session& session, const std::string& brand_id,
                                 core::Time attributed_at);

}  // namespace adgenome::store
