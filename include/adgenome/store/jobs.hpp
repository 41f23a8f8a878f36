#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A row of `jobs`. States: pending, claimed, running, completed, failed, cancelled.
struct Job {
  std::string brand_id;
  std::string id;
  std::string type;
  core::Json parameters = core::Json::object();
  std::string schedule_id = {};  ///< the schedule that made it; empty: none
  std::string state = "pending";
  core::Time due_at = {};
  std::int64_t attempts = 0;  ///< of `max_attempts`
  std::int64_t max_attempts = 3;
  std::int64_t time_limit_seconds = 3600;
  std::int64_t runs = 0;  ///< claims so far; the last one is the only one that may write
  std::optional<core::Time> lease_until = {};
  bool cancel_requested = false;
  core::Json error = nullptr;
  core::Time created_at = {};
  std::optional<core::Time> finished_at = {};
};

void insert_job(Session& session, const Job& job);
std::optional<Job> find_job(Session& session, const std::string& brand_id, const std::string& id);

struct JobFilter {
  std::optional<std::string> state = {};
  std::optional<std::string> type = {};
  std::int64_t limit = 50;
};

/// Newest first.
std::vector<Job> list_jobs(Session& session, const std::string& brand_id, const JobFilter& filter);
std::int64_t count_jobs(Session& session, const std::string& brand_id, const JobFilter& filter);

/// When a job of each type, or of each schedule, was completed last.
std::map<std::string, core::Time> last_success_by_type(Session& session,
                                                       const std::string& brand_id);
std::map<std::string, core::Time> last_success_by_schedule(Session& session,
                                                           const std::string& brand_id);

// Working on them -------------------------------------------------------------------------------

/// Which jobs a worker takes.
struct JobScope {
  std::optional<std::string> brand_id = {};
  std::vector<std::string> types = {};  ///< empty: all
};

/// Those that are due, the one that is due longest first.
std::vector<Job> due_jobs(Session& session, const JobScope& scope, core::Time now,
                          std::int64_t limit);

/// Takes the job that is due longest, which no other worker can take then.
std::optional<Job> claim_job(Session& session, const JobScope& scope, core::Time now,
                             core::Time lease_until);

/// A claimed job begins to run. False where the claim is lost. To be called within a transaction.
bool start_run(Session& session, const Job& job, const std::string& worker, core::Time now);

/// What a claim is worth.
struct Hold {
  bool is_ours = false;
  bool cancel_requested = false;
};
Hold hold_of(Session& session, const Job& job);
void renew_lease(Session& session, const Job& job, core::Time lease_until);
void put_metadata(Session& session, const Job& job, const core::Json& metadata);

/// How a run ended, and what becomes of its job.
struct RunEnd {
  std::string run_state;  ///< completed, failed, cancelled, released, lost
  std::string job_state;  ///< completed, failed, cancelled, pending
  core::Time due_at = {};
  std::int64_t attempts = 0;
  core::Json error = nullptr;
  core::Json metadata = nullptr;  ///< null: as it was kept last
};

/// False where the claim is lost: then nothing was written. To be called within a transaction.
bool finish_run(Session& session, const Job& job, const RunEnd& end, core::Time now);

/// Jobs whose worker let the lease run out.
std::vector<Job> lost_jobs(Session& session, core::Time now);
/// Ends the run of such a job. False where it is not lost any more. Within a transaction likewise.
bool settle_lost_job(Session& session, const Job& job, const RunEnd& end, core::Time now);

/// Cancels a job that waits; has one that is being worked on cancelled by its worker. False where
/// it has ended already.
bool cancel_job(Session& session, const std::string& brand_id, const std::string& id,
                core::Time now);

/// Makes a failed or cancelled job pending with all its attempts. False for another.
bool retry_job(Session& session, const std::string& brand_id, const std::string& id,
               core::Time now);

/// A row of `job_runs`.
struct JobRun {
  std::int64_t run = 0;
  std::int64_t attempt = 0;
  std::string worker;
  std::string state;  ///< running, completed, failed, cancelled, released, lost
  core::Time started_at = {};
  std::optional<core::Time> finished_at = {};
  core::Json metadata;
  core::Json error;
};

std::vector<JobRun> job_runs(Session& session, const std::string& brand_id,
                             const std::string& job_id);

// Schedules -------------------------------------------------------------------------------------

/// A row of `job_schedules`.
struct JobSchedule {
  std::string brand_id;
  std::string id;
  std::string type;
  core::Json parameters = core::Json::object();
  std::string cron;
  core::Time next_due_at = {};
  core::Time created_at = {};
};

/// In order of their ids.
std::vector<JobSchedule> job_schedules(Session& session, const std::string& brand_id);
void put_job_schedule(Session& session, const JobSchedule& schedule);
/// False where there is none.
bool remove_job_schedule(Session& session, const std::string& brand_id, const std::string& id);
std::vector<JobSchedule> due_job_schedules(Session& session, const JobScope& scope, core::Time now);

/// Moves a schedule on from the time that was read. False where another worker did.
bool advance_job_schedule(Session& session, const JobSchedule& schedule, core::Time next_due_at);
bool has_unfinished_job(Session& session, const std::string& brand_id,
                        const std::string& schedule_id);

}  // namespace adgenome::store
