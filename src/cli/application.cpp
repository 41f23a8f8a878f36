#include <unistd.h>

#include <CLI/CLI.hpp>
#include <adgenome/cli/application.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <set>

#include "help.hpp"
#include "log.hpp"
#include "output.hpp"

namespace adgenome::cli {
namespace {

using core::Error;
using core::ExitCode;
using core::InvalidInput;
using core::UsageError;

/// The options of every command, bound to `target`.
std::vector<Option> bind_globals(GlobalOptions& target) {
  Command all("", "");
  all.value("--store", target.store, "URL",
            "the store: a file, sqlite:FILE, or postgres://user@host/db");
  all.value("--config", target.config, "FILE", "options from a TOML file");
  all.value("--brand", target.brand, "NAME|ID",
            "the brand to work on; may be left out if there is one only");
  all.value("--seed", target.seed, "N", "seed of every random draw; a drawn one is printed");
  all.value("--now", target.now, "TIME", "the time that counts as now (ISO 8601)");
  all.value("--rules", target.rules, "RULES", "which rules judge where two are known")
      .choice({"robust", "classic"})
      .shown_default("the brand's, else robust");
  all.value("--format", target.format, "FORMAT",
            "form of the output; table on a terminal, else json")
      .choice({"json", "jsonl", "csv", "table"});
  all.flag("--dry-run", target.dry_run, "say what would be done and write nothing");
  all.flag("--yes", target.yes, "answer yes to every question");
  all.flag("--quiet", target.quiet, "errors only on standard error");
  all.value("--log-level", target.log_level, "LEVEL", "how much is logged")
      .choice({"trace", "debug", "info", "warn", "error"});
  all.value("--log-format", target.log_format, "FORM", "form of the log and of errors")
      .choice({"text", "json"});
  all.value("--busy-timeout", target.busy_timeout, "MS", "how long to wait for a locked store", 0,
            std::int64_t{86'400'000});
  all.flag("--no-color", target.no_color, "no color, as under NO_COLOR");
  all.flag("--no-progress", target.no_progress, "no progress bars");
  return std::move(all.options);
}

/// An option of the command line, and where its value came from in the end.
struct Bound {
  const Option* option;
  /// Where it may have been given: a global option before the command or behind it.
  std::vector<CLI::Option*> parsed;
  std::string section;  // "" for global ones, else the command's path
  std::string source = "default";
  std::vector<std::string> given;
};

std::string key_of(const Option& option) {
  return option.name.starts_with("--") ? option.name.substr(2) : option.name;
}

std::string environment_name(const Bound& bound) {
  std::string name = "ADGENOME_";
  if (!bound.section.empty()) name += bound.section + "_";
  name += key_of(*bound.option);
  for (char& c : name) {
    c = (c == '-' || c == ' ') ? '_'
                               : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

bool is_positional(const Option& option) {
  return option.form == Option::Form::kPositional || option.form == Option::Form::kPositionalList;
}

/// Every command of the tree with its path.
struct Entry {
  const Command* command;
  CLI::App*
      app;  ///< none where the command line has no such word: declaring all takes milliseconds
  std::string path;
  std::vector<Bound> options;
};

constexpr int kMostArguments = 1 << 20;  // of one list

CLI::Option* declare(CLI::App& app, const Option& option) {
  // CLI11 only collects the texts; they are assigned later, when the sources have been merged.
  if (option.form == Option::Form::kFlag) return app.add_flag(option.name);
  const CLI::callback_t keep = [](const CLI::results_t&) { return true; };
  CLI::Option* parsed = app.add_option(option.name, keep);
  switch (option.form) {
    case Option::Form::kList:
      // Shown as "NAME..." its entries may be words of their own as well.
      return parsed->type_size(1)
          ->expected(1, option.value_name.ends_with("NAME...") ? kMostArguments : 1)
          ->take_all();
    case Option::Form::kPositionalList:
      return parsed->expected(1, kMostArguments)->allow_extra_args();
    default:
      return parsed->expected(1)->take_last();
  }
}

using Words = std::set<std::string_view>;

void declare_tree(CLI::App* parent, const Command& command, const std::string& prefix,
                  const Words& words, std::vector<Bound>& globals,
                  std::vector<std::unique_ptr<Entry>>& entries) {
  const std::string path = prefix.empty() ? command.name : prefix + " " + command.name;
  CLI::App* app =
      parent && words.contains(command.name) ? parent->add_subcommand(command.name) : nullptr;
  Entry& entry = *entries.emplace_back(new Entry{&command, app, path, {}});
  for (const Option& option : command.options) {
    entry.options.push_back({.option = &option, .parsed = {}, .section = path, .given = {}});
  }
  if (app) {
    // One command a level; otherwise an argument that is called like a command would be taken for
    // it.
    app->require_subcommand(0, 1);
    app->set_help_flag();
    app->add_flag("-h,--help");
    for (Bound& bound : globals) bound.parsed.push_back(declare(*app, *bound.option));
    for (Bound& bound : entry.options) bound.parsed.push_back(declare(*app, *bound.option));
  }
  for (const Command& child : command.children) {
    declare_tree(app, child, path, words, globals, entries);
  }
}

/// The items of a config file by "section key", and the file's name for messages.
struct ConfigFile {
  std::string name;
  std::map<std::string, std::vector<std::string>> items;
};

std::string config_key(const std::string& section, std::string key) {
  for (char& c : key) {
    if (c == '_') c = '-';
  }
  return section.empty() ? key : section + " " + key;
}

ConfigFile read_config(const std::string& path) {
  ConfigFile config{.name = path, .items = {}};
  const core::Input input = core::open_input(path);
  try {
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(*input.stream)) {
      // "++" and "--" mark where a section opens and closes.
      if (item.name == "++" || item.name == "--") continue;
      config.items[config_key(core::join(item.parents, " "), item.name)] = item.inputs;
    }
  } catch (const CLI::Error& error) {
    throw InvalidInput(error.what(), "the config file is read as TOML", path);
  }
  return config;
}

/// The value of an option in the environment, under its own name or one that is known elsewhere.
std::optional<std::pair<std::string, std::string>> in_environment(const Bound& bound) {
  std::vector<std::string> names{environment_name(bound)};
  names.insert(names.end(), bound.option->variables.begin(), bound.option->variables.end());
  for (const std::string& name : names) {
    if (const char* value = std::getenv(name.c_str())) return std::pair(name, std::string(value));
  }
  return std::nullopt;
}

/// Flag, then environment, then config file: the first that is there counts.
void merge(Bound& bound, const ConfigFile& config) {
  const Option& option = *bound.option;
  for (const CLI::Option* parsed : bound.parsed) {
    if (parsed->count() == 0) continue;
    bound.source = "flag";
    bound.given =
        option.form == Option::Form::kFlag ? std::vector<std::string>{"true"} : parsed->results();
  }
  if (bound.source == "flag") return;
  if (is_positional(option)) return;
  if (const auto found = in_environment(bound)) {
    bound.source = "environment " + found->first;
    bound.given = {found->second};
    return;
  }
  const auto item = config.items.find(config_key(bound.section, key_of(option)));
  if (item != config.items.end()) {
    bound.source = "config " + config.name;
    bound.given = item->second;
  }
}

void assign(const Bound& bound) {
  if (bound.source == "default") {
    if (bound.option->is_required) {
      const bool positional = is_positional(*bound.option);
      throw UsageError((positional ? "missing argument " : "missing option ") + bound.option->name,
                       "", "");
    }
    return;
  }
  try {
    bound.option->assign(bound.given);
  } catch (const UsageError& error) {
    if (bound.source == "flag") {
      throw UsageError(bound.option->name + " " + error.what(), error.hint(), error.where());
    }
    throw InvalidInput(bound.option->name + " " + error.what(), error.hint(), bound.source);
  }
}

/// Keys of the config file that no option answers to are mistakes, not comments.
void refuse_unknown_keys(const ConfigFile& config, const std::vector<Bound>& globals,
                         const std::vector<std::unique_ptr<Entry>>& entries) {
  std::vector<std::string> known;
  for (const Bound& bound : globals) known.push_back(config_key("", key_of(*bound.option)));
  for (const auto& entry : entries) {
    for (const Bound& bound : entry->options) {
      known.push_back(config_key(entry->path, key_of(*bound.option)));
    }
  }
  for (const auto& [key, value] : config.items) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = core::nearest(key, known);
    throw InvalidInput("unknown option \"" + key + "\"", near ? "did you mean " + *near + "?" : "",
                       config.name);
  }
}

core::Json describe(const Bound& bound) {
  core::Json value;
  if (bound.source == "default") {
    if (!bound.option->default_text.empty()) value = bound.option->default_text;
    if (bound.option->form == Option::Form::kFlag) value = "false";
  } else if (bound.option->is_secret) {
    value = "***";
  } else {
    value = core::without_password(core::join(bound.given, ","));
  }
  return {{"option", key_of(*bound.option)},
          {"command", bound.section.empty() ? core::Json() : core::Json(bound.section)},
          {"value", value},
          {"source", bound.source}};
}

/// `adgenome config`: it is about the merge itself, so it lives here.
Output effective_options(const std::vector<Bound>& globals,
                         const std::vector<std::unique_ptr<Entry>>& entries) {
  core::Json items = core::Json::array();
  for (const Bound& bound : globals) items.push_back(describe(bound));
  for (const auto& entry : entries) {
    for (const Bound& bound : entry->options) {
      if (!is_positional(*bound.option)) items.push_back(describe(bound));
    }
  }
  return {.document = {{"items", std::move(items)}},
          .list = "items",
          .columns = {"option", "command", "value", "source"}};
}

UsageError explain(const CLI::ParseError& error, const CLI::App& app,
                   const std::vector<std::unique_ptr<Entry>>& entries,
                   const std::vector<Bound>& globals) {
  const Entry* entry = nullptr;
  for (const auto& candidate : entries) {
    if (candidate->app && candidate->app->parsed()) entry = candidate.get();
  }
  const std::string path = entry ? "adgenome " + entry->path : "adgenome";
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> extras = app.remaining(true);
    const std::string extra = extras.empty() ? "" : extras.front();
    std::vector<std::string> known;
    if (extra.starts_with("-")) {
      for (const Bound& bound : globals) known.push_back(bound.option->name);
      if (entry) {
        for (const Bound& bound : entry->options) {
          if (!is_positional(*bound.option)) known.push_back(bound.option->name);
        }
      }
      const std::string name = extra.substr(0, extra.find('='));
      const auto near = core::nearest(name, known);
      return UsageError("unknown option " + name,
                        near ? "did you mean " + *near + "?" : path + " --help lists the options");
    }
    for (const auto& each : entries) {
      const std::string& name = each->command->name;
      if (each->path == (entry ? entry->path + " " + name : name)) known.push_back(name);
    }
    if (known.empty()) {
      return UsageError("unexpected argument \"" + extra + "\"",
                        path + " --help shows what it takes");
    }
    const auto near = core::nearest(extra, known);
    return UsageError("unknown command \"" + extra + "\"",
                      near ? "did you mean " + *near + "?" : path + " --help lists the commands");
  }
  std::string message = error.what();
  if (!message.empty() && message.back() == '.') message.pop_back();
  // The name of an argument stays as it is written.
  if (message.size() > 1 && std::islower(static_cast<unsigned char>(message[1])) != 0)
    message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return UsageError(message, path + " --help shows what it takes");
}

void print_error(const Error& error, const GlobalOptions& options) {
  if (options.log_format == "json") {
    const auto or_null = [](const std::string& text) {
      return text.empty() ? core::Json() : core::Json(text);
    };
    std::cerr << core::dump({{"code", static_cast<int>(error.code())},
                             {"message", error.what()},
                             {"hint", or_null(error.hint())},
                             {"where", or_null(error.where())}})
              << '\n';
    return;
  }
  const std::string where = error.where().empty() ? "" : error.where() + ": ";
  std::cerr << "adgenome: error: " << where << error.what() << '\n';
  if (!error.hint().empty()) std::cerr << "hint: " << error.hint() << '\n';
}

/// Writes all of it, or ends as a process does whose reader went away.
int write_out(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EPIPE) return static_cast<int>(ExitCode::kBrokenPipe);
    if (n < 0) throw InvalidInput(std::string("cannot write the output: ") + std::strerror(errno));
    done += static_cast<std::size_t>(n);
  }
  return 0;
}

