#pragma once

#include <adgenome/app/job_types.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/jobs.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// Values of a job's parameters by name: a text, or a list where one was given more than once.
core::Json parameters_of(const std::vector<std::pair<std::string, std::string>>& given,
                         const JobType& type);

struct JobRequest {
  std::string id;
  core::Json parameters = core::Json::object();
  core::Time now = {};
  std::optional<core::Time> due_at = {};  ///< at once where absent
  std::int64_t max_attempts = 3;
  std::optional<std::int64_t> time_limit_seconds = {};  ///< that of the type where absent
  bool is_dry_run = false;
};

// Each gives a document of the contract that is named, without its schema.

/// job/v1
core::Json submit_job(store::Session& session, const std::string& brand_id, const JobType& type,
                      const JobRequest& request);

/// job/v1: a job with its runs. Throws InvalidInput for one that is not there.
core::Json show_job(store::Session& session, const std::string& brand_id, const std::string& id);
core::Json cancel_job(store::Session& session, const std::string& brand_id, const std::string& id,
                      core::Time now, bool is_dry_run);
core::Json retry_job(store::Session& session, const std::string& brand_id, const std::string& id,
                     core::Time now, bool is_dry_run);

/// jobs/v1: the newest jobs, the schedules with their last success, and the types.
core::Json list_jobs(store::Session& session, const std::string& brand_id,
                     const store::JobFilter& filter, const CommandSet& commands, core::Time now);

/// schedules/v1: sets up a schedule; one of the same type and parameters gets the new times.
core::Json schedule_job(store::Session& session, const std::string& brand_id, const JobType& type,
                        const core::Json& parameters, const std::string& cron, core::Time now,
                        bool is_dry_run);
/// The same for every offered type that has a usual schedule.
core::Json schedule_defaults(store::Session& session, const std::string& brand_id,
                             const CommandSet& commands, core::Time now, bool is_dry_run);
core::Json unschedule_job(store::Session& session, const std::string& brand_id,
                          const std::string& id, core::Time now, bool is_dry_run);

}  // namespace adgenome::app
