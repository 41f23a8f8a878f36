#pragma once

#include <adgenome/app/settings.hpp>
#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/time.hpp>
#include <optional>
#include <string>
#include <utility>

#include "support.hpp"

namespace adgenome::commands {

/// The option of commands that can be run again as they were: --as-of TIME. What was learned later
/// is not seen, nothing is written, and where --now does not say otherwise TIME is the present.
struct AsOfOption {
  std::optional<std::string> text;

  void add_to(cli::Command& command) {
    command.value("--as-of", text, "TIME",
                  "run on what was known at TIME, which is then the present; writes nothing. "
                  "Entries of the catalogue and tags of ads are those of now; ads made elsewhere "
                  "and decisions of people are known from their own time on");
  }

  std::optional<core::Time> time() const {
    if (!text) return std::nullopt;
    try {
      return core::parse_time(*text);
    } catch (const core::InvalidInput& error) {
      throw core::UsageError(error.what(), error.hint(), "option --as-of");
    }
  }

  core::Time now(const cli::Context& context) const {
    return context.options().now ? context.now() : time().value_or(context.now());
  }

  /// The brand that --brand names, with the settings of that time.
  store::Brand brand(const cli::Context& context, store::Session& session) const {
    store::Brand found = brand_of(context, session);
    return text ? app::brand_at(session, std::move(found), *time()) : found;
  }

  bool writes_nothing(const cli::Context& context) const { return text || context.is_dry_run(); }

  void need_store(bool has_input) const {
    if (text && has_input) {
      throw core::UsageError("--as-of is for the store: --input gives what is known", "",
                             "option --as-of");
    }
  }
};

}  // namespace adgenome::commands
