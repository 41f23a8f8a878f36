#include <adgenome/cli/documentation.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <set>

namespace adgenome::cli {
namespace {

bool is_positional(const Option& option) {
  return option.form == Option::Form::kPositional || option.form == Option::Form::kPositionalList;
}

bool takes_value(const Option& option) {
  return !is_positional(option) && option.form != Option::Form::kFlag;
}

/// Whether a file may stand there, so that the shell offers files.
bool takes_file(const Option& option) {
  const std::string& shown = is_positional(option) ? option.name : option.value_name;
  for (const char* word : {"FILE", "DIR", "URL", "PATH"}) {
    if (shown.find(word) != std::string::npos) return true;
  }
  return false;
}

/// Text in single quotes of bash and zsh.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// The commands that can follow a path ("" for the first word).
struct Level {
  std::string path;
  std::vector<const Command*> commands;
};

std::vector<Level> levels(const std::vector<CommandGroup>& groups) {
  std::vector<Level> list{{.path = "", .commands = {}}};
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) list.front().commands.push_back(&command);
  }
  for (const CommandPath& entry : all_commands(groups)) {
    if (entry.command->children.empty()) continue;
    Level& level = list.emplace_back(Level{.path = entry.path, .commands = {}});
    for (const Command& child : entry.command->children) level.commands.push_back(&child);
  }
  return list;
}

std::vector<Option> positionals(const Command& command) {
  std::vector<Option> list;
  std::copy_if(command.options.begin(), command.options.end(), std::back_inserter(list),
               is_positional);
  return list;
}

std::vector<std::string> option_names(const std::vector<Option>& options) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (!is_positional(option)) names.push_back(option.name);
  }
  return names;
}

/// The shell code, in the common tongue of bash and zsh, that puts the path of the command into
/// `path` and what its options and next words may be into `options` and `next`; `files` is set
/// where a file may stand. The words before the cursor are $words, the last of them $previous.
std::string analysis(const std::vector<CommandGroup>& groups) {
  const std::vector<Option> globals = Application::global_options();
  std::string text =
      "  local path='' options='' next='' files='' value='' word skip=''\n"
      "  for word in \"${before[@]}\"; do\n"
      "    if [[ -n $skip ]]; then skip=''; continue; fi\n"
      "    case \"$path:$word\" in\n";
  std::vector<std::string> patterns;
  for (const Option& option : globals) {
    if (takes_value(option)) patterns.push_back("*:" + option.name);
  }
  for (const CommandPath& entry : all_commands(groups)) {
    for (const Option& option : entry.command->options) {
      if (takes_value(option)) patterns.push_back(shell_quoted(entry.path + ":" + option.name));
    }
  }
  text += "      " + core::join(patterns, "|") + ") skip=$word ;;\n";
  for (const Level& level : levels(groups)) {
    for (const Command* command : level.commands) {
      const std::string path =
          level.path.empty() ? command->name : level.path + " " + command->name;
      text += "      " + shell_quoted(level.path + ":" + command->name) +
              ") path=" + shell_quoted(path) + " ;;\n";
    }
  }
  text += "    esac\n  done\n";

  text += "  case \"$path:$skip\" in\n    *:) ;;\n";
  const auto value_case = [&text](const std::string& pattern, const Option& option) {
    if (!takes_value(option)) return;
    text += "    " + pattern + ") value=1";
    if (!option.choices.empty()) text += " next=" + shell_quoted(core::join(option.choices, " "));
    if (takes_file(option)) text += " files=1";
    text += " ;;\n";
  };
  for (const Option& option : globals) value_case("*:" + option.name, option);
  for (const CommandPath& entry : all_commands(groups)) {
    for (const Option& option : entry.command->options) {
      value_case(shell_quoted(entry.path + ":" + option.name), option);
    }
  }
  text += "  esac\n";

  text += "  if [[ -z $value ]]; then\n    case \"$path\" in\n";
  const std::string global_names = core::join(option_names(globals), " ");
  std::vector<std::string> first;
  const std::vector<Level> all_levels = levels(groups);
  for (const Command* command : all_levels.front().commands) first.push_back(command->name);
  text += "      '') next=" + shell_quoted(core::join(first, " ")) + " ;;\n";
  for (const CommandPath& entry : all_commands(groups)) {
    std::vector<std::string> words;
    bool files = false;
    for (const Command& child : entry.command->children) words.push_back(child.name);
    for (const Option& option : positionals(*entry.command)) {
      words.insert(words.end(), option.choices.begin(), option.choices.end());
      files = files || takes_file(option);
    }
    text += "      " + shell_quoted(entry.path) +
            ") options=" + shell_quoted(core::join(option_names(entry.command->options), " "));
    if (!words.empty()) text += " next=" + shell_quoted(core::join(words, " "));
    if (files) text += " files=1";
    text += " ;;\n";
  }
  return text + "    esac\n    options=\"$options " + global_names + " --help\"\n  fi\n";
}

}  // namespace

