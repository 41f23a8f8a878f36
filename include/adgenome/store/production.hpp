#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace adgenome::store {

/// What one `generate` made.
struct AdBatch {
  std::string id;
  std::string selection_id;  ///< empty: templates were chosen by hand
  std::string seed;
  core::Json options;
  core::Json plan;  ///< what was decided to be made, down to the ids
  core::Time created_at;
};

/// The part of a batch that one template is used for.
struct AdRun {
  std::string id;
  std::string batch_id;
  std::string product_id;
  std::string template_id;
  std::string persona_id;    ///< empty: none
  std::string selection_id;  ///< empty: none
  std::optional<std::string> preset;
  std::optional<std::string> weight_set;
  core::Json generation_config;
  std::string state;
  core::Time created_at;
  std::string experiment_id = {};  ///< empty: none
  std::string arm = {};            ///< likewise
  std::string seed_key = {};       ///< likewise
};

/// The experiment and arm of a run; each empty where it was made under none.
struct RunArm {
  std::string experiment_id;
  std::string arm;
  std::string seed_key;
};
RunArm arm_of_run(Session& session, const std::string& brand_id, const std::string& run_id);

struct NewAd {
  std::string id;
  std::string short_id;
  std::string ad_run_id;
  std::string batch_id;
  std::string product_id;
  std::string template_id;
  std::string hook_id;
  std::int64_t prompt_index = 1;
  std::string canvas_size;
  std::string color_mode;
  std::string name;
  std::string headline;
  core::Json prompt;
  std::string prompt_version;
  core::Json tags;
  core::Json rendering;  ///< null: none
  std::optional<std::string> image_path;
  std::optional<std::string> image_sha256;
  std::string status;
  std::optional<std::string> error;
  std::string provider;
  std::int64_t cost_micros = 0;
  core::Json element_choices = core::Json::object();  ///< by dimension
  std::string parent_ad_id = {};                      ///< empty: none
  std::int64_t iteration_round = 0;
  std::optional<double> congruence_score = {};
  std::optional<double> pre_generation_score = {};
  core::Time created_at;
};

/// That an ad was made from another one.
struct AdDescent {
  std::string parent_ad_id;
  std::string child_ad_id;
  std::string type;  ///< retry
  std::int64_t round = 1;
  core::Time created_at;
};

std::optional<AdBatch> find_batch(Session& session, const std::string& brand_id,
                                  const std::string& batch_id);
/// The state of a run; nothing where it was not begun.
std::optional<std::string> find_run_state(Session& session, const std::string& brand_id,
                                          const std::string& run_id);
/// Whether an ad of the brand other than this one has the short id.
bool has_short_id(Session& session, const std::string& brand_id, const std::string& short_id,
                  const std::string& except_ad_id);

// Each belongs into the caller's transaction.
void insert_batch(Session& session, const std::string& brand_id, const AdBatch& batch);
void insert_run(Session& session, const std::string& brand_id, const AdRun& run);
void set_run_state(Session& session, const std::string& brand_id, const std::string& run_id,
                   const std::string& state);
void insert_ad(Session& session, const std::string& brand_id, const NewAd& ad);
void insert_descent(Session& session, const std::string& brand_id, const AdDescent& descent);

/// The ads that were made in the place of a rejected one, oldest first.
std::vector<std::string> retries_of_ad(Session& session, const std::string& brand_id,
                                       const std::string& ad_id);
/// How many ads were attempted for a batch: its own, and all that were made in their place.
std::int64_t count_attempts(Session& session, const std::string& brand_id,
                            const std::string& batch_id);

/// That a run used a template for a product.
struct TemplateUse {
  std::string ad_run_id;
  std::string product_id;
  std::string template_id;
  std::string persona_id;  ///< empty: none
  core::Time used_at;
};

/// Notes the use, in the place of an earlier one of its run.
void put_template_use(Session& session, const std::string& brand_id, const TemplateUse& use);
void delete_template_use(Session& session, const std::string& brand_id,
                         const std::string& ad_run_id);

/// Counts one use more, or one less, of each combination of elements.
void count_combinations(Session& session, const std::string& brand_id,
                        const std::set<std::string>& keys, core::Time used_at);
void uncount_combinations(Session& session, const std::string& brand_id,
                          const std::set<std::string>& keys);

/// What an ad was made of, as its use is counted.
struct AdElements {
  std::string ad_run_id;
  std::string product_id;   ///< empty: none
  std::string template_id;  ///< empty: none
  core::Json tags;
  core::Time created_at;
};
std::optional<AdElements> find_ad_elements(Session& session, const std::string& brand_id,
                                           const std::string& ad_id);

}  // namespace adgenome::store
