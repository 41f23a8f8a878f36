#pragma once

#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// What the genome says to prompts, as advice: by dimension the three values of the highest lower
/// bounds, and those whose interval lies below the dimension's mean. Null where nothing was learned
/// yet.
core::Json performance_context(store::Session& session, const std::string& brand_id);

}  // namespace adgenome::app
