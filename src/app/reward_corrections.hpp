#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/delay.hpp>
#include <adgenome/learning/standardise.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What the correction for delay rests on.
struct DelayData {
  struct AdDays {
    std::vector<learning::DayExposure> impressions;
    std::vector<learning::DayExposure> clicks;
  };
  std::vector<learning::Development> clicks;
  std::vector<learning::Development> conversions;
  std::map<std::string, AdDays> ads;
};

/// Gives each ad the share of its clicks and conversions that is reported yet. Returns `delay` of
/// the summary: days and cohorts of both curves, null where there are too few.
core::Json correct_for_delay(const DelayData& data, core::Day today,
                             std::vector<learning::AdOutcome>& outcomes);

/// The ad of ours that a row names, nothing where it names none.
using AdResolver = std::function<std::optional<std::string>(
    const std::optional<std::string>& ad_id, const std::optional<std::string>& platform,
    const std::optional<std::string>& platform_ad_id)>;

/// Reads breakdown rows {"ad_id" or "platform", "platform_ad_id", "placement", "age", "country",
/// "impressions", "link_clicks" or "clicks"}; rows of ads that are not ours are passed over.
std::vector<learning::BreakdownRow> read_breakdowns(const std::string& input,
                                                    core::Rejects& rejects,
                                                    const AdResolver& resolve);

/// Gives each ad with breakdown rows the clicks that it would have over the brand's mix. Returns
/// `standardised` of the summary.
core::Json standardise_clicks(const std::vector<learning::BreakdownRow>& rows,
                              std::vector<learning::AdOutcome>& outcomes);

}  // namespace adgenome::app
