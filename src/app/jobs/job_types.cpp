#include <adgenome/app/job_types.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {

// One row a type: what it runs, which step needs which, and how often it is usually run.
std::span<const JobType> job_types() {
  using std::chrono::hours;
  using std::chrono::minutes;
  static const std::vector<JobType> types = {
      {.name = "meta_sync",
       .summary = "pull campaigns, ads and daily insights from Meta",
       .steps = {{.name = "sync",
                  .command = "sync meta",
                  .notes = {"skipped", "reason", "campaign_sync_error", "campaigns_affected"}}},
       .parameters = {{"account", {"sync"}}, {"since", {"sync"}}},
       .schedule = "0 2 * * *",
       .time_limit = hours{4}},
      {.name = "performance_import",
       .summary = "import the files of a watched folder that were not imported yet",
       .steps = {{.name = "import", .command = "import performance", .each_file_of = "dir"}},
       .parameters = {{.name = "dir", .is_required = true},
                      {"source", {"import"}},
                      {"map", {"import"}},
                      {"set", {"import"}},
                      {"tags", {"import"}},
                      {"dates", {"import"}}}},
      {.name = "ad_creation",
       .summary = "select templates, make ads of them, review and embed them",
       .steps =
           {{.name = "select",
             .command = "select",
             .arguments = {"--record"},
             .nothing_made = "no_eligible_templates",
             .nothing_made_hint = "lower min_asset_score, analyse more templates, or add "
                                  "product pictures"},
            {.name = "generate",
             .command = "generate",
             .arguments = {"--yes"},
             .needs = {"select"},
             .input_of = "select"},
            {.name = "review", .command = "review", .needs = {"generate"}, .input_of = "generate"},
            {.name = "embed",
             .command = "embed",
             .arguments = {"--missing"},
             .needs = {"generate"}}},
       .parameters = {{.name = "product", .steps = {"select"}, .is_required = true},
                      {"persona", {"select", "generate"}},
                      {"preset", {"select"}},
                      {"count", {"select"}},
                      {"category", {"select"}},
                      {"weights", {"select"}},
                      {"min-asset-score", {"select"}},
                      {"offer-variant", {"generate"}},
                      {"sizes", {"generate"}},
                      {"colors", {"generate"}},
                      {"hooks", {"generate"}},
                      {"elements", {"generate"}},
                      {"source", {"generate"}},
                      {"provider", {"generate"}},
                      {"retry", {"review"}}},
       .time_limit = hours{2}},
      {.name = "creative_genome_update",
       .summary = "rewards of ads, and what they say of each element",
       .steps = {{.name = "reward", .command = "reward"},
                 {.name = "genome", .command = "genome update", .needs = {"reward"}}},
       .schedule = "0 3 * * 1"},
      {.name = "genome_validation",
       .summary = "hold what was learned against new evidence, and learn the weights",
       .steps = {{.name = "validate", .command = "genome validate"},
                 {.name = "interactions", .command = "interactions"},
                 {.name = "learn-weights", .command = "learn-weights"},
                 {.name = "weights-check", .command = "weights check", .needs = {"learn-weights"}},
                 {.name = "whitespace", .command = "whitespace"},
                 {.name = "cluster", .command = "cluster"},
                 {.name = "monitor", .command = "monitor"}},
       .schedule = "0 4 * * 0",
       .time_limit = hours{4}},
      {.name = "quality_calibration",
       .summary = "propose review thresholds from what people decided",
       .steps = {{.name = "calibrate", .command = "calibrate"}},
       .schedule = "0 3 * * 6"},
      {.name = "experiment_analysis",
       .summary = "look at every running experiment",
       .steps = {{.name = "monitor", .command = "experiment monitor"}},
       .schedule = "0 6 * * *"},
      {.name = "fatigue_check",
       .summary = "find ads that wear out",
       .steps = {{.name = "fatigue", .command = "fatigue"}},
       .schedule = "0 */6 * * *"},
      {.name = "winner_indexing",
       .summary = "keep the winners in memory",
       .steps = {{.name = "index", .command = "winners index"}},
       .schedule = "0 */12 * * *"},
      {.name = "change_execution",
       .summary = "carry out the budget changes that were approved",
       .steps = {{.name = "execute", .command = "changes execute"}},
       .schedule = "* * * * *",
       .time_limit = minutes{10}},
  };
  return types;
}

const JobStep& JobType::step(std::string_view step_name) const {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const JobStep& candidate) {
    return candidate.name == step_name;
  });
  if (found == steps.end()) {
    throw core::Error(core::ExitCode::kInternal,
                      "job type " + std::string(name) + " has no step " + std::string(step_name));
  }
  return *found;
}

std::vector<std::string> missing_commands(const JobType& type, const CommandSet& commands) {
  std::vector<std::string> missing;
  for (const JobStep& step : type.steps) {
    if (!commands.contains(step.command)) missing.emplace_back(step.command);
  }
  return missing;
}

const JobType* find_job_type(std::string_view name, const CommandSet& commands) {
  for (const JobType& type : job_types()) {
    if (type.name == name && missing_commands(type, commands).empty()) return &type;
  }
  return nullptr;
}

const JobType& require_job_type(std::string_view name, const CommandSet& commands) {
  if (const JobType* type = find_job_type(name, commands)) return *type;
  std::vector<std::string> known;
  for (const JobType& type : job_types()) {
    if (missing_commands(type, commands).empty()) known.emplace_back(type.name);
  }
  throw core::InvalidInput("unknown job type \"" + std::string(name) + "\"",
                           "known are " + core::join(known, ", "));
}

}  // namespace adgenome::app
