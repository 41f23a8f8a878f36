#pragma once

#include <adgenome/app/provider_access.hpp>
#include <adgenome/cli/context.hpp>

namespace adgenome::commands {

/// How this run reaches providers, by what is configured for each. Valid as long as the context.
app::ProviderAccess provider_access(const cli::Context& context, bool uses_cache);

}  // namespace adgenome::commands
