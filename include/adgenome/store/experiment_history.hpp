#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

// What experiments are planned with and tried on: the brand's own past.

/// What one ad of ours delivered on one day, as known at a time. A figure that its platforms do not
/// report is absent.
struct AdDay {
  std::string ad_id;
  std::string ad_run_id;
  core::Day day;
  std::string currency;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> clicks = {};  ///< link clicks where they are known
  std::optional<std::int64_t> conversions_millionths = {};
  std::optional<std::int64_t> conversion_value_micros = {};
};

/// By ad and day, under the mappings of `attributed_at`; periods of several days are left out.
std::vector<AdDay> ad_days(Session& session, const std::string& brand_id, core::Time known_at,
                           core::Time attributed_at = kNewest);

/// An ad that was decided on, by a person where one did.
struct DecidedAd {
  std::string ad_id;
  std::string ad_run_id;
  std::string template_id;
  std::string provider;
  std::string prompt_version;
  std::string pipeline_version;
  bool is_approved = false;
};

/// By run and ad, as it was decided by then.
std::vector<DecidedAd> decided_ads(Session& session, const std::string& brand_id,
                                   core::Time known_at = kNewest);

}  // namespace adgenome::store
