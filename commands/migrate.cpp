#include <adgenome/core/error.hpp>
#include <adgenome/store/migrations.hpp>
#include <algorithm>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

using store::Session;

core::Json steps_of(Session& session) {
  const std::vector<store::AppliedMigration> applied = store::applied_migrations(session);
  core::Json items = core::Json::array();
  for (const store::Migration& migration : store::migrations()) {
    const auto seen = std::find_if(
        applied.begin(), applied.end(),
        [&](const store::AppliedMigration& step) { return step.number == migration.number; });
    const bool is_applied = seen != applied.end();
    items.push_back(
        {{"number", migration.number},
         {"name", migration.name},
         {"checksum", migration.checksum},
         {"state",
          is_applied ? (seen->checksum == migration.checksum ? "applied" : "changed") : "pending"},
         {"applied_at",
          is_applied ? core::Json(core::format_time(seen->applied_at)) : core::Json()},
         {"program_version", is_applied ? core::Json(seen->program_version) : core::Json()}});
  }
  // What only the store knows comes from a newer program.
  for (const store::AppliedMigration& step : applied) {
    if (step.number <= store::migrations().back().number) continue;
    items.push_back({{"number", step.number},
                     {"name", step.name},
                     {"checksum", step.checksum},
                     {"state", "unknown"},
                     {"applied_at", core::format_time(step.applied_at)},
                     {"program_version", step.program_version}});
  }
  return items;
}

std::int64_t count_of(const core::Json& steps, std::string_view state) {
  return std::count_if(steps.begin(), steps.end(),
                       [&](const core::Json& step) { return step["state"] == state; });
}

const std::vector<std::string> kColumns = {"number", "name", "state", "applied_at",
                                           "program_version"};

cli::Output status(const cli::Context& context, bool with_exit_code) {
  Session session = open_store(context, Session::Mode::kAnySchema);
  core::Json steps = steps_of(session);
  const std::int64_t pending = count_of(steps, "pending");
  const bool is_current = count_of(steps, "applied") == static_cast<std::int64_t>(steps.size());
  return {.document = {{"store", session.file().empty() ? "postgres" : session.file()},
                       {"current", is_current},
                       {"pending", pending},
                       {"items", std::move(steps)}},
          .list = "items",
          .columns = kColumns,
          .exit_code =
              with_exit_code && !is_current ? static_cast<int>(core::ExitCode::kCheckFailed) : 0};
}

/// What `up` would run, or ran.
core::Json changes(const std::vector<std::int64_t>& numbers, store::Backend backend) {
  core::Json items = core::Json::array();
  for (const store::Migration& migration : store::migrations()) {
    if (std::find(numbers.begin(), numbers.end(), migration.number) == numbers.end()) continue;
    items.push_back({{"number", migration.number},
                     {"name", migration.name},
                     {"sql", store::statements_of(migration, backend)}});
  }
  return items;
}

std::vector<std::int64_t> pending_numbers(Session& session) {
  std::vector<std::int64_t> numbers;
  for (const core::Json& step : steps_of(session)) {
    if (step["state"] == "pending") numbers.push_back(step["number"].get<std::int64_t>());
  }
  return numbers;
}

cli::Output plan(const cli::Context& context) {
  Session session = open_store(context, Session::Mode::kAnySchema);
  return {.document = {{"applied", false},
                       {"backup", nullptr},
                       {"items", changes(pending_numbers(session), session.backend())}},
          .list = "items"};
}

cli::Output up(const cli::Context& context, bool make_backup) {
  if (context.is_dry_run()) return plan(context);
  Session session = open_store(context, Session::Mode::kAnySchema);
  const store::MigrateResult result = store::migrate_up(
      session,
      {.now = context.now(), .program_version = program_version(), .make_backup = make_backup});
  return {
      .document = {{"applied", true},
                   {"backup", result.backup_file ? core::Json(*result.backup_file) : core::Json()},
                   {"items", changes(result.applied, session.backend())}},
      .list = "items",
      .columns = {"number", "name"}};
}

cli::Output verify(const cli::Context& context) {
  Session session = open_store(context);
  core::Json items = core::Json::array();
  for (const std::string& difference : store::verify_schema(session)) {
    items.push_back({{"difference", difference}});
  }
  const bool same = items.empty();
  return {.document = {{"same", same}, {"items", std::move(items)}},
          .list = "items",
          .exit_code = same ? 0 : static_cast<int>(core::ExitCode::kCheckFailed)};
}

}  // namespace

cli::Command migrate() {
  struct Options {
    bool exit_code = false;
    bool no_backup = false;
  };
  auto options = std::make_shared<Options>();
  cli::Command command("migrate", "bring the store's schema up to date");
  command.schema = "migrations/v1";
  command.details =
      "Alone it is `migrate status`. Every step runs in a transaction of its own and is recorded "
      "with "
      "its checksum, the time and the version of the program; killed at any moment, the store "
      "stands "
      "before or behind a step, never inside one.";
  command.examples = {{"adgenome migrate", "which steps the store has seen"},
                      {"adgenome migrate up", "run those that are pending"}};
  command.run = [](cli::Context& context) { return status(context, false); };

  cli::Command status_command("status", "show the steps that the store has seen and those pending");
  status_command.schema = "migrations/v1";
  status_command.flag("--exit-code", options->exit_code, "exit 7 where the store is not current");
  status_command.examples = {{"adgenome migrate status", "which steps the store has seen"},
                             {"adgenome migrate status --exit-code --quiet", "for a CI job"}};
  status_command.run = [options](cli::Context& context) {
    return status(context, options->exit_code);
  };

  cli::Command up_command("up", "run the pending steps");
  up_command.schema = "migration/v1";
  up_command.writes = true;
  up_command.details =
      "Only one process migrates at a time; a second one waits and finds nothing to do. An SQLite "
      "file that is not empty is copied beside itself first.";
  up_command.flag("--no-backup", options->no_backup, "make no copy of an SQLite file first");
  up_command.examples = {{"adgenome migrate up", "bring the store up to date"},
                         {"adgenome migrate up --dry-run", "show the SQL and run nothing"}};
  up_command.run = [options](cli::Context& context) { return up(context, !options->no_backup); };

  cli::Command plan_command("plan", "show the SQL of the pending steps and run nothing");
  plan_command.schema = "migration/v1";
  plan_command.examples = {
      {"adgenome migrate plan", "what `up` would run"},
      {"adgenome migrate plan --format json | jq -r '.items[].sql[]'", "the SQL alone"}};
  plan_command.run = [](cli::Context& context) { return plan(context); };

  cli::Command verify_command("verify",
                              "compare the live schema with the expected one, object by object");
  verify_command.schema = "schema_check/v1";
  verify_command.examples = {
      {"adgenome migrate verify", "exit 7 where they differ"},
      {"adgenome migrate verify --store postgres://ads@db/ads", "the shared store"}};
  verify_command.run = [](cli::Context& context) { return verify(context); };

  command.children = {status_command, up_command, plan_command, verify_command};
  return command;
}

}  // namespace adgenome::commands
