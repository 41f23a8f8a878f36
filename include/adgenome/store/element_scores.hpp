#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace adgenome::store {

/// An ad with what it was made of.
struct MadeAd {
  std::string ad_id;
  std::string ad_run_id;
  std::string product_id;  ///< empty: of no single product
  core::Json tags;         ///< dimension to value
  std::string template_id;
  std::string canvas_size;
  std::string color_mode;
  std::optional<std::string> prompt_version;
  bool is_imported = false;
  std::optional<double> pre_generation_score;
  core::Time created_at;
};

/// Those made up to a time, by id.
std::vector<MadeAd> made_ads(Session& session, const std::string& brand_id, core::Time made_until);

/// The same with its reward.
struct RewardedAd : MadeAd {
  double reward = 0;
  double weight = 1;
  std::int64_t version = 1;
  std::optional<core::Time> matured_at;
};

/// By ad, as they were at a time.
std::vector<RewardedAd> rewarded_ads(Session& session, const std::string& brand_id,
                                     core::Time known_at);

/// How many ads of a brand have a reward.
std::int64_t count_rewarded_ads(Session& session, const std::string& brand_id);

/// A row of `element_score_events`; the first four members are its key within a brand.
struct StoredElementEvent {
  std::string product_id;
  std::string dimension;
  std::string value;
  std::string ad_id;
  std::int64_t reward_version = 1;
  double alpha = 0;
  double beta = 0;
};

/// By key.
std::vector<StoredElementEvent> element_events(Session& session, const std::string& brand_id);
void put_element_events(Session& session, const std::string& brand_id,
                        std::span<const StoredElementEvent> events);
void delete_element_event(Session& session, const std::string& brand_id,
                          const StoredElementEvent& event);

/// A row of `element_scores`: the posterior, which began as Beta(1, 1).
struct StoredElementScore {
  std::string product_id;  ///< empty: the whole brand
  std::string dimension;
  std::string value;
  double alpha = 1;
  double beta = 1;
  std::int64_t observations = 0;
};

/// By key, as they were at a time. `product_id` empty: those of the whole brand.
std::vector<StoredElementScore> element_scores(Session& session, const std::string& brand_id,
                                               const std::string& product_id,
                                               core::Time known_at = kNewest);
std::vector<StoredElementScore> all_element_scores(Session& session, const std::string& brand_id,
                                                   core::Time known_at = kNewest);
/// Both keep the row whose place is taken among the past ones.
void put_element_score(Session& session, const std::string& brand_id,
                       const StoredElementScore& score, core::Time now);
void delete_element_score(Session& session, const std::string& brand_id,
                          const StoredElementScore& score, core::Time now);

/// When a score of the brand last changed, up to a time.
std::optional<core::Time> element_scores_updated_at(Session& session, const std::string& brand_id,
                                                    core::Time known_at);

}  // namespace adgenome::store
