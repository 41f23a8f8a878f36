#pragma once

#include <adgenome/app/sync.hpp>
#include <set>

#include "performance_import.hpp"
#include "sync_plan.hpp"

namespace adgenome::app {

/// What became of one account.
struct AccountPull {
  std::string account_id;  ///< "act_1"
  providers::MetaAccount account = {};
  bool is_newly_linked = false;
  std::optional<SyncPlan> plan;  ///< nothing: it could not be asked for
  core::Day last;                ///< the account's today
  std::int64_t days_done = 0;
  std::optional<std::int64_t> campaigns;
  std::optional<std::int64_t> ads;
  std::optional<std::string> campaign_sync_error;
  std::int64_t campaigns_affected = 0;
  PageTotals totals;
  std::vector<std::string> warnings;
  std::optional<core::Error> error;

  std::int64_t days_left() const { return plan ? (last - plan->first).count() + 1 - days_done : 0; }
};

/// Pulls one account to its today, or to where Meta gives no answer any more.
AccountPull pull_account(store::Session& session, const store::Brand& brand,
                         providers::MetaAds& meta, core::Rejects& rejects, const MetaSync& request,
                         const std::string& account_id);

}  // namespace adgenome::app
