#include <signal.h>

#include <adgenome/app/worker.hpp>
#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/store/alerts.hpp>
#include <algorithm>
#include <ctime>
#include <deque>
#include <list>
#include <map>

#include "job_document.hpp"
#include "running_job.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using Steady = std::chrono::steady_clock;
using Stop = RunningJob::Stop;
using std::chrono::milliseconds;

constexpr milliseconds kLook{1000};       // at children, claims and progress
constexpr std::size_t kItemsKept = 1000;  // of a worker that goes on for ever
constexpr std::string_view kAlert = "job_failed";

/// The end of a child and the wish to stop, as events that can be waited for.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGCHLD, SIGINT, SIGTERM}) sigaddset(&set_, number);
    ::sigprocmask(SIG_BLOCK, &set_, &before_);
  }
  ~Signals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The signal that came, or 0 after the time.
  int wait(milliseconds most) const {
    const timespec timeout{.tv_sec = most.count() / 1000,
                           .tv_nsec = most.count() % 1000 * 1'000'000};
    const int number = ::sigtimedwait(&set_, nullptr, &timeout);
    return number > 0 ? number : 0;
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

std::string shown(const store::Job& job) {
  return "job " + job.id + " (" + job.type + ")";
}

/// What a worker says of itself before it has done anything.
Json document_of(const WorkerSettings& settings, Json items) {
  Json document = {{"worker", settings.name}, {"stopped_by", nullptr}, {"scheduled", 0}};
  for (const char* outcome : {"completed", "failed", "retried", "cancelled", "released", "lost"}) {
    document[outcome] = 0;
  }
  document["items"] = std::move(items);
  return document;
}

class Worker {
 public:
  explicit Worker(const WorkerSettings& settings) : settings_(settings) {}

  WorkerReport run() {
    for (;;) {
      try {
        if (!session_) session_.emplace(settings_.open_store());
        work();
        answered_ = Steady::now();
        if (is_finished()) break;
      } catch (const core::StoreError& error) {
        // Locked by an import, or away for a moment: what runs goes on meanwhile.
        if (!answered_ || Steady::now() - *answered_ >= settings_.lease) throw;
        settings_.warn(std::string("the store does not answer: ") + error.what());
        session_.reset();
      }
      const int number = signals_.wait(waiting_time());
      if (number == SIGINT || number == SIGTERM) let_go(number);
    }
    return {.document = document(), .stopped_by = stopped_by_};
  }

 private:
  struct Slot {
    RunningJob job;
    core::Time started_at;
    Steady::time_point renewed_at = Steady::now();
    Steady::time_point looked_at = Steady::now();
    bool has_news = false;  ///< metadata that the store does not have yet
  };

  bool is_finished() const {
    return running_.empty() && (stopped_by_ != 0 || (settings_.is_once && !is_looking_));
  }

  milliseconds look_interval() const { return std::min(kLook, settings_.lease / 4); }
  milliseconds waiting_time() const {
    if (!session_) return kLook;
    const bool has_done = std::any_of(running_.begin(), running_.end(),
                                      [](const Slot& slot) { return slot.job.is_done(); });
    if (has_done) return milliseconds{0};  // there was nothing to run
    return running_.empty() ? settings_.poll : std::min(look_interval(), settings_.poll);
  }

  void let_go(int number) {
    if (stopped_by_ == 0) stopped_by_ = number;
    for (Slot& slot : running_) slot.job.stop(Stop::kReleased);
  }

  void work() {
    for (auto slot = running_.begin(); slot != running_.end();) {
      attend(*slot);
      if (!slot->job.is_done()) {
        ++slot;
        continue;
      }
      finish(*slot);
      slot = running_.erase(slot);
      is_looking_ = true;
    }
    if (stopped_by_ != 0) return;
    if (Steady::now() >= next_poll_) {
      make_scheduled_jobs();
      settle_lost_jobs();
      is_looking_ = true;
      next_poll_ = Steady::now() + settings_.poll;
    }
    while (is_looking_ && static_cast<std::int64_t>(running_.size()) < settings_.concurrency) {
      is_looking_ = take_job();
    }
  }

  /// One look at a job: its child, its claim, its progress.
  void attend(Slot& slot) {
    RunningJob& job = slot.job;
    slot.has_news = job.advance(settings_.clock()) || slot.has_news;
    const auto now = Steady::now();
    if (job.is_done() || now - slot.looked_at < look_interval()) return;
    slot.looked_at = now;
    const store::Hold hold = store::hold_of(*session_, job.job());
    if (!hold.is_ours) job.stop(Stop::kLost);
    if (hold.cancel_requested) job.stop(Stop::kCancelled);
    if (slot.has_news) {
      store::put_metadata(*session_, job.job(), job.metadata());
      slot.has_news = false;
    }
    if (now - slot.renewed_at >= settings_.lease / 3) {
      store::renew_lease(*session_, job.job(), settings_.clock() + settings_.lease);
      slot.renewed_at = now;
    }
  }

  /// The alert about the jobs of this type: open while the last one failed for good.
  void keep_alert(const store::Job& job, const store::RunEnd& end, core::Time now) {
    if (end.job_state == "completed") {
      store::auto_resolve_alert(*session_, job.brand_id, std::string(kAlert), job.type, now);
    } else if (end.job_state == "failed") {
      store::raise_alert(
          *session_, job.brand_id,
          {.id = settings_.new_id(),
           .kind = std::string(kAlert),
           .subject = job.type,
           .severity = "critical",
           .message = shown(job) + " failed: " + end.error.at("reason").get<std::string>(),
           .details = {{"job_id", job.id}, {"error", end.error}}},
          now);
    }
  }

  void finish(const Slot& slot) {
    const core::Time now = settings_.clock();
    const store::Job& job = slot.job.job();
    store::RunEnd end = slot.job.end(now);
    bool is_ours = slot.job.stopped_by() != Stop::kLost;
    if (is_ours) {
      store::Transaction transaction(*session_);
      if (end.job_state == "pending" && store::hold_of(*session_, job).cancel_requested) {
        end.job_state = "cancelled";
      }
      is_ours = store::finish_run(*session_, job, end, now);
      if (is_ours) keep_alert(job, end, now);
      transaction.commit();
    }
    if (!is_ours) {
      end.run_state = "lost";
      end.error = {{"error", "lease_lost"}, {"reason", "another worker has taken the job"}};
    }
    report(job, end, slot.started_at, now);
  }

  void report(const store::Job& job, const store::RunEnd& end, core::Time started_at,
              core::Time now) {
    const bool is_retried = end.run_state == "failed" && end.job_state == "pending";
    ++counts_[is_retried ? "retried" : end.run_state];
    std::string line = shown(job) + " " + end.run_state;
    if (!end.error.is_null()) line += ": " + end.error.at("reason").get<std::string>();
    if (is_retried) line += "; it is tried again at " + core::format_time(end.due_at);
    const bool is_bad = end.run_state == "failed" || end.run_state == "lost";
    (is_bad ? settings_.warn : settings_.info)(line);
    items_.push_back({{"job_id", job.id},
                      {"brand_id", job.brand_id},
                      {"type", job.type},
                      {"run", job.runs},
                      {"attempt", job.attempts},
                      {"run_state", end.run_state},
                      {"state", end.run_state == "lost" ? Json() : Json(end.job_state)},
                      {"started_at", core::format_time(started_at)},
                      {"finished_at", core::format_time(now)},
                      {"error", end.error}});
    if (!settings_.is_once && items_.size() > kItemsKept) items_.pop_front();
  }

  /// Missed runs are caught up once: one job, and the schedule goes on from now.
  void make_scheduled_jobs() {
    const core::Time now = settings_.clock();
    for (const store::JobSchedule& schedule :
         store::due_job_schedules(*session_, settings_.scope, now)) {
      store::Transaction transaction(*session_);
      const core::Time next = core::Cron::parse(schedule.cron).next_after(now);
      if (!store::advance_job_schedule(*session_, schedule, next)) continue;
      // One that still waits or runs stands for this one too: they do not pile up.
      if (!store::has_unfinished_job(*session_, schedule.brand_id, schedule.id)) {
        store::insert_job(*session_, job_for(schedule, now));
        ++scheduled_;
      }
      transaction.commit();
    }
  }

  store::Job job_for(const store::JobSchedule& schedule, core::Time now) const {
    store::Job job{.brand_id = schedule.brand_id,
                   .id = settings_.new_id(),
                   .type = schedule.type,
                   .parameters = schedule.parameters,
                   .schedule_id = schedule.id,
                   .due_at = schedule.next_due_at,
                   .created_at = now};
    if (const JobType* type = find_job_type(schedule.type, settings_.commands)) {
      job.time_limit_seconds = type->time_limit.count();
    }
    return job;
  }

  void settle_lost_jobs() {
    const core::Time now = settings_.clock();
    for (const store::Job& job : store::lost_jobs(*session_, now)) {
      store::RunEnd end{.run_state = "lost",
                        .job_state = "pending",
                        .due_at = job.due_at,
                        .attempts = job.attempts,
                        .error = {{"error", "worker_lost"},
                                  {"reason", "its worker let the lease run out at " +
                                                 core::format_time(*job.lease_until)}}};
      if (job.attempts >= job.max_attempts) end.job_state = "failed";
      if (job.cancel_requested) end.job_state = "cancelled";
      store::Transaction transaction(*session_);
      if (!store::settle_lost_job(*session_, job, end, now)) continue;
      keep_alert(job, end, now);
      transaction.commit();
      settings_.warn(shown(job) + ": " + end.error.at("reason").get<std::string>() + "; it is " +
                     end.job_state);
    }
  }

  /// Claims a job that is due. False where there is none.
  bool take_job() {
    const core::Time now = settings_.clock();
    auto job = store::claim_job(*session_, settings_.scope, now, now + settings_.lease);
    if (!job) return false;
    Json previous;
    for (const store::JobRun& run : store::job_runs(*session_, job->brand_id, job->id)) {
      previous = run.metadata;
    }
    {
      store::Transaction transaction(*session_);
      if (!store::start_run(*session_, *job, settings_.name, now)) return true;
      transaction.commit();
    }
    try {
      const JobType& type = require_job_type(job->type, settings_.commands);
      running_.push_back(
          {.job = RunningJob(*job, plan_steps(*session_, *job, type), previous, settings_.children),
           .started_at = now});
      attend(running_.back());
    } catch (const core::InvalidInput& error) {
      refuse(*job, error, now);
    }
    return true;
  }

  /// A job that cannot even begin: no attempt will make it.
  void refuse(const store::Job& job, const core::InvalidInput& error, core::Time now) {
    const bool is_known = find_job_type(job.type, settings_.commands) != nullptr;
    const store::RunEnd end{.run_state = "failed",
                            .job_state = "failed",
                            .due_at = job.due_at,
                            .attempts = job.attempts,
                            .error = {{"error", is_known ? "invalid_input" : "unknown_type"},
                                      {"reason", error.what()},
                                      {"hint", error.hint()},
                                      {"step", nullptr},
                                      {"exit_code", nullptr}}};
    store::Transaction transaction(*session_);
    if (store::finish_run(*session_, job, end, now)) keep_alert(job, end, now);
    transaction.commit();
    report(job, end, now, now);
  }

  Json document() const {
    Json document = document_of(settings_, Json(items_));
    if (stopped_by_ != 0) document["stopped_by"] = stopped_by_ == SIGINT ? "SIGINT" : "SIGTERM";
    document["scheduled"] = scheduled_;
    for (const auto& [outcome, count] : counts_) document[outcome] = count;
    return document;
  }

  const WorkerSettings& settings_;
  const Signals signals_;
  std::optional<store::Session> session_;
  std::list<Slot> running_;
  bool is_looking_ = true;
  Steady::time_point next_poll_{};
  std::optional<Steady::time_point> answered_;  ///< the store, last
  int stopped_by_ = 0;
  std::int64_t scheduled_ = 0;
  std::map<std::string, std::int64_t> counts_;
  std::deque<Json> items_;
};

}  // namespace

WorkerReport run_worker(const WorkerSettings& settings) {
  return Worker(settings).run();
}

core::Json due_work(const WorkerSettings& settings) {
  store::Session session = settings.open_store();
  const core::Time now = settings.clock();
  Json items = Json::array();
  for (const store::Job& job : store::due_jobs(session, settings.scope, now, kItemsKept)) {
    items.push_back({{"job_id", job.id},
                     {"brand_id", job.brand_id},
                     {"type", job.type},
                     {"run", job.runs + 1},
                     {"attempt", job.attempts + 1},
                     {"run_state", nullptr},
                     {"state", job.state},
                     {"started_at", nullptr},
                     {"finished_at", nullptr},
                     {"error", nullptr}});
  }
  return document_of(settings, std::move(items));
}

}  // namespace adgenome::app
