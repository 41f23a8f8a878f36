#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// An ad as lists show it.
struct ListedAd {
  std::string id;
  std::string short_id;
  std::string name;
  std::string batch_id;
  std::string ad_run_id;
  std::string product_id;
  std::string template_id;
  std::string hook_id;
  std::int64_t prompt_index = 0;
  std::string canvas_size;
  std::string color_mode;
  std::optional<std::string> headline;
  core::Json tags;
  std::string status;                         ///< the machine's
  std::optional<std::string> human_decision;  ///< counts before the machine's where present
  std::optional<std::string> image_path;
  std::optional<std::string> image_sha256;
  std::optional<std::string> error;
  std::string provider;
  std::int64_t cost_micros = 0;
  bool imported = false;
  core::Time created_at;
  std::optional<double> review_score;  ///< mean over the reviewers of its last review
  std::optional<double> reward;
};

enum class AdOrder {
  kOldestFirst,
  kNewestFirst,
  kByScore,  ///< the highest review score first, ads without one last
};

/// What a list is narrowed to; what is absent does not narrow.
struct AdFilter {
  std::optional<std::string> id = {};
  std::optional<std::string> short_id = {};
  std::optional<std::string> batch_id = {};
  std::optional<std::string> ad_run_id = {};
  std::optional<std::string> template_id = {};
  std::optional<std::string> canvas_size = {};
  std::optional<std::string> color_mode = {};
  std::optional<std::string> status = {};  ///< the effective one
  std::optional<core::Time> since = {};    ///< made then or later
  std::optional<core::Time> until = {};    ///< made before then
  std::optional<std::string> after = {};   ///< goes on behind this ad
  std::optional<std::int64_t> limit = {};
  AdOrder order = AdOrder::kOldestFirst;
  bool by_template = false;  ///< the ads of a template together, in its order
};

/// Visits the ads of a brand. Throws InvalidInput where the ad to go on behind is not there.
void list_ads(Session& session, const std::string& brand_id, const AdFilter& filter,
              const std::function<void(const ListedAd&)>& visit);

/// How many ads the filter names, whatever its limit and start.
std::int64_t count_ads(Session& session, const std::string& brand_id, const AdFilter& filter);

/// Ads that are alike in these respects.
struct AdCount {
  std::string template_id;  ///< empty unless counted by template
  std::string status;
  std::optional<std::string> human_decision;
  std::int64_t ads = 0;
  std::int64_t imported = 0;
  std::int64_t cost_micros = 0;
};
std::vector<AdCount> count_ads_by_status(Session& session, const std::string& brand_id,
                                         const AdFilter& filter);

/// What was decided on an ad, and where it runs.
struct AdReview {
  core::Time reviewed_at;
  std::int64_t stage = 0;
  std::string reviewer;
  std::string rubric_version;
  std::optional<double> score;
  std::optional<std::string> verdict;
  core::Json checks;
  std::optional<std::string> error;
};
struct AdOverride {
  std::string action;
  core::Time decided_at;
  std::string decided_by;
  core::Json checks;  ///< null: none
  std::optional<std::string> reason;
  std::string machine_status;  ///< as it was then
  std::optional<double> machine_score;
};
struct AdMapping {
  std::string platform;
  std::string platform_ad_id;
  std::string source;
};
struct AdDetails {
  core::Json prompt;           ///< null: none
  core::Json element_choices;  ///< by dimension
  std::string parent_ad_id;    ///< empty: none
  std::int64_t iteration_round = 0;
  std::optional<double> congruence_score;
  std::optional<double> pre_generation_score;
  std::vector<AdReview> reviews;      ///< newest first
  std::vector<AdOverride> overrides;  ///< newest first
  std::vector<AdMapping> mappings;
};
AdDetails ad_details(Session& session, const std::string& brand_id, const std::string& ad_id);

}  // namespace adgenome::store
