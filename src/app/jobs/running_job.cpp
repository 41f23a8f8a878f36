#include "running_job.hpp"

#include <signal.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

#include "job_document.hpp"
#include "step_result.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr std::chrono::seconds kGrace{10};  // between SIGTERM and SIGKILL
constexpr std::chrono::seconds kFirstDelay{60};
constexpr std::chrono::seconds kLongestDelay{3600};

/// Exponential back-off: a minute after the first attempt, twice as long after each further one.
std::chrono::seconds delay_after(std::int64_t attempts) {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 10);
  return std::min(kFirstDelay * (std::int64_t{1} << doublings), kLongestDelay);
}

}  // namespace

RunningJob::RunningJob(store::Job job, std::vector<StepPlan> plan, const Json& previous,
                       const ChildSettings& settings)
    : job_(std::move(job)),
      settings_(settings),
      deadline_(Clock::now() + std::chrono::seconds(job_.time_limit_seconds)) {
  for (StepPlan& step : plan) steps_.push_back({.plan = std::move(step)});
  carry_over(previous);
}

void RunningJob::carry_over(const Json& previous) {
  if (!previous.is_object() || !previous.contains("steps")) return;
  for (const Json& done : previous.at("steps")) {
    if (done.at("state") != "completed") continue;
    const auto step = std::find_if(steps_.begin(), steps_.end(), [&](const Step& candidate) {
      return candidate.plan.name == done.at("step");
    });
    if (step == steps_.end()) continue;
    step->state = "completed";
    step->exit_code = 0;
    step->started_at = core::parse_time(done.at("started_at").get<std::string>());
    step->finished_at = core::parse_time(done.at("finished_at").get<std::string>());
    step->summary = done.at("summary");
    step->warnings = done.at("warnings");
  }
  if (previous.contains("outputs")) {
    for (const auto& [name, output] : previous.at("outputs").items()) {
      outputs_[name] = core::dump(output);
    }
  }
  keep_members(previous);
}

void RunningJob::keep_members(const Json& members) {
  for (const auto& [name, value] : members.items()) {
    if (name != "steps" && name != "outputs") members_[name] = value;
  }
}

bool RunningJob::advance(core::Time now) {
  if (is_done_) return false;
  bool has_changed = false;
  if (child_) {
    const std::optional<int> exit_code = child_->poll();
    has_changed = read_reports();
    if (!exit_code) {
      if (Clock::now() >= deadline_) stop(Stop::kTimedOut);
      if (Clock::now() >= kill_at_) child_->signal(SIGKILL);
      return has_changed;
    }
    take_result(*current_, *exit_code, now);
    child_.reset();
    has_changed = true;
  }
  is_done_ = stop_ != Stop::kNone || !start_next(now);
  return has_changed;
}

bool RunningJob::read_reports() {
  bool has_changed = false;
  for (const std::string& line : child_->new_reports()) {
    keep_members(core::parse_json(line, "progress of " + current_->plan.name));
    has_changed = true;
  }
  return has_changed;
}

void RunningJob::take_result(Step& step, int exit_code, core::Time now) {
  const std::string output = child_->output();
  StepResult result = read_result(*step.plan.step, exit_code, output, child_->errors());
  step.exit_code = exit_code;
  step.finished_at = now;
  step.state = exit_code == 0 ? "completed" : "failed";
  step.summary = summary_of(result.document);
  step.error = std::move(result.error);
  step.warnings = std::move(result.warnings);
  step.may_be_retried = result.may_be_retried;
  if (step.summary.is_object()) {
    for (const std::string_view name : step.plan.step->notes) {
      const auto found = step.summary.find(std::string(name));
      if (found != step.summary.end()) members_[std::string(name)] = *found;
    }
  }
  const bool is_read = std::any_of(steps_.begin(), steps_.end(), [&](const Step& other) {
    return other.plan.step->input_of == step.plan.step->name;
  });
  if (exit_code == 0 && is_read) outputs_[step.plan.name] = output;
}

bool RunningJob::has_what_it_needs(const Step& step) const {
  return std::all_of(step.plan.step->needs.begin(), step.plan.step->needs.end(),
                     [&](std::string_view needed) {
                       return std::all_of(steps_.begin(), steps_.end(), [&](const Step& other) {
                         return other.plan.step->name != needed || other.state == "completed";
                       });
                     });
}