/// The reader of the output went away.
struct PipeClosed {};

/// Writes the items of a list as they are produced.
void write_items(const Output& output, Format format, const core::Json& schema) {
  constexpr std::size_t kAtOnce = 1 << 16;
  const ItemWriter writer(output, format, schema);
  std::string text = writer.head();
  const auto flush = [&] {
    if (write_out(text) != 0) throw PipeClosed();
    text.clear();
  };
  output.items([&](const core::Json& item) {
    text += writer.line(item);
    if (text.size() >= kAtOnce) flush();
  });
  flush();
}

/// Gathers the items into the document, for the forms that need them all.
void gather_items(Output& output) {
  core::Json items = core::Json::array();
  output.items([&](core::Json item) { items.push_back(std::move(item)); });
  output.document[output.list] = std::move(items);
}

// An open transaction is rolled back by the store when the process is gone.
extern "C" void end_on_signal(int signal) {
  ::_exit(static_cast<int>(signal == SIGINT ? ExitCode::kInterrupted : ExitCode::kTerminated));
}

}  // namespace

Application::Application(std::string version, std::vector<CommandGroup> groups,
                         std::span<const core::EmbeddedFile> schemas, std::vector<Command> sections)
    : version_(std::move(version)),
      groups_(std::move(groups)),
      schemas_(schemas),
      sections_(std::move(sections)) {}

