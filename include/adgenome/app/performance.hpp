#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <string>

namespace adgenome::app {

/// Visits what was known of a brand's performance at a time, one record of page 2.5 a platform ad
/// and period, by platform, ad and day: an import takes them as they are.
void export_performance(store::Session& session, const std::string& brand_id, core::Time known_at,
                        const std::function<void(core::Json)>& visit);

/// The platform ads that have performance and belong to no ad of ours, each with its candidates:
/// ads whose short id stands in its name, and such as are called the same.
core::Json unmatched_platform_ads(store::Session& session, const std::string& brand_id);

}  // namespace adgenome::app
