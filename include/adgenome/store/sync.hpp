#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <set>
#include <string>

namespace adgenome::store {

/// One pull of an account's days, from `since` on: open until it is finished.
struct SyncRun {
  core::Day since;
  std::optional<core::Day> done_through;  ///< nothing: no day is there yet
  core::Time started_at;
  std::optional<core::Time> finished_at;
};

/// The open run of an account, or the last one.
std::optional<SyncRun> sync_run(Session& session, const std::string& brand_id,
                                const std::string& platform, const std::string& account_id);
void put_sync_run(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& account_id, const SyncRun& run);

/// Adds an account to those of a brand.
void link_account(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& account_id, const std::string& currency,
                  const std::string& timezone);

void set_campaign_status(Session& session, const std::string& brand_id, const std::string& platform,
                         const std::string& campaign_id, const std::string& status);

/// The campaigns whose objective is not known.
std::set<std::string> campaigns_without_objective(Session& session, const std::string& brand_id,
                                                  const std::string& platform);

}  // namespace adgenome::store
