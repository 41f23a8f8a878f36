#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// The commands that this program has, by path ("genome update").
using CommandSet = std::set<std::string, std::less<>>;

/// One command that a job runs.
struct JobStep {
  std::string_view name;
  std::string_view command;                      ///< "genome update"
  std::vector<std::string_view> arguments = {};  ///< fixed ones
  std::vector<std::string_view> needs = {};      ///< steps without which this one is not run
  std::string_view input_of = {};                ///< the step whose output it reads; one of `needs`
  std::string_view each_file_of = {};        ///< run for each new file of this parameter's folder
  std::vector<std::string_view> notes = {};  ///< members of its output for the job's metadata
  std::string_view nothing_made = {};        ///< what exit code 4 is called
  std::string_view nothing_made_hint = {};
};

/// A parameter of a job, which becomes the option of its name of the steps that are listed (none:
/// the job itself reads it).
struct JobParameter {
  std::string_view name;
  std::vector<std::string_view> steps = {};
  bool is_required = false;
};

/// One row a type. It is offered once all of its commands exist.
struct JobType {
  std::string_view name;
  std::string_view summary;
  std::vector<JobStep> steps;
  std::vector<JobParameter> parameters = {};
  std::string_view schedule = {};  ///< the usual one, in cron form
  std::chrono::seconds time_limit = std::chrono::hours{1};

  const JobStep& step(std::string_view step_name) const;
};

std::span<const JobType> job_types();

/// The commands of a type that do not exist.
std::vector<std::string> missing_commands(const JobType& type, const CommandSet& commands);

/// The type of this name among those whose commands exist; null where it is unknown.
const JobType* find_job_type(std::string_view name, const CommandSet& commands);

/// The same; throws InvalidInput naming the known ones.
const JobType& require_job_type(std::string_view name, const CommandSet& commands);

}  // namespace adgenome::app
