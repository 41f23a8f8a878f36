#include <adgenome/app/init.hpp>
#include <adgenome/store/migrations.hpp>
#include <memory>

#include "commands.hpp"
#include "support.hpp"

namespace adgenome::commands {

cli::Command init() {
  auto demo = std::make_shared<bool>(false);
  cli::Command command("init", "make a store, and with --demo a small brand to try everything on");
  command.schema = "init/v1";
  command.writes = true;
  command.details =
      "Makes the schema in an SQLite file, which is made too, or in an empty PostgreSQL database. "
      "On "
      "a store that is current nothing changes; one that is behind is left to `migrate up`.\n"
      "With --demo the catalogue of a complete small brand is imported, and its pictures are "
      "written "
      "to demo-assets/ beside the SQLite file (on PostgreSQL: in the current folder).";
  command.flag("--demo", *demo, "add the demo brand");
  command.examples = {
      {"adgenome init", "a store in adgenome.db"},
      {"adgenome init --demo --store /tmp/try.db", "a store with a brand to play with"}};
  command.run = [demo](cli::Context& context) -> cli::Output {
    return {.document = app::init(context.options().store, context.options().busy_timeout,
                                  {.with_demo = *demo,
                                   .is_dry_run = context.is_dry_run(),
                                   .now = context.now(),
                                   .program_version = program_version()})};
  };
  return command;
}

}  // namespace adgenome::commands
