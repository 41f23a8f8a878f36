#pragma once

#include <adgenome/cli/application.hpp>
#include <string>
#include <vector>

namespace adgenome::cli {

// What is written from the description of the commands, beside their help.

/// A command with the words that lead to it ("experiment analyze") and its group's heading.
struct CommandPath {
  const Command* command;
  std::string path;
  std::string group;
};

/// Every command of the program and every one below it, in the order of the help.
std::vector<CommandPath> all_commands(const std::vector<CommandGroup>& groups);

/// The page adgenome(1), which lists the commands, and the page of one of them with all below it.
std::string man_page(const std::vector<CommandGroup>& groups, const std::string& version);
std::string man_page(const Command& command, const std::string& version);

/// A page of section 7 on what several commands share, with the sections of the config file that
/// belong to it as its children.
std::string topic_page(const Command& topic, const std::string& version);

/// The commands as a table in Markdown.
std::string command_table(const std::vector<CommandGroup>& groups);

/// A script that makes a shell complete commands, options and the values they may have.
std::string bash_completion(const std::vector<CommandGroup>& groups);
std::string zsh_completion(const std::vector<CommandGroup>& groups);
std::string fish_completion(const std::vector<CommandGroup>& groups);

}  // namespace adgenome::cli
