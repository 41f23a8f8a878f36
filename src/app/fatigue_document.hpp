#pragma once

#include <adgenome/app/fatigue.hpp>
#include <adgenome/learning/fatigue.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// Whose weeks a series is.
struct FatigueSubject {
  std::string platform;        ///< empty for a combination
  std::string platform_ad_id;  ///< likewise
  std::string ad_id;           ///< ours; empty where it is not known
  std::string combination;     ///< "name=value|name=value"
  std::int64_t ads = 1;
  std::string currency;
  learning::FatigueSeries series;
};

/// Judges the subjects on the weeks that end with `last_day`; nothing is there without one.
core::Json fatigue_document(const std::vector<FatigueSubject>& subjects, const FatigueRun& run,
                            std::optional<core::Day> last_day, core::Json brand_id,
                            core::Json summary);

}  // namespace adgenome::app
