#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// Windows of whole days that days are summed by: number (day + offset) / length, in days since
/// 1970-01-01.
struct DayWindows {
  std::int64_t length = 0;
  std::int64_t offset = 0;

  /// One window for all days.
  static DayWindows none() { return {.length = 1'000'000'000}; }
  /// Weeks that begin on Monday.
  static DayWindows iso_weeks() { return {.length = 7, .offset = 3}; }
  /// Weeks of which the last one ends with a day.
  static DayWindows weeks_until(core::Day last) {
    return {.length = 7, .offset = 6 - day_number(last) % 7};
  }

  core::Day first_day(std::int64_t window) const {
    return core::Day{std::chrono::days{window * length - offset}};
  }
};

/// What a platform ad delivered in one window: sums over its rows, a row belonging to the window
/// in which it ends.
struct WindowSums {
  std::string platform;
  std::string platform_ad_id;
  std::optional<std::string> ad_id;  ///< the ad of ours that it is mapped to
  std::string account_id;
  std::string adset_name;
  std::string campaign_id;
  std::string objective;  ///< empty where it is not known
  std::string currency;
  std::int64_t window = 0;
  std::optional<core::Day> first_delivery;
  std::int64_t rows = 0;
  std::int64_t longest_row = 0;  ///< in days
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> clicks;  ///< link clicks where they are known of all its windows
  /// Over the rows that delivered; absent unless all of them have a reach.
  std::optional<std::int64_t> reach_sum;
  std::optional<std::int64_t> reach_max;
  std::optional<double> frequency_max;
};

/// Of periods that ended before `end` and are at most `most_days` long, as known at `known_at`,
/// with whose they are and what for as known at `attributed_at`; by platform, ad, currency and
/// window.
std::vector<WindowSums> window_sums(Session& session, const std::string& brand_id, core::Day end,
                                    core::Time known_at, core::Time attributed_at,
                                    const DayWindows& windows, std::int64_t most_days);

/// The last day before `end` with performance, as known at a time.
std::optional<core::Day> last_performance_day(Session& session, const std::string& brand_id,
                                              core::Day end, core::Time known_at);

/// How many rows of performance are longer than `most_days`.
std::int64_t count_long_periods(Session& session, const std::string& brand_id, core::Day end,
                                core::Time known_at, std::int64_t most_days);

/// What an ad was made of.
struct TaggedAd {
  std::string ad_id;
  std::string ad_run_id;
  std::string batch_id;
  std::string product_id;
  core::Json tags;
  std::string template_id;
  std::string canvas_size;
  std::string color_mode;
  std::optional<std::string> prompt_version;
  core::Time created_at;
};

/// The ads of a brand that ran on a platform or had a reward at a time, by id.
std::vector<TaggedAd> tagged_ads(Session& session, const std::string& brand_id,
                                 core::Time known_at);

}  // namespace adgenome::store
