#pragma once

#include <adgenome/cli/command.hpp>
#include <adgenome/cli/context.hpp>

namespace adgenome::commands {

// The commands below `experiment`.
cli::Command experiment_analyze();
cli::Command experiment_power();

}  // namespace adgenome::commands