Application::~Application() = default;

std::vector<Option> Application::global_options() {
  static GlobalOptions unused;
  return bind_globals(unused);
}

int Application::run(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, end_on_signal);
  std::signal(SIGTERM, end_on_signal);

  GlobalOptions globals;
  try {
    CLI::App app;
    app.set_help_flag();
    app.require_subcommand(0, 1);
    bool help = false;
    bool version = false;
    app.add_flag("-h,--help", help);
    app.add_flag("--version", version);

    const std::vector<Option> global_list = bind_globals(globals);
    std::vector<Bound> global_bound;
    for (const Option& option : global_list) {
      global_bound.push_back(
          {.option = &option, .parsed = {declare(app, option)}, .section = "", .given = {}});
    }
    const Words words(argv + std::min(argc, 1), argv + argc);
    std::vector<std::unique_ptr<Entry>> entries;
    for (const CommandGroup& group : groups_) {
      for (const Command& command : group.commands)
        declare_tree(&app, command, "", words, global_bound, entries);
    }
    const std::size_t commands = entries.size();
    for (const Command& section : sections_)
      declare_tree(nullptr, section, "", words, global_bound, entries);

    // How errors are shown has to be known before anything can go wrong.
    for (int i = 1; i < argc; ++i) {
      const std::string_view word = argv[i];
      if (word == "--log-format=json" ||
          (word == "--log-format" && i + 1 < argc && std::string_view(argv[i + 1]) == "json")) {
        globals.log_format = "json";
      }
    }
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      throw explain(error, app, entries, global_bound);
    }

    const Entry* chosen = nullptr;
    for (const auto& entry : entries) {
      if (entry->app && entry->app->parsed()) chosen = entry.get();
    }
    bool wants_help = help;
    for (const auto& entry : entries) {
      wants_help = wants_help || (entry->app && entry->app->count("--help") > 0);
    }
    if (wants_help)
      return write_out(chosen ? help_of(*chosen->command, chosen->path) : overview(groups_));
    if (version && !chosen) return write_out("adgenome " + version_ + "\n");
    if (!chosen) throw UsageError("no command given", "adgenome --help lists the commands");
    if (!chosen->command->run) {
      throw UsageError("adgenome " + chosen->path + " needs a command",
                       "adgenome " + chosen->path + " --help lists them");
    }

    ConfigFile config;
    for (Bound& bound : global_bound) {
      if (bound.option->name != "--config") continue;
      merge(bound, config);
      assign(bound);
    }
    if (globals.config) {
      config = read_config(*globals.config);
      refuse_unknown_keys(config, global_bound, entries);
    }
    for (Bound& bound : global_bound) {
      merge(bound, config);
      assign(bound);
    }
    set_up_log(globals);
    for (const auto& entry : entries) {
      for (Bound& bound : entry->options) {
        if (entry.get() != chosen && chosen->path != "config") continue;
        merge(bound, config);
        if (entry.get() == chosen) assign(bound);
      }
    }
    std::map<std::string, Setting> settings;
    for (std::size_t i = commands; i < entries.size(); ++i) {
      for (Bound& bound : entries[i]->options) {
        merge(bound, config);
        if (bound.source == "default") continue;
        settings[entries[i]->path + " " + key_of(*bound.option)] = {core::join(bound.given, ","),
                                                                    bound.source};
      }
    }
    if (globals.dry_run && !chosen->command->writes) {
      throw UsageError("adgenome " + chosen->path + " writes nothing, so it takes no --dry-run");
    }

    if (!globals.format && !chosen->command->default_format.empty()) {
      globals.format = chosen->command->default_format;
    }
    Context context(globals, chosen->path, std::move(settings));
    Output output = chosen->path == "config" ? effective_options(global_bound, entries)
                                             : chosen->command->run(context);
    core::Json schema;
    if (!chosen->command->schema.empty() && !output.document.is_null()) {
      core::Json document = {{"schema", "adgenome/" + chosen->command->schema}};
      for (auto& [name, value] : output.document.items()) document[name] = std::move(value);
      output.document = std::move(document);
      const std::string name = chosen->command->schema.substr(0, chosen->command->schema.find('/'));
      if (context.format() == Format::kCsv) {
        for (const core::EmbeddedFile& file : schemas_) {
          if (file.name == name + ".schema.json")
            schema = core::parse_json(file.bytes, std::string(file.name));
        }
      }
    }
    const bool is_streamed = context.format() == Format::kJsonl || context.format() == Format::kCsv;
    if (output.items && is_streamed) {
      write_items(output, context.format(), schema);
      return output.exit_code;
    }
    if (output.items) gather_items(output);
    const int written = write_out(render(output, context.format(), schema));
    if (output.error) throw *output.error;
    return written != 0 ? written : output.exit_code;
  } catch (const PipeClosed&) {
    return static_cast<int>(ExitCode::kBrokenPipe);
  } catch (const Error& error) {
    print_error(error, globals);
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    print_error(Error(ExitCode::kInternal, error.what(),
                      "this is a defect of adgenome " + version_ +
                          ": please report it with the command that was run"),
                globals);
    return static_cast<int>(ExitCode::kInternal);
  }
}

}  // namespace adgenome::cli
