// Writes what is generated from the description of the commands: the manual pages and completions
// into the folder that is named, and the table of commands to standard output. For
// scripts/generate-docs; not installed.

#include <adgenome/cli/documentation.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <commands/commands.hpp>
#include <filesystem>
#include <iostream>

int main(int argc, char** argv) {
  namespace cli = adgenome::cli;
  using adgenome::core::write_file;
  if (argc != 2) {
    std::cerr << "usage: generate_docs FOLDER\n";
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    const std::vector<cli::CommandGroup> groups = adgenome::commands::all();
    const std::string version = adgenome::commands::program_version();
    write_file(folder / "adgenome.1", cli::man_page(groups, version));
    for (const cli::CommandGroup& group : groups) {
      for (const cli::Command& command : group.commands) {
        write_file(folder / ("adgenome-" + command.name + ".1"), cli::man_page(command, version));
      }
    }
    const cli::Command topic = adgenome::commands::providers_topic();
    write_file(folder / ("adgenome-" + topic.name + ".7"), cli::topic_page(topic, version));
    write_file(folder / "completions" / "adgenome.bash", cli::bash_completion(groups));
    write_file(folder / "completions" / "_adgenome", cli::zsh_completion(groups));
    write_file(folder / "completions" / "adgenome.fish", cli::fish_completion(groups));
    std::cout << cli::command_table(groups);
  } catch (const adgenome::core::Error& error) {
    std::cerr << "generate_docs: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
