#include <adgenome/app/sync.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/progress_channel.hpp>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "row_options.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct SyncOptions {
  std::vector<std::string> accounts;
  std::optional<std::string> since;
  std::string base_url = providers::kMetaAddress;
  std::int64_t max_wait = 3600;
  double wait_factor = 1;
  RowOptions rows;
};

app::MetaSync meta_request(const SyncOptions& options, cli::Context& context) {
  app::MetaSync request{
      .accounts = options.accounts,
      .since = std::nullopt,
      .now = context.now(),
      .is_dry_run = context.is_dry_run(),
      .token = providers::secret_from_environment({"ADGENOME_META_TOKEN", "META_ACCESS_TOKEN"}),
      .address = options.base_url,
      .policy = {.total_throttle_wait = std::chrono::seconds(options.max_wait)},
      .surroundings = {.sleep =
                           [factor = options.wait_factor](providers::Milliseconds time) {
                             std::this_thread::sleep_for(
                                 std::chrono::duration<double, std::milli>(time) * factor);
                           },
                       .jitter = context.random("waits"),
                       .note = [&context](const std::string& line) { context.info(line); }}};
  if (options.since) {
    try {
      request.since = core::parse_day(*options.since);
    } catch (const core::InvalidInput& error) {
      throw core::UsageError(error.what(), error.hint(), "option --since");
    }
  }
  return request;
}

cli::Command sync_meta() {
  auto options = std::make_shared<SyncOptions>();
  cli::Command command("meta", "pull campaigns, ads and daily insights from Meta's Marketing API");
  command.schema = "sync/v1";
  command.writes = true;
  command.details =
      "The access token is taken from the environment, ADGENOME_META_TOKEN or META_ACCESS_TOKEN; "
      "it needs the permission ads_read. Without --account every account of Meta's that is linked "
      "to the brand is pulled; naming one links it.\n"
      "Meta restates the last 28 days, so without --since a pull begins 28 days before the end of "
      "the last one. Days are those of the account's time zone. Today's is pulled as far as it has "
      "gone, and restated by the next run. Every day (of ranges above 31 days, every part of an "
      "asynchronous report) is stored on its own: run again after an interruption, the command "
      "goes "
      "on where it stopped.\n"
      "Near the limits that Meta sets for calls they are made more slowly, at the limit it is "
      "waited as long as Meta says, up to --max-wait. Failures that may pass are tried six times. "
      "A proxy is taken from https_proxy. Where campaigns cannot be read, their objectives are "
      "unknown and everything else goes on.";
  command.list("--account", options->accounts, "act_ID",
               "ad accounts to pull; none: those linked to the brand");
  command.value("--since", options->since, "DATE",
                "the first day to pull; default: 28 days before the end of the last pull");
  options->rows.add_rejects_to(command);
  command.value("--max-wait", options->max_wait, "SECONDS",
                "how long to wait altogether while Meta throttles", 0, 86'400);
  command.value("--base-url", options->base_url, "URL",
                "where the Graph API is answered: https, or http on this machine");
  command.value("--wait-factor", options->wait_factor, "X",
                "make every wait longer or shorter; for tests", 0, 10);
  command.examples = {
      {"adgenome sync meta --account act_123456789 --since 2026-01-01",
       "pull an account from the beginning of the year, and link it to the brand"},
      {"adgenome sync meta", "what a daily job runs: the last weeks of all linked accounts"}};
  command.run = [options](cli::Context& context) -> cli::Output {
    store::Session session = open_store(context);
    const store::Brand brand = brand_of(context, session);
    app::MetaSync request = meta_request(*options, context);
    std::unique_ptr<cli::Progress> progress;
    request.progress = [&, shown = std::int64_t{0}](std::int64_t days, std::int64_t all) mutable {
      if (days <= shown || !progress) {
        progress = context.progress("days", all);
        shown = 0;
      }
      progress->advance(days - shown);
      shown = days;
      core::report_progress({{"days_done", days}, {"days", all}});
    };
    core::Rejects rejects(options->rows.rejects);
    app::SyncReport report = app::sync_meta(session, brand, rejects, request);
    progress.reset();
    options->rows.show(rejects, context);
    for (const std::string& warning : report.warnings) context.warn(warning);
    report.document["seed"] = core::wide_integer(context.seed());
    return {.document = std::move(report.document),
            .list = "accounts",
            .columns = {"account_id", "date_start", "date_stop", "days_done", "days_left",
                        "rows.new", "rows.changed"},
            .error = std::move(report.error)};
  };
  return command;
}

}  // namespace

cli::Command sync() {
  cli::Command command("sync", "pull from an advertising platform what it knows of its ads");
  command.examples = {
      {"adgenome sync meta --account act_123456789 --since 2026-01-01",
       "pull an account of Meta's from the beginning of the year"},
      {"adgenome sync meta", "the last weeks of every account of Meta's that is linked"}};
  command.children = {sync_meta()};
  return command;
}

}  // namespace adgenome::commands
