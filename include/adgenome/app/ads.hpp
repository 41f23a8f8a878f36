#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <adgenome/store/catalogue.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// Ads of a brand: contract ads/v1, with `groups` where they are listed by template.
core::Json list_ads(store::Session& session, const store::Brand& brand,
                    const store::AdFilter& filter);

/// The ad that is named by its id or short id. Throws InvalidInput where none or several are so
/// called.
store::ListedAd require_ad(store::Session& session, const store::Brand& brand,
                           const std::string& id);

/// All that is known of an ad: contract ad/v1.
core::Json show_ad(store::Session& session, const store::Brand& brand, const std::string& id);

/// Totals by status and how often people decided otherwise: contract ads_stats/v1.
core::Json ad_stats(store::Session& session, const store::Brand& brand,
                    const store::AdFilter& filter);

}  // namespace adgenome::app
