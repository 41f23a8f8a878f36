#include "commands.hpp"

namespace adgenome::commands {

cli::Command version() {
  cli::Command command("version", "print the version");
  command.schema = "version/v1";
  command.examples = {{"adgenome version", "which version is this"},
                      {"adgenome version --format json | jq -r .version", "the number alone"}};
  command.run = [](cli::Context&) -> cli::Output {
    return {.document = {{"program", "adgenome"}, {"version", program_version()}}};
  };
  return command;
}

}  // namespace adgenome::commands
