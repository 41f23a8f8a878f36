#pragma once

#include <adgenome/core/json.hpp>
#include <string_view>

namespace adgenome::core {

/// The environment variable that names the file descriptor on which a program that works for
/// another one reports how far it is: objects, one a line, each with the members that changed.
inline constexpr std::string_view kProgressChannel = "ADGENOME_PROGRESS_FD";

/// Reports members (`ads_generated`, `current_template`, ...) where somebody asked for it.
void report_progress(const Json& members);

}  // namespace adgenome::core
