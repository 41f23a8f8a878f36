#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::cli {

class Context;

/// One option or positional argument: how it is called, what the help says of it, and where its
/// text goes. Filled by the methods of Command; read by the parser and by the generators of
/// help, man pages and completions.
struct Option {
  enum class Form { kFlag, kValue, kList, kPositional, kPositionalList };

  std::string name;        ///< "--count", or "FILE" of a positional
  std::string value_name;  ///< "N"; empty for a flag
  std::string help;
  Form form = Form::kValue;
  bool is_required = false;
  std::vector<std::string> choices;  ///< empty: anything
  std::string default_text;          ///< as shown in help; empty: none
  bool is_secret = false;            ///< its value is shown by nobody
  /// Variables of the environment by which it is known elsewhere, behind its own.
  std::vector<std::string> variables;
  /// Takes the value(s) given. Throws UsageError without `where`; the parser adds the option.
  std::function<void(const std::vector<std::string>&)> assign;

  Option& required();
  Option& choice(std::vector<std::string> allowed);
  /// What the help shows as default where the target's own value does not say it.
  Option& shown_default(std::string text);
  Option& secret();
  Option& also_from(std::vector<std::string> known_variables);
};

struct Example {
  std::string command;      ///< as typed, beginning with "adgenome"
  std::string explanation;  ///< one line
};

/// What a command gives back: one JSON document, or plain text (help, completions, SQL).
struct Output {
  core::Json document = nullptr;
  /// The member of the document that holds its main list; empty where there is none.
  std::string list = {};
  /// Columns of the terminal table, as members of the list's items ("scores.fatigue"); empty:
  /// every scalar member.
  std::vector<std::string> columns = {};
  std::string text = {};
  int exit_code = 0;
  /// What ended the command before all was done, where the document says what was: shown as any
  /// error is, and decides on the exit code.
  std::optional<core::Error> error = std::nullopt;
  /// Gives the items of the list one by one where they are too many to hold: `document` then
  /// lacks them. In jsonl and csv each is written as it is produced.
  std::function<void(const std::function<void(core::Json)>& write)> items = {};
};

/// A subcommand: its options bound to the variables that they fill, its help, and what it runs.
/// A command with children runs nothing itself unless `run` is set too.
struct Command {
  Command(std::string its_name, std::string its_summary)
      : name(std::move(its_name)), summary(std::move(its_summary)) {}

  std::string name;
  std::string summary;            ///< one line, lower case, no full stop
  std::string details;            ///< paragraphs for help and man page
  std::vector<Example> examples;  ///< two at least
  std::vector<Option> options;
  std::vector<Command> children;
  std::string schema;   ///< contract of its output: "selection/v1"; empty: text
  bool writes = false;  ///< takes --dry-run
  /// Form of the output where none is asked for ("jsonl" of what other programs read on); empty:
  /// table on a terminal, else json.
  std::string default_format;
  std::function<Output(Context&)> run;

  Option& flag(std::string option, bool& target, std::string help);
  Option& value(std::string option, std::string& target, std::string value_name, std::string help);
  Option& value(std::string option, std::optional<std::string>& target, std::string value_name,
                std::string help);
  Option& value(std::string option, std::int64_t& target, std::string value_name, std::string help,
                std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                std::int64_t high = std::numeric_limits<std::int64_t>::max());
  Option& value(std::string option, std::optional<std::int64_t>& target, std::string value_name,
                std::string help, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                std::int64_t high = std::numeric_limits<std::int64_t>::max());
  Option& value(std::string option, double& target, std::string value_name, std::string help,
                double low = -std::numeric_limits<double>::max(),
                double high = std::numeric_limits<double>::max());
  Option& value(std::string option, std::optional<double>& target, std::string value_name,
                std::string help, double low = -std::numeric_limits<double>::max(),
                double high = std::numeric_limits<double>::max());
  /// A list: comma-separated, and the option may be repeated.
  Option& list(std::string option, std::vector<std::string>& target, std::string value_name,
               std::string help);
  /// An option that may be repeated, each value taken whole (NAME=VALUE).
  Option& repeated(std::string option, std::vector<std::string>& target, std::string value_name,
                   std::string help);
  Option& positional(std::string shown, std::string& target, std::string help);
  Option& positional(std::string shown, std::optional<std::string>& target, std::string help);
  Option& positional(std::string shown, std::vector<std::string>& target, std::string help);

 private:
  Option& add(Option option);
};

/// "NAME=VALUE" cut at its first "="; UsageError naming the option otherwise.
std::pair<std::string, std::string> name_and_value(const std::string& text,
                                                   const std::string& option);

}  // namespace adgenome::cli
