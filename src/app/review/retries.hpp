#pragma once

#include <adgenome/app/review.hpp>
#include <adgenome/core/json.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// What became of rejected ads that were to be made anew.
struct Retries {
  std::vector<std::string> children = {};  ///< ads to review now, those of an earlier run first
  std::int64_t attempts = 0;               ///< made now
  std::int64_t failed = 0;                 ///< of those
  std::int64_t cost_micros = 0;            ///< of those
  bool is_refused = false;                 ///< a provider could not be had at all
  std::vector<std::string> warnings = {};
  core::Json not_retried = core::Json::array();  ///< {"ad_id", "reason"}
};

/// Makes a child for each of these ads that a review rejected, unless it has one already: of the
/// parent's elements, by its provider, into the folder of its picture, with what was wrong in the
/// instructions. Attempts count against the cap of the batch that the first parent came from. A dry
/// run makes none and says for each why. `request` gives seed, clock and providers.
Retries retry_rejected(store::Session& session, const store::Brand& brand,
                       const ReviewRequest& request, const std::vector<std::string>& rejected);

}  // namespace adgenome::app
