#include <adgenome/store/sync.hpp>

namespace adgenome::store {

std::optional<SyncRun> sync_run(Session& session, const std::string& brand_id,
                                const std::string& platform, const std::string& account_id) {
  std::optional<SyncRun> run;
  session.query(
      "SELECT since, done_through, started_at, finished_at FROM sync_runs "
      "WHERE brand_id = $1 AND platform = $2 AND account_id = $3",
      {brand_id, platform, account_id}, [&](const Row& row) {
        run = SyncRun{.since = row.day(0),
                      .done_through = row.is_null(1) ? std::nullopt : std::optional(row.day(1)),
                      .started_at = row.time(2),
                      .finished_at = row.optional_time(3)};
      });
  return run;
}

void put_sync_run(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& account_id, const SyncRun& run) {
  session.execute(
      "INSERT INTO sync_runs (brand_id, platform, account_id, since, done_through, started_at, "
      "finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (brand_id, platform, account_id) DO UPDATE SET since = excluded.since, "
      "done_through = excluded.done_through, started_at = excluded.started_at, "
      "finished_at = excluded.finished_at",
      {brand_id, platform, account_id, core::format_day(run.since),
       run.done_through ? Value(core::format_day(*run.done_through)) : Value(), run.started_at,
       or_null(run.finished_at)});
}

void link_account(Session& session, const std::string& brand_id, const std::string& platform,
                  const std::string& account_id, const std::string& currency,
                  const std::string& timezone) {
  session.execute(
      "INSERT INTO ad_accounts (brand_id, id, platform, currency, timezone) "
      "VALUES ($1, $2, $3, $4, $5)",
      {brand_id, account_id, platform, currency, timezone});
}

void set_campaign_status(Session& session, const std::string& brand_id, const std::string& platform,
                         const std::string& campaign_id, const std::string& status) {
  session.execute(
      "UPDATE campaigns SET status = $4 "
      "WHERE brand_id = $1 AND platform = $2 AND campaign_id = $3",
      {brand_id, platform, campaign_id, status});
}

std::set<std::string> campaigns_without_objective(Session& session, const std::string& brand_id,
                                                  const std::string& platform) {
  std::set<std::string> ids;
  session.query(
      "SELECT campaign_id FROM campaigns "
      "WHERE brand_id = $1 AND platform = $2 AND objective = 'UNKNOWN'",
      {brand_id, platform}, [&](const Row& row) { ids.insert(row.text(0)); });
  return ids;
}

}  // namespace adgenome::store
