#pragma once

#include <adgenome/app/worker.hpp>
#include <adgenome/store/jobs.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "step_plan.hpp"

namespace adgenome::app {

/// A claimed job on its way through its steps, one child process after the other.
class RunningJob {
 public:
  /// Why a job is ended before its steps are done.
  enum class Stop { kNone, kReleased, kCancelled, kTimedOut, kLost };

  /// `previous` is the metadata of its last run: what was completed then is not done again.
  RunningJob(store::Job job, std::vector<StepPlan> plan, const core::Json& previous,
             const ChildSettings& settings);

  const store::Job& job() const { return job_; }
  /// Takes in what the children did, and begins the next step. Returns whether metadata changed.
  bool advance(core::Time now);
  bool is_done() const { return is_done_; }
  /// Ends the child; the first reason counts.
  void stop(Stop reason);
  Stop stopped_by() const { return stop_; }

  core::Json metadata() const;
  /// How the run ended, once it is done.
  store::RunEnd end(core::Time now) const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Step {
    StepPlan plan;
    std::string state = "pending";  ///< running, completed, failed, skipped
    std::optional<core::Time> started_at = {};
    std::optional<core::Time> finished_at = {};
    std::optional<int> exit_code = {};
    core::Json summary = nullptr;
    core::Json error = nullptr;
    core::Json warnings = core::Json::array();
    bool may_be_retried = false;
  };

  void carry_over(const core::Json& previous);
  bool read_reports();
  void take_result(Step& step, int exit_code, core::Time now);
  bool start_next(core::Time now);
  bool has_what_it_needs(const Step& step) const;
  void start(Step& step, core::Time now);
  void keep_members(const core::Json& members);
  const Step* first_failure() const;

  store::Job job_;
  const ChildSettings& settings_;
  std::vector<Step> steps_;
  core::Json members_ = core::Json::object();   ///< what the steps report, by name
  std::map<std::string, std::string> outputs_;  ///< of steps that others read
  std::unique_ptr<ChildProcess> child_;
  Step* current_ = nullptr;
  Clock::time_point deadline_;
  Clock::time_point kill_at_ = Clock::time_point::max();
  Stop stop_ = Stop::kNone;
  bool is_done_ = false;
};

}  // namespace adgenome::app
