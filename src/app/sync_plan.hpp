#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/store/sync.hpp>
#include <optional>

namespace adgenome::app {

/// What a run has to pull of an account.
struct SyncPlan {
  core::Day since;  ///< the first day that was asked for
  core::Day first;  ///< the first that is not there yet: days before it stay as they are
  bool is_resumed = false;
  core::Time started_at;  ///< of the run that is taken up while it is recent, else now
};

/// Without `since`: the open run's, else `restatement` before the last run's end (before today
/// where there is none).
///
/// An open run is taken up where it stopped, if it began no later than `since`. Days that it has
/// pulled stay unless the platform may have restated them in the meantime: after a day, those that
/// were younger than `restatement` when it started are pulled again. Throws InvalidInput where
/// `since` is after today.
SyncPlan plan_sync(const std::optional<store::SyncRun>& last, std::optional<core::Day> since,
                   core::Day today, core::Time now, std::chrono::days restatement);

}  // namespace adgenome::app
