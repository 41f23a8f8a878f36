#pragma once

#include <adgenome/core/ids.hpp>
#include <adgenome/core/time.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace adgenome::cli {

enum class Format { kJson, kJsonl, kCsv, kTable };
enum class Rules { kRobust, kClassic };

/// The options that every command takes, with their effective values.
struct GlobalOptions {
  std::string store = "adgenome.db";
  std::optional<std::string> config;
  std::optional<std::string> brand;
  std::optional<std::string> seed;
  std::optional<std::string> now;
  std::optional<std::string> format;
  std::optional<std::string> rules;  ///< not given: the brand's, else robust
  std::string log_level = "info";
  std::string log_format = "text";
  std::int64_t busy_timeout = 5000;  ///< milliseconds
  bool quiet = false;
  bool dry_run = false;
  bool yes = false;
  bool no_color = false;
  bool no_progress = false;
};

/// A value that is configured for what several commands use, and where it was.
struct Setting {
  std::string value;
  std::string source;
};

/// A progress bar on standard error: shown on a terminal, after two seconds.
class Progress {
 public:
  Progress(std::string label, std::int64_t total, bool is_shown);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void advance(std::int64_t by = 1);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What one run of a command gets from outside: clock, seed, switches, and its side channels.
class Context {
 public:
  /// `settings` by section and key ("gemini base-url").
  Context(GlobalOptions options, std::string command, std::map<std::string, Setting> settings = {});

  const GlobalOptions& options() const { return options_; }
  const std::string& command() const { return command_; }  ///< "experiment analyze"
  core::Time now() const { return now_; }
  std::uint64_t seed() const { return seed_; }
  /// Whether --seed was given (a drawn one is printed all the same).
  bool seed_is_given() const { return options_.seed.has_value(); }
  /// The rules asked for, where no brand's settings can say otherwise.
  Rules rules() const { return options_.rules == "classic" ? Rules::kClassic : Rules::kRobust; }
  Format format() const;
  bool is_dry_run() const { return options_.dry_run; }
  /// What is configured under a section and key; null where nothing is.
  const Setting* setting(const std::string& section, const std::string& key) const;

  /// Ids of the records that this run makes.
  core::IdSource& ids() { return ids_; }
  core::RandomStream random(std::string_view stream) const { return {seed_, stream}; }

  /// One line on standard error (not under --quiet). Warnings also belong into the document.
  void warn(const std::string& message) const;
  void info(const std::string& message) const;

  /// Asks on the terminal, whatever the standard streams are; nothing where there is none.
  std::optional<bool> ask(const std::string& question) const;

  std::unique_ptr<Progress> progress(std::string label, std::int64_t total) const;

 private:
  GlobalOptions options_;
  std::string command_;
  core::Time now_;
  std::uint64_t seed_;
  core::IdSource ids_;
  std::map<std::string, Setting> settings_;
};

}  // namespace adgenome::cli
