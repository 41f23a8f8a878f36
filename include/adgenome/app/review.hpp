#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/store/catalogue.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// Ids of ads as they come in: the output of `generate`, or records with ad_id. Attempts that
/// failed have none to review and are left out.
std::vector<std::string> ads_of_input(const std::string& path);

struct ReviewRequest {
  std::optional<std::string> batch = {};
  std::vector<std::string> ads = {};  ///< where no batch is named
  creative::VerdictBounds bounds = {};
  core::Time now = {};
  bool is_dry_run = false;
};

struct ReviewReport {
  core::Json document;
  std::int64_t flagged = 0;
  std::int64_t rejected = 0;
  std::int64_t failed = 0;  ///< reviews that ended in an error of the reviewer
  std::vector<std::string> warnings = {};
};

/// How far a review is.
struct ReviewStatus {
  std::int64_t total = 0;
  std::int64_t reviewed = 0;
  std::int64_t approved = 0;
  std::int64_t flagged = 0;
  std::int64_t rejected = 0;
};

/// Called after every few ads.
using ReviewProgress = std::function<void(const ReviewStatus&)>;

/// Reviews ads by the reviewer `local` on two threads and stores what was found, one transaction
/// an ad. Throws InvalidInput for a batch or ad that is not there.
ReviewReport review_ads(store::Session& session, const store::Brand& brand,
                        const ReviewRequest& request, const ReviewProgress& progress);

}  // namespace adgenome::app
