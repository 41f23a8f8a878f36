#pragma once

#include <adgenome/providers/http.hpp>
#include <optional>

namespace adgenome::providers {

/// How much of what Meta allows is used up, as the headers of an answer say.
struct MetaUsage {
  double percent = 0;  ///< the highest of all that is said
  /// Until calls are let through again, where they are not.
  std::optional<Milliseconds> until_access = std::nullopt;
};

/// From X-App-Usage, X-Ad-Account-Usage, X-Business-Use-Case-Usage (what concerns ads) and
/// X-FB-Ads-Insights-Throttle. What is not written as documented says nothing.
MetaUsage meta_usage(const HttpResponse& response);

/// How long to pause before the next call: nothing below 75 %, then longer up to a minute at 100 %.
Milliseconds pause_at(double percent);

}  // namespace adgenome::providers
