#include <adgenome/app/jobs.hpp>
#include <adgenome/core/cron.hpp>
#include <adgenome/core/error.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "job_support.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

constexpr std::chrono::milliseconds kFollowInterval{500};

/// Type and parameters of a job as the command line gives them.
struct JobArguments {
  std::optional<std::string> type;
  std::vector<std::string> parameters;

  void add_parameters(cli::Command& command) {
    command.repeated("--param", parameters, "NAME=VALUE",
                     "a parameter of the job; `job list` shows the types");
  }
};

/// Each value judged by the option that it becomes.
void check_values(const app::JobType& type, const core::Json& parameters) {
  const std::vector<cli::CommandGroup> groups = all();
  const std::vector<cli::CommandPath> paths = cli::all_commands(groups);
  for (const app::JobParameter& parameter : type.parameters) {
    const auto given = parameters.find(std::string(parameter.name));
    if (given == parameters.end()) continue;
    std::vector<std::string> values;
    if (given->is_string()) {
      values.push_back(given->get<std::string>());
    } else {
      values = given->get<std::vector<std::string>>();
    }
    for (const std::string_view step : parameter.steps) {
      const cli::Option& option = option_of(paths, type.step(step).command, parameter.name);
      try {
        option.assign(values);
      } catch (const core::UsageError& error) {
        throw core::InvalidInput("parameter " + std::string(parameter.name) + " " + error.what(),
                                 error.hint());
      }
    }
  }
}

core::Json checked_parameters(const JobArguments& arguments, const app::JobType& type) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const std::string& text : arguments.parameters) {
    given.push_back(cli::name_and_value(text, "option --param"));
  }
  core::Json parameters = app::parameters_of(given, type);
  check_values(type, parameters);
  return parameters;
}

core::Time time_option(const std::string& text, const std::string& option) {
  try {
    return core::parse_time(text);
  } catch (const core::InvalidInput& error) {
    throw core::UsageError(error.what(), error.hint(), option);
  }
}

cli::Output job_output(core::Json document) {
  return {.document = std::move(document),
          .list = "runs",
          .columns = {"run", "state", "started_at", "finished_at", "error.reason"}};
}

