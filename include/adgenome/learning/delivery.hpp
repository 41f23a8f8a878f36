#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/outcome.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::learning {

/// What one ad delivered in a period of whole days, both ends included.
struct Delivery {
  core::Day start;
  core::Day stop;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  std::string objective;
  bool operator==(const Delivery&) const = default;
};

/// An ad of a platform.
struct PlatformAd {
  std::string platform;
  std::string id;       ///< tells apart the ads of a platform that carry one ad of ours
  std::string account;  ///< that it runs in; empty where it is not known
};

/// Collects the rows of a brand's ads and folds them to sums. A later row of the same ad and
/// period takes the place of the earlier one; periods that overlap are refused.
class DeliveryLedger {
 public:
  enum class Added { kNew, kChanged, kUnchanged, kOverlaps };

  /// The last account that is given of a platform ad counts for all its rows.
  Added add(const std::string& ad_id, const PlatformAd& platform_ad, const Delivery& row);

  /// Sums over the rows that end before `end`, by ad id; ads without such a row are left out.
  ///
  /// What a figure that is not there means is told by its account (account_figures.hpp). Clicks are
  /// link clicks where those are known; the objective is that of the newest row. Order values are
  /// capped over the same rows, of which one without orders or without a value has none.
  std::vector<AdOutcome> fold(core::Day end) const;

 private:
  struct Series {
    std::string account;
    std::map<core::Day, Delivery> rows;  // by start
  };
  using Key = std::pair<std::string, std::string>;  // platform, its id
  std::map<std::string, std::map<Key, Series>> ads_;
};

}  // namespace adgenome::learning
