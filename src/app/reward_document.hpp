#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/reward.hpp>
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
};

core::Json reward_json(const RewardRow& row, bool with_state);

/// `baseline` and `priors` of a summary: what the rewards were measured with.
void write_model(const learning::BrandModel& model, const learning::Baseline& baseline,
                 core::Json& summary);

/// `ads, rewarded, immature, maturing, final` of a summary.
void write_states(std::span<const learning::Reward> rewards, core::Json& summary);

}  // namespace adgenome::app
