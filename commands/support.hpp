#pragma once

#include <adgenome/app/brand.hpp>
#include <adgenome/cli/context.hpp>
#include <adgenome/learning/rules.hpp>
#include <adgenome/store/session.hpp>

namespace adgenome::commands {

/// The store that the global options name.
inline store::Session open_store(const cli::Context& context,
                                 store::Session::Mode mode = store::Session::Mode::kExisting) {
  return store::Session::open(context.options().store, context.options().busy_timeout, mode);
}

/// The brand that --brand names in it.
inline store::Brand brand_of(const cli::Context& context, store::Session& session) {
  return app::resolve_brand(session, context.options().brand);
}

/// The rules that count for a brand: those asked for, else those of its settings.
inline cli::Rules rules_of(const cli::Context& context, const store::Brand& brand) {
  if (context.options().rules) return context.rules();
  const core::Json own = brand.account_config.value("rules", core::Json());
  return own == "classic" ? cli::Rules::kClassic : cli::Rules::kRobust;
}

inline learning::Rules learning_rules(cli::Rules rules) {
  return rules == cli::Rules::kClassic ? learning::Rules::kClassic : learning::Rules::kRobust;
}

}  // namespace adgenome::commands
