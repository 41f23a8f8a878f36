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

/// `only` leaves out every other ad; empty: all that are rejected, a person's decision before the
/// machine's. Throws InvalidInput for a batch that is not there.
RetryPlan plan_retry(store::Session& session, const store::Brand& brand,
                     const std::string& batch_id, const std::vector<std::string>& only);

}  // namespace adgenome::app
