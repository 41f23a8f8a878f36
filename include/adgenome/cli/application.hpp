#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <adgenome/core/embedded.hpp>
#include <span>
#include <string>
#include <vector>

namespace adgenome::cli {

/// A heading of `adgenome --help` and the commands under it, in order.
struct CommandGroup {
  std::string title;
  std::vector<Command> commands;
};

/// The whole program: parses, runs one command, prints its output or its error.
///
/// `sections` are no commands: their options stand in the config file and the environment only, for
/// whichever command asks its context for them.
class Application {
 public:
  Application(std::string version, std::vector<CommandGroup> groups,
              std::span<const core::EmbeddedFile> schemas, std::vector<Command> sections = {});
  ~Application();

  /// The exit code of the process.
  int run(int argc, const char* const* argv);

  const std::vector<CommandGroup>& groups() const { return groups_; }
  /// The options of every command (as --store), bound to nothing.
  static std::vector<Option> global_options();

 private:
  std::string version_;
  std::vector<CommandGroup> groups_;
  std::span<const core::EmbeddedFile> schemas_;
  std::vector<Command> sections_;
};

}  // namespace adgenome::cli
