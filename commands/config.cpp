#include "commands.hpp"

namespace adgenome::commands {

cli::Command config() {
  cli::Command command("config", "print the effective value of each option and where it came from");
  command.schema = "config/v1";
  command.details =
      "Every option can be given as a flag, as an environment variable (ADGENOME_STORE, "
      "ADGENOME_SELECT_COUNT) or in a TOML file (--config; options of a command stand in a section "
      "of its name). The first of these that is there counts. Secrets are masked.";
  command.examples = {{"adgenome config", "every option, its value and its source"},
                      {"adgenome config --config team.toml --format json | jq '.items[] | "
                       "select(.source != \"default\")'",
                       "what a file and the environment change"}};
  // The application answers itself: it alone knows the sources.
  command.run = [](cli::Context&) { return cli::Output{}; };
  return command;
}

}  // namespace adgenome::commands
