#pragma once

#include <string_view>

namespace adgenome::store {

/// The periods in which an account that reports link clicks did not (the rule stands in
/// learning/account_figures.hpp), as a common table: of `delivered`, the sums by platform ad and
/// period, `known_ads` and `accounts`.
inline constexpr std::string_view kSilentPeriods =
    "silent_periods AS ("
    "  SELECT a.platform, a.account, d.period FROM delivered d "
    "  JOIN known_ads a ON a.number = d.ad_number "
    "  JOIN accounts r ON r.platform = a.platform AND r.account = a.account "
    "  WHERE r.link_clicks > 0 GROUP BY a.platform, a.account, d.period "
    "  HAVING SUM(d.link_clicks_count) = 0 AND SUM(d.clicks) >= 10) ";

}  // namespace adgenome::store
