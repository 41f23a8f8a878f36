#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/creative/verdict.hpp>
#include <adgenome/store/catalogue.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// Ids of ads as they come in: the output of `generate`, or records with ad_id. Attempts that
/// failed have none to review and are left out.
std::vector<std::string> ads_of_input(const std::string& path);

/// Who does which stage.
struct StageReviewers {
  std::string scan = "local";
  std::string full = "local";
  std::optional<std::string> second = {};  ///< nobody: no second opinion
};

/// Reads "stage1=local,stage2=anthropic,stage3=gemini"; a stage that is not named keeps its
/// default. Throws InvalidInput for an unknown stage or reviewer, and where one reviewer would be
/// its own second opinion.
StageReviewers parse_stage_reviewers(const std::string& text);
/// Those that the brand's settings name.
StageReviewers stage_reviewers_of(const store::Brand& brand);

struct ProviderAccess;

struct ReviewRequest {
  std::optional<std::string> batch = {};
  std::vector<std::string> ads = {};  ///< where no batch is named
  StageReviewers reviewers = {};
  creative::Agreement agreement = creative::Agreement::kMean;
  bool requires_full_scan = false;
  std::int64_t repeat = 1;
  bool uses_experiment = true;            ///< ads of the active one are judged as their arm says
  bool is_fresh = false;                  ///< stored answers are not used
  std::optional<std::string> sheet = {};  ///< file for a contact sheet: .html or .png
  std::int64_t retry = 0;                 ///< rounds in which rejected ads are made anew
  std::string prompt_folder = {};         ///< of prompt versions of one's own, for those
  std::uint64_t seed = 0;
  core::Time now = {};
  bool is_dry_run = false;
  const ProviderAccess* providers = nullptr;  ///< null: only `local` can be had
};

struct ReviewReport {
  core::Json document;
  std::int64_t flagged = 0;
  std::int64_t rejected = 0;      ///< without an ad in their place
  std::int64_t failed = 0;        ///< reviews in which a reviewer failed
  bool is_retry_refused = false;  ///< no rejected ad could be made anew, for want of a provider
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

/// Reviews ads in stages and stores what was found, one transaction an ad. Throws InvalidInput for
/// a batch or ad that is not there.
ReviewReport review_ads(store::Session& session, const store::Brand& brand,
                        const ReviewRequest& request, const ReviewProgress& progress);

}  // namespace adgenome::app
