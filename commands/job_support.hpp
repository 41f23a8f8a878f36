#pragma once

#include <adgenome/app/job_types.hpp>
#include <adgenome/cli/documentation.hpp>
#include <string_view>
#include <vector>

namespace adgenome::commands {

/// The commands of this program that can be run.
app::CommandSet command_set();

/// An option of a command by its name without dashes. Throws Error where a job type names one that
/// does not exist.
const cli::Option& option_of(const std::vector<cli::CommandPath>& commands,
                             std::string_view command, std::string_view name);

}  // namespace adgenome::commands