cli::Command job_submit() {
  struct Options {
    JobArguments job;
    std::optional<std::string> at;
    std::int64_t attempts = 3;
    std::optional<std::int64_t> time_limit;
  };
  auto options = std::make_shared<Options>();
  cli::Command command("submit", "put a job into the queue");
  command.schema = "job/v1";
  command.writes = true;
  command.details =
      "A worker takes it as soon as it is due. A job runs commands of this program as its type "
      "names them; parameters become their options and are checked now.\n\n"
      "A command that ends with 5 (store) or 6 (provider) is tried again, a minute later and then "
      "twice as long each time; what was done already is not done again. Any other failure is "
      "final.";
  command.positional("TYPE", options->job.type, "what is to be done").required();
  options->job.add_parameters(command);
  command.value("--at", options->at, "TIME", "not before this time (ISO 8601)");
  command.value("--attempts", options->attempts, "N", "at most so many attempts", 1, 100);
  command.value("--time-limit", options->time_limit, "SECONDS",
                "end a run that takes longer; without it what is usual for the type", 1,
                std::int64_t{30} * 86'400);
  command.examples = {
      {"adgenome job submit creative_genome_update", "rewards and element scores, by a worker"},
      {"adgenome job submit performance_import --param dir=/srv/ads/inbox --param tags=format",
       "import what is new in a folder"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    const app::JobType& type = app::require_job_type(*options->job.type, command_set());
    app::JobRequest request{.id = context.ids().next(),
                            .parameters = checked_parameters(options->job, type),
                            .now = context.now(),
                            .max_attempts = options->attempts,
                            .time_limit_seconds = options->time_limit,
                            .is_dry_run = context.is_dry_run()};
    if (options->at) request.due_at = time_option(*options->at, "option --at");
    store::Session session = open_store(context);
    return job_output(app::submit_job(session, brand_of(context, session).id, type, request));
  };
  return command;
}

cli::Command job_schedule() {
  struct Options {
    std::optional<std::string> cron;
    JobArguments job;
    bool defaults = false;
  };
  auto options = std::make_shared<Options>();
  cli::Command command("schedule", "have a job run again and again");
  command.schema = "schedules/v1";
  command.writes = true;
  command.details =
      "CRON has five fields: minute, hour, day of the month, month and day of the week, each a "
      "number, a range, a list, a step or *, months and weekdays also by their first three "
      "letters; times are UTC. Where both days are given, either suffices. Workers make a job "
      "when it is due; runs that were missed are caught up once, and no job is added while the "
      "last one of the schedule still waits or runs.\n\n"
      "The same type with the same parameters is one schedule: scheduling it again changes its "
      "times.";
  command.positional("CRON", options->cron, "when, as in \"0 4 * * 0\"");
  command.positional("TYPE", options->job.type, "what is to be done");
  options->job.add_parameters(command);
  command.flag("--defaults", options->defaults,
               "set up every known type that has a usual schedule, at that time");
  command.examples = {
      {"adgenome job schedule \"30 5 * * *\" performance_import --param dir=/srv/ads/inbox",
       "import a folder every morning"},
      {"adgenome job schedule --defaults", "the usual schedules"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    if (options->defaults == options->cron.has_value()) {
      throw core::UsageError("give either a schedule and a type, or --defaults");
    }
    const auto output = [](core::Json document) -> cli::Output {
      return {.document = std::move(document),
              .list = "items",
              .columns = {"schedule_id", "cron", "next_due_at", "last_success_at", "silent"}};
    };
    if (options->defaults) {
      store::Session session = open_store(context);
      return output(app::schedule_defaults(session, brand_of(context, session).id, command_set(),
                                           context.now(), context.is_dry_run()));
    }
    if (!options->job.type) throw core::UsageError("missing argument TYPE");
    core::Cron::parse(*options->cron);
    const app::JobType& type = app::require_job_type(*options->job.type, command_set());
    const core::Json parameters = checked_parameters(options->job, type);
    store::Session session = open_store(context);
    return output(app::schedule_job(session, brand_of(context, session).id, type, parameters,
                                    *options->cron, context.now(), context.is_dry_run()));
  };
  return command;
}

cli::Command job_unschedule() {
  auto id = std::make_shared<std::string>();
  cli::Command command("unschedule", "take a schedule back");
  command.schema = "schedules/v1";
  command.writes = true;
  command.details = "Jobs that it has made stay.";
  command.positional("ID", *id, "the schedule, as `job list` shows it").required();
  command.examples = {
      {"adgenome job unschedule creative_genome_update", "no more weekly updates"},
      {"adgenome job list --format json | jq -r '.schedules[].schedule_id' | xargs -n 1 adgenome "
       "job unschedule",
       "no schedules at all"}};
  command.run = [id](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return {.document = app::unschedule_job(session, brand_of(context, session).id, *id,
                                            context.now(), context.is_dry_run()),
            .list = "items"};
  };
  return command;
}

cli::Command job_list() {
  auto filter = std::make_shared<store::JobFilter>();
  cli::Command command("list", "list jobs, schedules and the types of jobs");
  command.schema = "jobs/v1";
  command.details =
      "Newest jobs first. Schedules show when they last succeeded; one of which two runs are due "
      "since then is silent, and said to be so in `warnings`. A type is offered once every "
      "command that it runs exists.";
  command.value("--state", filter->state, "STATE", "jobs in this state")
      .choice({"pending", "claimed", "running", "completed", "failed", "cancelled"});
  command.value("--type", filter->type, "TYPE", "jobs of this type");
  command.value("--limit", filter->limit, "N", "at most so many; `total` says how many there are",
                0);
  command.examples = {{"adgenome job list --state failed", "what went wrong"},
                      {"adgenome job list --format json | jq -e '.warnings == []'",
                       "fails where a schedule is silent"}};
  command.run = [filter](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    core::Json document = app::list_jobs(session, brand_of(context, session).id, *filter,
                                         command_set(), context.now());
    if (context.format() != cli::Format::kTable) {
      for (const core::Json& warning : document.at("warnings")) {
        context.warn(warning.get<std::string>());
      }
    }
    return {.document = std::move(document),
            .list = "items",
            .columns = {"job_id", "type", "state", "due_at", "attempts", "finished_at",
                        "error.reason"}};
  };
  return command;
}

/// What is new about a job, in one line.
std::string progress_line(const core::Json& job) {
  std::string line = job.at("state").get<std::string>();
  if (job.at("runs").empty()) return line;
  for (const auto& [name, value] : job.at("runs").back().at("metadata").items()) {
    if (name == "steps") {
      for (const core::Json& step : value) {
        line +=
            ", " + step.at("step").get<std::string>() + " " + step.at("state").get<std::string>();
      }
    } else {
      line +=
          ", " + name + " " + (value.is_string() ? value.get<std::string>() : core::dump(value));
    }
  }
  return line;
}

core::Json follow(store::Session& session, const std::string& brand_id, const std::string& id,
                  const cli::Context& context) {
  std::string shown;
  for (;;) {
    core::Json job = app::show_job(session, brand_id, id);
    if (std::string line = progress_line(job); line != shown) {
      context.info(line);
      shown = std::move(line);
    }
    if (!job.at("finished_at").is_null()) return job;
    std::this_thread::sleep_for(kFollowInterval);
  }
}

cli::Command job_show() {
  struct Options {
    std::string id;
    bool follow = false;
  };
  auto options = std::make_shared<Options>();
  cli::Command command("show", "show a job, its runs and how far it is");
  command.schema = "job/v1";
  command.details =
      "`metadata` of a run holds its live progress and its steps with their commands, exit codes "
      "and the summaries of what they printed.";
  command.positional("ID", options->id, "the job").required();
  command.flag("--follow", options->follow,
               "print progress on standard error until the job has ended, then show it");
  command.examples = {
      {"adgenome job show 0198c0de-0000-7000-8000-000000000001", "what became of a job"},
      {"adgenome job show 0198c0de-0000-7000-8000-000000000001 --follow | jq -e '.state == "
       "\"completed\"'",
       "wait for a job"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const std::string brand_id = brand_of(context, session).id;
    return job_output(options->follow ? follow(session, brand_id, options->id, context)
                                      : app::show_job(session, brand_id, options->id));
  };
  return command;
}

using JobChange = core::Json (*)(store::Session&, const std::string&, const std::string&,
                                 core::Time, bool);

/// A subcommand that changes one job.
cli::Command job_change(std::string name, std::string summary, JobChange change) {
  auto id = std::make_shared<std::string>();
  cli::Command command(std::move(name), std::move(summary));
  command.schema = "job/v1";
  command.writes = true;
  command.positional("ID", *id, "the job").required();
  command.run = [id, change](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    return job_output(
        change(session, brand_of(context, session).id, *id, context.now(), context.is_dry_run()));
  };
  return command;
}

cli::Command job_cancel() {
  cli::Command command = job_change("cancel", "cancel a job that waits or runs", app::cancel_job);
  command.details =
      "One that waits is cancelled at once; of one that runs the worker ends the command within a "
      "second, and what that had not committed is rolled back.";
  command.examples = {
      {"adgenome job cancel 0198c0de-0000-7000-8000-000000000001", "cancel one job"},
      {"adgenome job list --state pending --format jsonl | jq -r .job_id | xargs -n 1 adgenome job "
       "cancel",
       "cancel all that wait"}};
  return command;
}

cli::Command job_retry() {
  cli::Command command =
      job_change("retry", "try a job again that failed or was cancelled", app::retry_job);
  command.details =
      "It is due at once and has all its attempts again. It goes on with the step that failed.";
  command.examples = {
      {"adgenome job retry 0198c0de-0000-7000-8000-000000000001", "try one job again"},
      {"adgenome job list --state failed --format jsonl | jq -r .job_id | xargs -n 1 adgenome job "
       "retry",
       "try all again that failed"}};
  return command;
}

}  // namespace

cli::Command job() {
  cli::Command command("job", "what workers have to do: submit, schedule, look, cancel, retry");
  command.examples = {{"adgenome job schedule --defaults", "set up the usual schedules"},
                      {"adgenome job list", "what was done, and what waits"}};
  command.children = {job_submit(), job_schedule(), job_unschedule(), job_list(),
                      job_show(),   job_cancel(),   job_retry()};
  return command;
}

}  // namespace adgenome::commands
