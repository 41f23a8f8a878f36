#pragma once

#include <adgenome/store/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::testing {

/// What a platform ad of platform meta delivered on one day, as it was learned at a time: the same
/// versions that an import makes.
inline void deliver(store::Session& session, const std::string& brand_id,
                    const std::string& platform_ad_id, core::Day day,
                    const store::PerformanceValues& values, core::Time learned_at,
                    const std::string& currency = "EUR",
                    const std::optional<std::string>& account_id = {}) {
  const store::PlatformAd ad{.platform = "meta",
                             .platform_ad_id = platform_ad_id,
                             .name = {},
                             .account_id = account_id,
                             .adset_id = {},
                             .adset_name = {},
                             .campaign_id = {}};
  store::put_platform_ad(session, brand_id, ad, learned_at);
  const store::PlatformAd* const key = &ad;
  const std::int64_t number = *store::find_platform_ads(session, brand_id, {&key, 1})[0].number;
  std::optional<core::Time> before;
  const store::AdWindow window{.ad_number = number, .first = day, .last = day};
  store::visit_versions(session, brand_id, {&window, 1}, [&](const store::PerformanceVersion& one) {
    if (one.period.date_start == day && one.period.currency == currency) before = one.learned_at;
  });
  store::put_version(
      session, brand_id,
      {.period = {.ad_number = number, .date_start = day, .date_stop = day, .currency = currency},
       .values = values,
       .learned_at = learned_at,
       .replaced_at = std::nullopt},
      before);
}

}  // namespace adgenome::testing
