#include "help.hpp"

#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::cli {
namespace {

constexpr std::size_t kWidth = 100;

/// `text` broken at blanks to fit behind `indent` columns.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const std::string& word : core::split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > kWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

bool is_positional(const Option& option) {
  return option.form == Option::Form::kPositional || option.form == Option::Form::kPositionalList;
}

std::string signature(const Option& option) {
  return option.value_name.empty() ? option.name : option.name + " " + option.value_name;
}

std::string option_lines(const std::vector<Option>& options) {
  std::size_t width = 0;
  for (const Option& option : options) width = std::max(width, signature(option).size());
  std::string text;
  for (const Option& option : options) {
    const std::string left = signature(option);
    std::string help = option.help;
    if (!option.choices.empty()) help += " (" + core::join(option.choices, "|") + ")";
    if (!option.default_text.empty()) help += " [" + option.default_text + "]";
    if (option.is_required && !is_positional(option)) help += " (required)";
    text +=
        "  " + left + std::string(width - left.size() + 2, ' ') + wrapped(help, width + 4) + '\n';
  }
  return text;
}

}  // namespace

std::string overview(const std::vector<CommandGroup>& groups) {
  std::string text =
      "adgenome chooses ad templates, makes and reviews ads, reads back what they earned and "
      "learns "
      "from it.\n\nusage: adgenome [options] COMMAND [options]\n";
  std::size_t width = 0;
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) width = std::max(width, command.name.size());
  }
  for (const CommandGroup& group : groups) {
    text += '\n' + group.title + ":\n";
    for (const Command& command : group.commands) {
      text += "  " + command.name + std::string(width - command.name.size() + 2, ' ') +
              wrapped(command.summary, width + 4) + '\n';
    }
  }
  text += "\noptions of every command:\n" + option_lines(Application::global_options());
  return text + "\n`adgenome COMMAND --help` shows the options of a command and two examples.\n";
}

std::string help_of(const Command& command, const std::string& path) {
  std::string usage = "usage: adgenome " + path;
  if (!command.children.empty()) {
    usage += command.run ? " [COMMAND]" : " COMMAND";
  }
  std::vector<Option> positionals;
  std::vector<Option> named;
  for (const Option& option : command.options) {
    if (is_positional(option)) {
      std::string shown = option.name;
      if (option.form == Option::Form::kPositionalList) shown += "...";
      usage += option.is_required ? " " + shown : " [" + shown + "]";
      positionals.push_back(option);
    } else {
      if (option.is_required) usage += " " + signature(option);
      named.push_back(option);
    }
  }
  if (!named.empty()) usage += " [options]";
  std::string text = "adgenome " + path + ": " + command.summary + "\n\n" + usage + '\n';
  if (!command.details.empty()) {
    for (const std::string& line : core::split(command.details, '\n')) {
      text += '\n' + wrapped(line, 0);
    }
    text += '\n';
  }
  if (!command.children.empty()) {
    text += "\ncommands:\n";
    std::size_t width = 0;
    for (const Command& child : command.children) width = std::max(width, child.name.size());
    for (const Command& child : command.children) {
      text += "  " + child.name + std::string(width - child.name.size() + 2, ' ') +
              wrapped(child.summary, width + 4) + '\n';
    }
  }
  if (!positionals.empty()) text += "\narguments:\n" + option_lines(positionals);
  if (!named.empty()) text += "\noptions:\n" + option_lines(named);
  if (!command.examples.empty()) text += "\nexamples:\n";
  for (const Example& example : command.examples) {
    text += "  # " + example.explanation + "\n  " + example.command + '\n';
  }
  if (!command.schema.empty()) {
    text += "\noutput: adgenome/" + command.schema + " (adgenome schema " +
            command.schema.substr(0, command.schema.find('/')) + ")\n";
  }
  return text + "\n`adgenome --help` lists the options of every command.\n";
}

}  // namespace adgenome::cli
