#include "sync_plan.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>

namespace adgenome::app {

SyncPlan plan_sync(const std::optional<store::SyncRun>& last, std::optional<core::Day> since,
                   core::Day today, core::Time now, std::chrono::days restatement) {
  const bool is_open = last && !last->finished_at;
  if (!since) {
    if (is_open) {
      since = last->since;
    } else {
      const core::Day end = last ? last->done_through.value_or(today) : today;
      since = std::min(end, today) - restatement;
    }
  }
  if (*since > today) {
    throw core::InvalidInput("the first day, " + core::format_day(*since) +
                             ", is after the account's today, " + core::format_day(today));
  }
  SyncPlan plan{.since = *since, .first = *since, .is_resumed = false, .started_at = now};
  if (!is_open || !last->done_through || last->since > *since) return plan;
  const bool is_recent = now - last->started_at <= std::chrono::days(1);
  const core::Day settled = core::day_of(last->started_at) - restatement;
  const core::Day kept = is_recent ? *last->done_through : std::min(*last->done_through, settled);
  if (kept < *since) return plan;
  plan.first = kept + std::chrono::days(1);
  plan.is_resumed = true;
  if (is_recent) plan.started_at = last->started_at;
  return plan;
}

}  // namespace adgenome::app
