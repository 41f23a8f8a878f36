#pragma once

#include <adgenome/app/job_types.hpp>
#include <adgenome/core/json.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// What a command that has ended left behind.
struct StepResult {
  core::Json document;  ///< its standard output; null where that is no document
  core::Json error;     ///< {"error", "reason", "hint"}; null where it is done
  core::Json warnings = core::Json::array();  ///< the last lines of its standard error
  bool may_be_retried = false;
};

StepResult read_result(const JobStep& step, int exit_code, const std::string& output,
                       const std::string& errors);

/// A document without its lists of records: what of it is kept.
core::Json summary_of(const core::Json& document);

}  // namespace adgenome::app
