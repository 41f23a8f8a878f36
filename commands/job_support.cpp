#include "job_support.hpp"

#include <adgenome/core/error.hpp>

#include "commands.hpp"

namespace adgenome::commands {

app::CommandSet command_set() {
  app::CommandSet commands;
  const std::vector<cli::CommandGroup> groups = all();
  for (const cli::CommandPath& entry : cli::all_commands(groups)) {
    if (entry.command->run) commands.insert(entry.path);
  }
  return commands;
}

const cli::Option& option_of(const std::vector<cli::CommandPath>& commands,
                             std::string_view command, std::string_view name) {
  for (const cli::CommandPath& entry : commands) {
    if (entry.path != command) continue;
    for (const cli::Option& option : entry.command->options) {
      if (option.name == "--" + std::string(name)) return option;
    }
  }
  throw core::Error(core::ExitCode::kInternal,
                    "command " + std::string(command) + " has no option --" + std::string(name));
}

}  // namespace adgenome::commands
