#include <unistd.h>

#include <adgenome/app/worker.hpp>
#include <adgenome/core/error.hpp>
#include <csignal>
#include <memory>

#include "commands.hpp"
#include "job_support.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct WorkerOptions {
  bool once = false;
  std::int64_t concurrency = 1;
  std::vector<std::string> types;
  double lease_seconds = 120;
  double poll_seconds = 2;
};

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::string worker_name() {
  char host[256] = "localhost";
  ::gethostname(host, sizeof host - 1);
  return std::string(host) + ":" + std::to_string(::getpid());
}

/// What the worker was told holds for its children too.
app::ChildSettings child_settings(const cli::GlobalOptions& options, std::uint64_t seed) {
  app::ChildSettings children;
  children.arguments = {"--format=json", "--log-format=json", "--no-progress"};
  if (options.rules) children.arguments.push_back("--rules=" + *options.rules);
  if (options.now) children.arguments.push_back("--now=" + *options.now);
  if (options.config) children.arguments.push_back("--config=" + *options.config);
  if (options.seed) children.seed = seed;
  children.environment = {{"ADGENOME_STORE", options.store},
                          {"ADGENOME_BUSY_TIMEOUT", std::to_string(options.busy_timeout)}};
  return children;
}

app::WorkerSettings settings_of(const WorkerOptions& options, cli::Context& context) {
  app::WorkerSettings settings;
  settings.name = worker_name();
  settings.commands = command_set();
  for (const std::string& type : options.types) app::require_job_type(type, settings.commands);
  settings.scope.types = options.types;
  settings.children = child_settings(context.options(), context.seed());
  settings.is_once = options.once;
  settings.concurrency = options.concurrency;
  settings.lease = milliseconds_of(options.lease_seconds);
  settings.poll = milliseconds_of(options.poll_seconds);
  settings.open_store = [&context] { return open_store(context); };
  // A pinned clock stands still; the real one goes on while the worker does.
  settings.clock = [&context] {
    if (context.options().now) return context.now();
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  settings.new_id = [&context] { return context.ids().next(); };
  settings.info = [&context](const std::string& line) { context.info(line); };
  settings.warn = [&context](const std::string& line) { context.warn(line); };
  if (context.options().brand) {
    store::Session session = open_store(context);
    settings.scope.brand_id = brand_of(context, session).id;
  }
  return settings;
}

}  // namespace

cli::Command worker() {
  auto options = std::make_shared<WorkerOptions>();
  cli::Command command("worker", "run jobs that are due, and make those that schedules ask for");
  command.schema = "worker/v1";
  command.writes = true;
  command.details =
      "Takes one job after the other, of all brands or of the one that --brand names, and runs its "
      "commands as processes of this program. Several workers may share a store: each job is taken "
      "by one. While a job runs its lease is renewed; where a worker dies, another one takes the "
      "job up again when the lease is over.\n\n"
      "SIGTERM and SIGINT make it let go: the command that runs is ended, its job is pending again "
      "at once without losing an attempt, and the exit code is 143 or 130. A job that fails is in "
      "the output and in `job list`; the exit code stays 0.\n\n"
      "Without --once it goes on for ever and prints, when it is stopped, the last 1,000 runs.";
  command.flag("--once", options->once, "end when nothing is due any more");
  command.value("--concurrency", options->concurrency, "N", "so many jobs side by side", 1, 256);
  command.list("--types", options->types, "TYPE,TYPE", "take jobs of these types only");
  command.value("--lease", options->lease_seconds, "SECONDS",
                "how long a job is held without a sign of life", 0.1, 86'400);
  command.value("--poll", options->poll_seconds, "SECONDS", "how often to look for jobs", 0.05,
                3600);
  command.examples = {{"adgenome worker --once --quiet", "from cron: do what is due, then end"},
                      {"adgenome worker --concurrency 2 --store postgres://ads@db.example/adgenome",
                       "a worker on a server, of which there may be several"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    const app::WorkerSettings settings = settings_of(*options, context);
    if (context.is_dry_run()) {
      core::Json document = app::due_work(settings);
      return {.document = std::move(document), .list = "items"};
    }
    app::WorkerReport report = app::run_worker(settings);
    core::ExitCode code = core::ExitCode::kDone;
    if (report.stopped_by == SIGINT) code = core::ExitCode::kInterrupted;
    if (report.stopped_by == SIGTERM) code = core::ExitCode::kTerminated;
    return {.document = std::move(report.document),
            .list = "items",
            .columns = {"job_id", "type", "run", "run_state", "state", "error.reason"},
            .text = {},
            .exit_code = static_cast<int>(code)};
  };
  return command;
}

}  // namespace adgenome::commands
