#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <adgenome/core/rejects.hpp>
#include <optional>
#include <string>

namespace adgenome::commands {

/// The options of commands that read rows: what becomes of those that cannot be taken.
struct RowOptions {
  std::optional<std::string> rejects;
  bool strict = false;

  /// For commands that store as they go, and so cannot promise that nothing is written.
  void add_rejects_to(cli::Command& command) {
    command.value("--rejects", rejects, "FILE",
                  "write rows that cannot be taken to FILE, as JSON lines");
  }

  void add_to(cli::Command& command) {
    add_rejects_to(command);
    command.flag("--strict", strict,
                 "end at the first row that cannot be taken, with nothing written");
  }

  core::Rejects collector() const { return core::Rejects(rejects, strict); }

  /// The first bad rows on standard error, where they go to no file.
  void show(const core::Rejects& found, const cli::Context& context) const {
    if (rejects) return;
    for (const std::string& line : found.shown()) context.warn("row rejected: " + line);
    const auto more = found.count() - static_cast<std::int64_t>(found.shown().size());
    if (more > 0) {
      context.warn(std::to_string(more) + " more rows rejected (--rejects FILE keeps them all)");
    }
  }
};

}  // namespace adgenome::commands
