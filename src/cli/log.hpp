#pragma once

#include <adgenome/cli/context.hpp>

namespace adgenome::cli {

/// Points the process's log at standard error in the form that the options ask for.
void set_up_log(const GlobalOptions& options);

}  // namespace adgenome::cli
