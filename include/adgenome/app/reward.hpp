#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <string>

namespace adgenome::app {

struct RewardOptions {
  core::Time now;
  bool with_states = false;  ///< every ad with its state, not only those with a reward
};

/// Rewards of one brand's ads from performance rows (page 2.5), as `adgenome/reward/v1`.
Report rewards_from_stream(const std::string& input, core::Rejects& rejects,
                           const RewardOptions& options);

}  // namespace adgenome::app
