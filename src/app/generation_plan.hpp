#pragma once

#include <map>
#include <string>
#include <vector>

#include "ad_prompt.hpp"
#include "batch_plan.hpp"
#include "generation_material.hpp"
#include "run_arms.hpp"

namespace adgenome::app {

/// Decides on every attempt, in the order template, text, color mode, size, without ids. Where the
/// brand has an `experiment` active, each run is given its arm first, and is decided as that says.
/// A choice that was left open is drawn. Fewer texts than were asked for is a warning.
BatchPlan decide_runs(store::Session& session, const store::Brand& brand, const Material& material,
                      const std::vector<store::Template>& templates, const GenerateRequest& request,
                      const std::optional<ActiveExperiment>& experiment,
                      std::vector<std::string>& warnings);

/// What goes into the prompts of a batch.
struct PromptParts {
  std::map<std::string, creative::PromptVersion> versions = {};  ///< every one that a run names
  core::Json performance_context = nullptr;
};

/// Who makes the pictures of a run.
std::string provider_of(const GenerateRequest& request, const DecidedRun& run);
/// Under what congruence its headlines are adapted: as its arm, the request, or else the settings
/// say.
double congruence_threshold_of(const core::Json& settings, const GenerateRequest& request,
                               const DecidedRun& run);
/// By which version the prompts of a run are worded.
std::string prompt_version_of(const GenerateRequest& request, const DecidedRun& run);

/// The attempts with all that goes into them. Throws InvalidInput where the catalogue has lost
/// what the plan names.
std::vector<RunPlan> fill_runs(const store::Brand& brand, const Material& material,
                               const std::vector<store::Template>& templates,
                               const GenerateRequest& request, const BatchPlan& plan,
                               const PromptParts& parts);

/// The ads that one batch may hold at most are `cap`: runs are cut between texts, and what goes
/// beyond belongs to batches `ID-2`, `ID-3`, ... Throws InvalidInput where one text alone has more.
void split_plan(BatchPlan& plan, const std::string& batch_id, std::int64_t cap);

/// The batches of a plan in their order.
std::vector<std::string> batches_of(const BatchPlan& plan);

}  // namespace adgenome::app
