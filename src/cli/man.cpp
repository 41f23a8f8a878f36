#include <adgenome/cli/documentation.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::cli {
namespace {

/// Text as roff takes it: a line must not begin with a request, and "-" is a minus.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

/// An argument of a request such as .TH or .SH.
std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : roff(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return out + "\"";
}

std::string heading(const std::string& title) {
  return ".SH " + in_quotes(title) + "\n";
}

struct PageKind {
  std::string section = "1";
  std::string title = "User commands";
};

std::string begin_page(const std::string& name, const std::string& summary,
                       const std::string& version, const PageKind& kind = {}) {
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return ".TH " + in_quotes(upper) + " " + kind.section + " \"\" " +
         in_quotes("adgenome " + version) + " " + in_quotes(kind.title) + "\n" + heading("NAME") +
         roff(name) + " \\- " + roff(summary) + "\n";
}

bool is_positional(const Option& option) {
  return option.form == Option::Form::kPositional || option.form == Option::Form::kPositionalList;
}

std::string option_entry(const Option& option) {
  std::string text = ".TP\n";
  text += is_positional(option) ? "\\fI" + roff(option.name) + "\\fR"
                                : "\\fB" + roff(option.name) + "\\fR";
  if (!option.value_name.empty()) text += " \\fI" + roff(option.value_name) + "\\fR";
  text += "\n" + roff(option.help);
  if (!option.choices.empty()) text += " (" + roff(core::join(option.choices, ", ")) + ")";
  if (!option.default_text.empty()) text += " [" + roff(option.default_text) + "]";
  if (option.is_required && !is_positional(option)) text += " (required)";
  return text + "\n";
}

std::string synopsis(const Command& command, const std::string& path) {
  std::string text = ".B adgenome " + roff(path) + "\n";
  bool has_options = false;
  for (const Option& option : command.options) {
    if (!is_positional(option)) {
      has_options = true;
      if (option.is_required) {
        text += "\\fB" + roff(option.name) + "\\fR \\fI" + roff(option.value_name) + "\\fR\n";
      }
      continue;
    }
    const std::string dots = option.form == Option::Form::kPositionalList ? "..." : "";
    const std::string shown = "\\fI" + roff(option.name) + "\\fR" + dots;
    text += option.is_required ? shown + "\n" : "[" + shown + "]\n";
  }
  return text + (has_options ? "[\\fIoptions\\fR]\n" : "");
}

/// What is to be said of one command below its synopsis.
std::string body(const Command& command) {
  std::string text;
  for (const std::string& paragraph : core::split(command.details, '\n')) {
    if (!paragraph.empty()) text += ".PP\n" + roff(paragraph) + "\n";
  }
  for (const Option& option : command.options) text += option_entry(option);
  if (!command.schema.empty()) {
    text += ".PP\nOutput: adgenome/" + roff(command.schema) + " (adgenome schema " +
            roff(command.schema.substr(0, command.schema.find('/'))) + ").\n";
  }
  for (const Example& example : command.examples) {
    text += ".PP\n" + roff(example.explanation) + ":\n.PP\n.RS 4\n.nf\n" + roff(example.command) +
            "\n.fi\n.RE\n";
  }
  return text;
}

}  // namespace

std::vector<CommandPath> all_commands(const std::vector<CommandGroup>& groups) {
  std::vector<CommandPath> list;
  const auto add = [&list](const auto& self, const Command& command, const std::string& prefix,
                           const std::string& group) -> void {
    const std::string path = prefix.empty() ? command.name : prefix + " " + command.name;
    list.push_back({.command = &command, .path = path, .group = group});
    for (const Command& child : command.children) self(self, child, path, group);
  };
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) add(add, command, "", group.title);
  }
  return list;
}

std::string man_page(const std::vector<CommandGroup>& groups, const std::string& version) {
  std::string text = begin_page("adgenome", "choose, make, review and learn from ads", version);
  text += heading("SYNOPSIS") +
          ".B adgenome\n[\\fIoptions\\fR] \\fICOMMAND\\fR [\\fIoptions\\fR]\n" +
          heading("COMMANDS");
  for (const CommandGroup& group : groups) {
    text += ".SS " + in_quotes(group.title) + "\n";
    for (const Command& command : group.commands) {
      text +=
          ".TP\n\\fBadgenome\\-" + roff(command.name) + "\\fR(1)\n" + roff(command.summary) + "\n";
    }
  }
  text += heading("OPTIONS OF EVERY COMMAND");
  for (const Option& option : Application::global_options()) text += option_entry(option);
  text += heading("EXIT STATUS");
  const std::vector<std::pair<std::string, std::string>> codes = {
      {"0", "done"},
      {"1", "internal error"},
      {"2", "wrong usage: what the command line alone shows"},
      {"3", "invalid input: a file, name or id that is not there, or content that is wrong"},
      {"4", "asked to pick or make something and could not; the output says why"},
      {"5", "the store is unreachable, locked, or of another version"},
      {"6", "a provider is unreachable, refused, or gave no usable answer"},
      {"7", "a check failed"},
      {"130, 143", "interrupted; nothing is half written"},
      {"141", "the reader of a pipe went away"}};
  for (const auto& [code, meaning] : codes) text += ".TP\n" + code + "\n" + roff(meaning) + "\n";
  return text;
}

std::string man_page(const Command& command, const std::string& version) {
  const std::vector<CommandGroup> alone{{.title = "", .commands = {command}}};
  const std::vector<CommandPath> entries = all_commands(alone);
  std::string text =
      begin_page("adgenome-" + command.name, command.summary, version) + heading("SYNOPSIS");
  for (const CommandPath& entry : entries) {
    if (entry.command->run) text += ".PP\n" + synopsis(*entry.command, entry.path);
  }
  text += heading("DESCRIPTION") + roff(command.summary) + "\n" + body(command);
  for (const CommandPath& entry : entries) {
    if (entry.path == command.name) continue;
    text += heading("adgenome " + entry.path) + roff(entry.command->summary) + "\n" +
            body(*entry.command);
  }
  return text + heading("SEE ALSO") + ".BR adgenome (1)\nfor the options of every command\n";
}

std::string topic_page(const Command& topic, const std::string& version) {
  std::string text = begin_page("adgenome-" + topic.name, topic.summary, version,
                                {.section = "7", .title = "adgenome"}) +
                     heading("DESCRIPTION") + body(topic);
  for (const Command& section : topic.children) {
    text += heading("[" + section.name + "]") + roff(section.summary) + "\n";
    for (Option option : section.options) {
      option.name = option.name.substr(2);  // a key of the config file
      text += option_entry(option);
    }
  }
  return text + heading("SEE ALSO") + ".BR adgenome (1),\n.BR adgenome-config (1)\n";
}

std::string command_table(const std::vector<CommandGroup>& groups) {
  std::string text = "| command | what it does |\n| --- | --- |\n";
  for (const CommandGroup& group : groups) {
    text += "| **" + group.title + "** | |\n";
    for (const Command& command : group.commands) {
      std::vector<std::string> names;
      for (const Command& child : command.children) names.push_back(child.name);
      std::string shown = "`" + command.name;
      if (!names.empty()) shown += " " + core::join(names, "`, `");
      text += "| " + shown + "` | " + command.summary + " |\n";
    }
  }
  return text;
}

}  // namespace adgenome::cli
