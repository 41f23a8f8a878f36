#include <adgenome/app/store_copy.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {
namespace {

struct CopyArguments {
  std::string from;
  std::string to;
};

cli::Command copy() {
  auto given = std::make_shared<CopyArguments>();
  cli::Command command("copy", "copy a whole store to another place or backend");
  command.schema = "store_copy/v1";
  command.writes = true;
  command.details =
      "Every row of every table, in one transaction, into a store that is empty or not there yet. "
      "Before it is committed, rows and checksums of both sides are compared table by table; a "
      "copy that was ended halfway has left nothing and is just run again. FROM may be in use: "
      "what is copied is one moment of it. Pictures are files beside a store, and are not "
      "copied.\n\nBoth are named as --store names one: a file, sqlite:FILE, or "
      "postgres://user@host/db.";
  command.positional("FROM", given->from, "the store to copy");
  command.positional("TO", given->to, "an empty store, or the place for one");
  command.examples = {{"adgenome store copy adgenome.db postgres://ads@server/ads",
                       "from a laptop's file to a server that all share"},
                      {"adgenome store copy postgres://ads@server/ads today.db --format table",
                       "a file to look into, with rows and checksums by table"}};
  command.run = [given](cli::Context& context) -> cli::Output {
    const auto progress = context.progress("rows", 0);
    core::Json document = app::copy_store({.from = given->from,
                                           .to = given->to,
                                           .busy_timeout_ms = context.options().busy_timeout,
                                           .program_version = program_version(),
                                           .now = context.now(),
                                           .is_dry_run = context.is_dry_run()},
                                          [&](std::int64_t rows) { progress->advance(rows); });
    for (const core::Json& warning : document["warnings"]) context.warn(warning.get<std::string>());
    return {.document = std::move(document), .list = "tables"};
  };
  return command;
}

}  // namespace

cli::Command store() {
  cli::Command command("store", "the store as a whole");
  command.examples = {
      {"adgenome store copy adgenome.db postgres://ads@server/ads", "move to a server"},
      {"adgenome store copy adgenome.db copy.db", "a second file"}};
  command.children = {copy()};
  return command;
}

}  // namespace adgenome::commands