bool RunningJob::start_next(core::Time now) {
  for (Step& step : steps_) {
    if (step.state != "pending") continue;
    if (!has_what_it_needs(step)) {
      step.state = "skipped";
      continue;
    }
    start(step, now);
    return true;
  }
  return false;
}

void RunningJob::start(Step& step, core::Time now) {
  ChildRequest request{.program = settings_.program,
                       .arguments = step.plan.arguments,
                       .environment = settings_.environment,
                       .input = {}};
  request.arguments.push_back("--brand=" + job_.brand_id);
  request.arguments.insert(request.arguments.end(), settings_.arguments.begin(),
                           settings_.arguments.end());
  if (settings_.seed) {
    // A stream a step of a run, so that nothing depends on which worker takes it when.
    core::RandomStream stream(*settings_.seed, "jobs/" + job_.id + "/" + std::to_string(job_.runs) +
                                                   "/" + step.plan.name);
    request.arguments.push_back("--seed=" + std::to_string(stream.next_bits() >> 11));
  }
  if (!step.plan.step->input_of.empty()) {
    request.input = outputs_.at(std::string(step.plan.step->input_of));
  }
  child_ = std::make_unique<ChildProcess>(request);
  current_ = &step;
  step.state = "running";
  step.started_at = now;
}

void RunningJob::stop(Stop reason) {
  if (stop_ != Stop::kNone || is_done_) return;
  stop_ = reason;
  kill_at_ = Clock::now() + kGrace;
  if (child_) child_->signal(SIGTERM);
}

Json RunningJob::metadata() const {
  Json steps = Json::array();
  for (const Step& step : steps_) {
    steps.push_back({{"step", step.plan.name},
                     {"command", core::join(step.plan.arguments, " ")},
                     {"state", step.state},
                     {"started_at", time_or_null(step.started_at)},
                     {"finished_at", time_or_null(step.finished_at)},
                     {"exit_code", step.exit_code ? Json(*step.exit_code) : Json()},
                     {"summary", step.summary},
                     {"error", step.error},
                     {"warnings", step.warnings}});
  }
  Json document = members_;
  document["steps"] = std::move(steps);
  // Kept while another run may read them.
  const bool is_complete = is_done_ && stop_ == Stop::kNone && first_failure() == nullptr;
  if (!outputs_.empty() && !is_complete) {
    Json outputs = Json::object();
    for (const auto& [name, text] : outputs_) outputs[name] = core::parse_json(text, name);
    document["outputs"] = std::move(outputs);
  }
  return document;
}

const RunningJob::Step* RunningJob::first_failure() const {
  const auto failed = std::find_if(steps_.begin(), steps_.end(),
                                   [](const Step& step) { return step.state == "failed"; });
  return failed == steps_.end() ? nullptr : &*failed;
}

store::RunEnd RunningJob::end(core::Time now) const {
  store::RunEnd end{.run_state = "completed",
                    .job_state = "completed",
                    .due_at = job_.due_at,
                    .attempts = job_.attempts,
                    .metadata = metadata()};
  const Step* failure = first_failure();
  if (stop_ == Stop::kReleased) {
    end.run_state = "released";
    end.job_state = "pending";
    end.attempts = job_.attempts - 1;
    return end;
  }
  if (stop_ == Stop::kCancelled) {
    end.run_state = end.job_state = "cancelled";
    return end;
  }
  bool may_be_retried = false;
  if (stop_ == Stop::kTimedOut) {
    may_be_retried = true;
    end.error = {{"error", "time_limit"},
                 {"reason", "not done after " + std::to_string(job_.time_limit_seconds) + " s"},
                 {"hint", "give it longer with job submit --time-limit"},
                 {"step", current_->plan.name},
                 {"exit_code", nullptr}};
  } else if (failure != nullptr) {
    may_be_retried = std::any_of(steps_.begin(), steps_.end(),
                                 [](const Step& step) { return step.may_be_retried; });
    end.error = failure->error;
    end.error["step"] = failure->plan.name;
    end.error["exit_code"] = *failure->exit_code;
  } else {
    return end;
  }
  end.run_state = end.job_state = "failed";
  if (may_be_retried && job_.attempts < job_.max_attempts) {
    end.job_state = "pending";
    end.due_at = now + delay_after(job_.attempts);
  }
  return end;
}

}  // namespace adgenome::app
