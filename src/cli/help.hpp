#pragma once

#include <adgenome/cli/application.hpp>
#include <string>
#include <vector>

namespace adgenome::cli {

/// `adgenome --help`.
std::string overview(const std::vector<CommandGroup>& groups);

/// `adgenome PATH --help`; `path` is what stands before the options ("experiment analyze").
std::string help_of(const Command& command, const std::string& path);

}  // namespace adgenome::cli
