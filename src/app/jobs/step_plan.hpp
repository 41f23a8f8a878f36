#pragma once

#include <adgenome/app/job_types.hpp>
#include <adgenome/store/jobs.hpp>
#include <adgenome/store/session.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// One command of a job as it is to be run.
struct StepPlan {
  const JobStep* step;
  std::string name;                    ///< that of the step, with the file where it is for one
  std::vector<std::string> arguments;  ///< command, fixed arguments, the job's parameters
};

/// The commands of a job in order. Throws InvalidInput for a folder that cannot be read.
std::vector<StepPlan> plan_steps(store::Session& session, const store::Job& job,
                                 const JobType& type);

}  // namespace adgenome::app
