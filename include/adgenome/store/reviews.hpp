#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// What a review needs of an ad.
struct AdForReview {
  std::string id;
  std::string ad_run_id;
  std::string experiment_id;  ///< that its run was made under; empty: none
  std::string arm;            ///< likewise
  std::string product_id;
  std::string status;
  std::string color_mode;  ///< empty: not known
  std::optional<std::string> headline;
  core::Json prompt;     ///< null: none
  core::Json rendering;  ///< null: it is not known what was drawn
  std::optional<std::string> image_path;
  core::Json template_layout;              ///< of its template; null: none of its own
  std::optional<double> congruence_score;  ///< of its headline, 0 to 1
  std::optional<std::string> retry_of;     ///< the rejected ad that it was made in the place of
};

std::optional<AdForReview> find_ad_for_review(Session& session, const std::string& brand_id,
                                              const std::string& ad_id);

/// The ads of a batch, those of a template together, its briefs and their sizes in turn; nothing
/// where there is no such batch.
std::optional<std::vector<AdForReview>> ads_for_review(Session& session,
                                                       const std::string& brand_id,
                                                       const std::string& batch_id);

struct DefectScanRow {
  std::string reviewer;
  std::string state;  ///< found, clear, partial, error
  core::Json defects;
  std::optional<std::string> error;
};

struct ReviewRow {
  std::int64_t stage = 2;
  std::string reviewer;
  std::optional<double> score;
  std::optional<double> assessed_weight;
  core::Json checks;
  std::string verdict;
  std::string quality_config;  ///< "brand/3"
  std::optional<std::string> error;
};

/// Stores what one review of an ad found and makes `status` the ad's. The same review at the same
/// time is stored once. Belongs into a transaction.
void record_review(Session& session, const std::string& brand_id, const std::string& ad_id,
                   core::Time reviewed_at, const std::string& rubric_version,
                   const DefectScanRow& scan, const std::vector<ReviewRow>& reviews,
                   const std::string& status);

/// What the machine says of an ad.
struct MachineVerdict {
  std::string status;
  std::optional<double> score = {};  ///< mean over the reviewers of its last review
};
std::optional<MachineVerdict> machine_verdict(Session& session, const std::string& brand_id,
                                              const std::string& ad_id);

/// The defects that the newest scan of an ad found, as they were stored; empty: none.
core::Json newest_defects(Session& session, const std::string& brand_id, const std::string& ad_id);

bool has_override(Session& session, const std::string& brand_id, const std::string& ad_id,
                  core::Time decided_at, const std::string& decided_by);

/// Makes the newest override of an ad its human decision.
void settle_human_decision(Session& session, const std::string& brand_id, const std::string& ad_id);

}  // namespace adgenome::store
