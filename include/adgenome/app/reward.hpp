#pragma once

#include <adgenome/app/report.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/learning/rules.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/known_at.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

struct RewardOptions {
  core::Time now;
  bool with_states = false;  ///< every ad with its state, not only those with a reward
  bool is_dry_run = false;
  learning::Rules rules = learning::Rules::kRobust;
  /// Estimate what maturing components will be once everything is reported. Rewards that rest on
  /// such estimates are shown and not kept.
  bool is_lag_corrected = false;
  std::optional<std::string> breakdowns = {};  ///< rows to standardise click rates with
  store::KnownAt known_at = {};
};

/// Rewards of one brand's ads from what the store holds, kept there: new ones are added, those
/// that late data changed by more than 0.01 revised. Brands without any platform learn from
/// reviews alone.
Report rewards_in_store(store::Session& session, const store::Brand& brand, core::Rejects& rejects,
                        const RewardOptions& options);

/// Rewards of one brand's ads from performance rows (page 2.5), as `adgenome/reward/v1`.
Report rewards_from_stream(const std::string& input, core::Rejects& rejects,
                           const RewardOptions& options);

}  // namespace adgenome::app
