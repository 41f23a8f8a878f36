#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/reward.hpp>
#include <adgenome/store/rewards.hpp>
#include <cstdint>
#include <span>
#include <string>

namespace adgenome::app {

/// A reward with the sums that it rests on, as it stands in `adgenome/reward/v1`.
struct RewardRow {
  learning::Reward reward;
  learning::AdOutcome outcome;
  std::string currency;
  std::string baseline_version;
  std::int64_t version = 1;
  bool is_review = false;  ///< earned by the review, not by what the ad delivered
};

core::Json reward_json(const RewardRow& row, bool with_state);

/// The document around the list; `thresholds` are those of maturity that differ from page 6.1.
core::Json reward_document(core::Json rewards, core::Json summary, learning::Rules rules,
                           core::Json thresholds = core::Json::array());

/// Why a list of rewards of `ads` ads is empty, or null.
core::Json empty_reason(std::size_t ads, const core::Json& list);

/// A rewarded row as the store keeps it, and back.
store::StoredReward stored_reward(const RewardRow& row);
RewardRow reward_row(const store::StoredReward& stored);

/// A baseline as the store keeps it, and back.
core::Json baseline_json(const learning::Baseline& baseline);
learning::Baseline baseline_from_json(const core::Json& document, core::Day since,
                                      learning::Rules rules);

/// `baseline` and `priors` of a summary: what the rewards were measured with.
void write_model(const learning::BrandModel& model, const learning::Baseline& baseline,
                 core::Json& summary);

/// `ads, rewarded, immature, maturing, final` of a summary.
void write_states(std::span<const learning::Reward> rewards, core::Json& summary);

}  // namespace adgenome::app
