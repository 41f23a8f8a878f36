#pragma once

#include <adgenome/app/generate.hpp>
#include <string>

#include "batch_plan.hpp"
#include "chosen_templates.hpp"

namespace adgenome::app {

/// A child for each rejected ad of a batch, with the elements of its parent and what was wrong with
/// it as instructions.
struct RetryPlan {
  BatchPlan plan;
  Chosen chosen;
};

/// Throws InvalidInput for a batch that is not there.
RetryPlan plan_retry(store::Session& session, const store::Brand& brand,
                     const std::string& batch_id);

}  // namespace adgenome::app
