#include <doctest/doctest.h>

#include <adgenome/cli/documentation.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <commands/commands.hpp>
#include <regex>
#include <set>

using namespace adgenome;

namespace {

const std::vector<cli::CommandGroup>& groups() {
  static const std::vector<cli::CommandGroup> made = commands::all();
  return made;
}

const cli::Command* find(const std::string& path) {
  for (const cli::CommandPath& entry : cli::all_commands(groups())) {
    if (entry.path == path) return entry.command;
  }
  return nullptr;
}

bool has_option(const cli::Command& command, const std::string& name) {
  const auto is_it = [&](const cli::Option& option) { return option.name == name; };
  const std::vector<cli::Option> globals = cli::Application::global_options();
  return name == "--help" || std::any_of(command.options.begin(), command.options.end(), is_it) ||
         std::any_of(globals.begin(), globals.end(), is_it);
}

/// The calls of adgenome in a shell line, each from behind its name to the next operator.
std::vector<std::vector<std::string>> calls(const std::string& line) {
  // Quoted text is one word and holds no operators.
  static const std::regex word(R"('[^']*'|"[^"]*"|[|;&<>()]+|[^\s|;&<>()'"]+)");
  std::vector<std::vector<std::string>> found;
  bool inside = false;
  for (std::sregex_iterator at(line.begin(), line.end(), word), end; at != end; ++at) {
    const std::string text = at->str();
    if (text == "adgenome") {
      found.emplace_back();
      inside = true;
    } else if (text.find_first_of("|;&()") == 0) {
      inside = false;
    } else if (inside) {
      found.back().push_back(text);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("docs: every command says what it does, with two examples") {
  for (const cli::CommandPath& entry : cli::all_commands(groups())) {
    CAPTURE(entry.path);
    const cli::Command& command = *entry.command;
    CHECK(!command.summary.empty());
    CHECK(!command.summary.ends_with('.'));
    CHECK(command.examples.size() >= 2);
    CHECK((command.run || !command.children.empty()));
    for (const cli::Option& option : command.options) {
      CAPTURE(option.name);
      CHECK(!option.help.empty());
      CHECK(!option.help.ends_with('.'));
    }
    for (const cli::Example& example : command.examples) {
      CHECK(!example.explanation.empty());
      CHECK(example.command.find("adgenome") != std::string::npos);
    }
  }
}

TEST_CASE("docs: the commands and options of every example exist") {
  for (const cli::CommandPath& entry : cli::all_commands(groups())) {
    for (const cli::Example& example : entry.command->examples) {
      CAPTURE(example.command);
      const auto found = calls(example.command);
      CHECK(!found.empty());
      for (const std::vector<std::string>& words : found) {
        std::string path;
        const cli::Command* command = nullptr;
        for (const std::string& word : words) {
          const std::string next = path.empty() ? word : path + " " + word;
          if (const cli::Command* deeper = find(next)) {
            command = deeper;
            path = next;
            continue;
          }
          if (!word.starts_with("--")) continue;
          const std::string name = word.substr(0, word.find('='));
          CAPTURE(name);
          REQUIRE(command != nullptr);
          CHECK(has_option(*command, name));
        }
        CHECK(command != nullptr);
      }
    }
  }
}

TEST_CASE("docs: every command's contract has its file") {
  std::set<std::string> files;
  for (const core::EmbeddedFile& file : json_schemas) files.emplace(file.name);
  for (const cli::CommandPath& entry : cli::all_commands(groups())) {
    const std::string& schema = entry.command->schema;
    if (schema.empty()) continue;
    CAPTURE(entry.path);
    CHECK(schema.ends_with("/v1"));
    CHECK(files.count(schema.substr(0, schema.find('/')) + ".schema.json") == 1);
  }
}

TEST_CASE("docs: no option has the name of another of its command or of a global one") {
  for (const cli::CommandPath& entry : cli::all_commands(groups())) {
    CAPTURE(entry.path);
    std::set<std::string> names;
    for (const cli::Option& option : entry.command->options) {
      CAPTURE(option.name);
      CHECK(names.insert(option.name).second);
      for (const cli::Option& global : cli::Application::global_options()) {
        CHECK(global.name != option.name);
      }
    }
  }
}

TEST_CASE("docs: manual pages name every option and example") {
  for (const cli::CommandGroup& group : groups()) {
    for (const cli::Command& command : group.commands) {
      CAPTURE(command.name);
      const std::string page = cli::man_page(command, "1.2.3");
      CHECK(page.starts_with(".TH \"ADGENOME\\-"));
      for (const cli::Option& option : command.options) {
        if (!option.name.starts_with("--")) continue;
        CHECK(page.find("\\-\\-" + option.name.substr(2, option.name.find('-', 2) - 2)) !=
              std::string::npos);
      }
      // No line of text is taken for a request that does not exist.
      for (const std::string& line : core::split(page, '\n')) {
        if (!line.starts_with(".")) continue;
        const std::string request = line.substr(0, line.find(' '));
        CAPTURE(line);
        CHECK(std::set<std::string>{".TH", ".SH", ".SS", ".B", ".BR", ".TP", ".PP", ".RS", ".RE",
                                    ".nf", ".fi"}
                  .count(request) == 1);
      }
    }
  }
}
