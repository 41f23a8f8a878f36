#include <adgenome/core/error.hpp>
#include <adgenome/store/distribution.hpp>
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

core::Json step_document(const store::Migration& step, store::Backend backend) {
  return {
      {"number", step.number}, {"name", step.name}, {"sql", store::statements_of(step, backend)}};
}

core::Json distribution_document(const store::Distribution& distribution) {
  core::Json tables = core::Json::array();
  for (const store::PlacedTable& table : distribution.tables) {
    tables.push_back({{"table", table.name},
                      {"placement", store::name_of(table.placement)},
                      {"sql", table.sql.empty() ? core::Json() : core::Json(table.sql)}});
  }
  return {{"available", !distribution.reason},
          {"reason", distribution.reason ? core::Json(*distribution.reason) : core::Json()},
          {"tables", std::move(tables)}};
}

struct UpOptions {
  bool no_backup = false;
  bool distribute = false;
};

cli::Output plan(const cli::Context& context, bool distribute = false) {
  Session session = open_store(context, Session::Mode::kAnySchema);
  core::Json items = core::Json::array();
  for (const store::Migration& step : store::pending_migrations(session)) {
    items.push_back(step_document(step, session.backend()));
  }
  return {.document = {{"applied", false},
                       {"backup", nullptr},
                       {"distribution",
                        distribute ? distribution_document(store::plan_distribution(session))
                                   : core::Json()},
                       {"items", std::move(items)}},
          .list = "items"};
}

cli::Output up(cli::Context& context, const UpOptions& options) {
  if (context.is_dry_run()) return plan(context, options.distribute);
  Session session = open_store(context, Session::Mode::kAnySchema);
  const store::MigrateResult result =
      store::migrate_up(session, {.now = context.now(),
                                  .program_version = program_version(),
                                  .make_backup = !options.no_backup});
  core::Json items = core::Json::array();
  for (const store::Migration& step : store::migrations()) {
    if (std::find(result.applied.begin(), result.applied.end(), step.number) !=
        result.applied.end()) {
      items.push_back(step_document(step, session.backend()));
    }
  }
  core::Json distribution;
  if (options.distribute) {
    const store::Distribution done = store::distribute(session);
    if (done.reason) context.warn("nothing was distributed: " + *done.reason);
    distribution = distribution_document(done);
  }
  return {
      .document = {{"applied", true},
                   {"backup", result.backup_file ? core::Json(*result.backup_file) : core::Json()},
                   {"distribution", std::move(distribution)},
                   {"items", std::move(items)}},
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
  auto exit_code = std::make_shared<bool>(false);
  auto options = std::make_shared<UpOptions>();
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
  status_command.flag("--exit-code", *exit_code, "exit 7 where the store is not current");
  status_command.examples = {{"adgenome migrate status", "which steps the store has seen"},
                             {"adgenome migrate status --exit-code --quiet", "for a CI job"}};
  status_command.run = [exit_code](cli::Context& context) { return status(context, *exit_code); };

  cli::Command up_command("up", "run the pending steps");
  up_command.schema = "migration/v1";
  up_command.writes = true;
  up_command.details =
      "Only one process migrates at a time; a second one waits and finds nothing to do. An SQLite "
      "file that is not empty is copied beside itself first.\n"
      "--distribute spreads the tables of a PostgreSQL database over a Citus cluster, by brand; it "
      "may be run again after later steps. Where the extension is not there it says so and changes "
      "nothing.";
  up_command.flag("--no-backup", options->no_backup, "make no copy of an SQLite file first");
  up_command.flag("--distribute", options->distribute,
                  "spread the tables by brand over a Citus cluster");
  up_command.examples = {{"adgenome migrate up", "bring the store up to date"},
                         {"adgenome migrate up --dry-run", "show the SQL and run nothing"},
                         {"adgenome migrate up --distribute --store postgres://ads@db/ads",
                          "prepare the shared store for a cluster"}};
  up_command.run = [options](cli::Context& context) { return up(context, *options); };

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
