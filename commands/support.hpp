#pragma once

#include <adgenome/app/brand.hpp>
#include <adgenome/cli/context.hpp>
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

}  // namespace adgenome::commands
