#pragma once

#include <adgenome/creative/prompt_version.hpp>
#include <map>
#include <string>

#include "generation_plan.hpp"

namespace adgenome::app {

/// Every version of prompts that a run of the plan is worded by: that of the request's folder,
/// where it has one of the name, else the built-in one. Throws InvalidInput where there is none.
std::map<std::string, creative::PromptVersion> prompt_versions(const GenerateRequest& request,
                                                               const BatchPlan& plan);

}  // namespace adgenome::app
