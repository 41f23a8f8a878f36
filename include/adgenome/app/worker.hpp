#pragma once

#include <adgenome/app/job_types.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/jobs.hpp>
#include <adgenome/store/session.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

/// How the commands of jobs are run: as processes of this same program.
struct ChildSettings {
  std::string program = "/proc/self/exe";
  std::vector<std::string> arguments = {};  ///< global options behind those of the step
  /// The store's URL among them: arguments can be read by everybody on the machine.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::optional<std::uint64_t> seed = {};  ///< every step gets one of its own that follows from it
};

struct WorkerSettings {
  std::string name;  ///< as it stands in job_runs
  store::JobScope scope = {};
  CommandSet commands = {};
  ChildSettings children = {};
  bool is_once = false;  ///< end when nothing is due
  std::int64_t concurrency = 1;
  std::chrono::milliseconds lease = std::chrono::seconds{120};
  std::chrono::milliseconds poll = std::chrono::seconds{2};
  std::function<store::Session()> open_store;
  std::function<core::Time()> clock;
  std::function<std::string()> new_id;
  std::function<void(const std::string&)> info;
  std::function<void(const std::string&)> warn;
};

struct WorkerReport {
  core::Json document;  ///< adgenome/worker/v1 without its schema
  int stopped_by = 0;   ///< SIGINT or SIGTERM
};

/// Takes jobs that are due and runs them, makes those that schedules ask for, and settles those of
/// workers that died. SIGINT and SIGTERM make it let go: children are ended, their jobs are pending
/// again at once. A store that does not answer is asked again until a lease is over; then its
/// StoreError is thrown.
WorkerReport run_worker(const WorkerSettings& settings);

/// What a worker would run now, without running it.
core::Json due_work(const WorkerSettings& settings);

}  // namespace adgenome::app
