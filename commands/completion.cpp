#include <adgenome/cli/documentation.hpp>
#include <memory>

#include "commands.hpp"

namespace adgenome::commands {

cli::Command completion() {
  auto shell = std::make_shared<std::string>();
  cli::Command command("completion", "print a script that completes commands and options");
  command.positional("SHELL", *shell, "which shell it is for").choice({"bash", "zsh", "fish"});
  command.examples = {{"source <(adgenome completion bash)", "complete in this shell from now on"},
                      {"adgenome completion fish > ~/.config/fish/completions/adgenome.fish",
                       "complete in every new shell"}};
  command.run = [shell](cli::Context&) -> cli::Output {
    const std::vector<cli::CommandGroup> groups = all();
    std::string script = *shell == "bash"  ? cli::bash_completion(groups)
                         : *shell == "zsh" ? cli::zsh_completion(groups)
                                           : cli::fish_completion(groups);
    return {.document = {}, .list = "", .columns = {}, .text = std::move(script)};
  };
  return command;
}

}  // namespace adgenome::commands