std::string bash_completion(const std::vector<CommandGroup>& groups) {
  return "# bash completion of adgenome: source it, or put it into\n"
         "# ~/.local/share/bash-completion/completions/adgenome\n"
         "_adgenome() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]}\n"
         "  local -a before=(\"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\n" +
         analysis(groups) +
         "  if [[ -z $value && $current == -* ]]; then next=$options files=''; fi\n"
         "  COMPREPLY=($(compgen -W \"$next\" -- \"$current\"))\n"
         "  if [[ -n $files ]]; then COMPREPLY+=($(compgen -f -- \"$current\")); compopt -o "
         "filenames; fi\n"
         "}\n"
         "complete -F _adgenome adgenome\n";
}

std::string zsh_completion(const std::vector<CommandGroup>& groups) {
  return "#compdef adgenome\n"
         "# zsh completion of adgenome: put it as _adgenome into a folder of $fpath\n"
         "_adgenome() {\n"
         "  local current=${words[CURRENT]}\n"
         "  local -a before\n"
         "  before=(\"${(@)words[2,CURRENT-1]}\")\n" +
         analysis(groups) +
         "  if [[ -z $value && $current == -* ]]; then next=$options files=''; fi\n"
         "  [[ -n $next ]] && compadd -- ${=next}\n"
         "  [[ -n $files ]] && _files\n"
         "}\n"
         "_adgenome \"$@\"\n";
}

std::string fish_completion(const std::vector<CommandGroup>& groups) {
  // fish asks for each line whether it holds; the path is found once a line.
  std::string text =
      "# fish completion of adgenome: put it into ~/.config/fish/completions/adgenome.fish\n"
      "function __adgenome_at\n"
      "  set -l path ''\n"
      "  set -l skip ''\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    if test -n \"$skip\"; set skip ''; continue; end\n"
      "    switch \"$path:$word\"\n";
  std::set<std::string> patterns;
  for (const Option& option : Application::global_options()) {
    if (takes_value(option)) patterns.insert(fish_quoted("*:" + option.name));
  }
  for (const CommandPath& entry : all_commands(groups)) {
    for (const Option& option : entry.command->options) {
      if (takes_value(option)) patterns.insert(fish_quoted(entry.path + ":" + option.name));
    }
  }
  text += "      case";
  for (const std::string& pattern : patterns) text += " " + pattern;
  text += "\n        set skip 1\n";
  for (const Level& level : levels(groups)) {
    for (const Command* command : level.commands) {
      const std::string path =
          level.path.empty() ? command->name : level.path + " " + command->name;
      text += "      case " + fish_quoted(level.path + ":" + command->name) +
              "\n        set path " + fish_quoted(path) + "\n";
    }
  }
  text += "    end\n  end\n  test \"$path\" = \"$argv[1]\"\nend\n";

  const auto option_line = [&text](const std::string& condition, const Option& option) {
    if (is_positional(option)) {
      if (!option.choices.empty()) {
        text += "complete -c adgenome -f" + condition + " -a " +
                fish_quoted(core::join(option.choices, " ")) + "\n";
      } else if (takes_file(option)) {
        text += "complete -c adgenome -F" + condition + "\n";
      }
      return;
    }
    text += "complete -c adgenome" + condition + " -l " + option.name.substr(2);
    if (takes_value(option)) {
      text += takes_file(option) ? " -r -F" : " -x";
      if (!option.choices.empty()) text += " -a " + fish_quoted(core::join(option.choices, " "));
    }
    text += " -d " + fish_quoted(option.help) + "\n";
  };
  const auto at = [](const std::string& path) { return " -n \"__adgenome_at '" + path + "'\""; };
  text += "complete -c adgenome -f\n";
  for (const Option& option : Application::global_options()) option_line("", option);
  text += "complete -c adgenome -l help -d 'show what a command takes'\n";
  for (const Level& level : levels(groups)) {
    for (const Command* command : level.commands) {
      text += "complete -c adgenome" + at(level.path) + " -a " + command->name + " -d " +
              fish_quoted(command->summary) + "\n";
    }
  }
  for (const CommandPath& entry : all_commands(groups)) {
    for (const Option& option : entry.command->options) option_line(at(entry.path), option);
  }
  return text;
}

}  // namespace adgenome::cli
