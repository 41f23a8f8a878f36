#include <adgenome/app/simulate.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/simulate/simulation.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

std::vector<simulate::Policy> policies_of(const std::vector<std::string>& names) {
  const std::vector<std::string> known = simulate::policy_names();
  std::vector<simulate::Policy> policies;
  for (const std::string& name : names.empty() ? known : names) {
    const auto policy = simulate::parse_policy(name);
    if (!policy) {
      const auto near = core::nearest(name, known);
      throw core::UsageError(
          "no policy \"" + name + "\"",
          near ? "did you mean " + *near + "?" : "policies: " + core::join(known, ", "));
    }
    policies.push_back(*policy);
  }
  return policies;
}

}  // namespace

core::Json simulate_worlds(const SimulateOptions& options, const core::Workers& workers,
                           const std::function<void(std::int64_t)>& on_repetitions) {
  auto preset = scoring::built_in_preset(options.preset);
  if (!preset) preset = scoring::parse_preset(core::read_json(options.preset), options.preset);
  if (!preset->programs.empty()) {
    throw core::InvalidInput(
        "scorers that are programs cannot be simulated: " + preset->programs.front(),
        "give a preset of built-in scorers");
  }
  const std::vector<simulate::World> worlds =
      options.world == "default"
          ? simulate::default_worlds()
          : simulate::parse_worlds(core::read_json(options.world), options.world);
  const simulate::SimulationOptions wanted{.policies = policies_of(options.policies),
                                           .preset = *preset,
                                           .weeks = options.weeks,
                                           .repetitions = options.repetitions,
                                           .seed = options.seed,
                                           .half_life_weeks = options.half_life_weeks};
  core::Json results = core::Json::array();
  for (const auto& result : simulate::simulate(worlds, wanted, workers, on_repetitions)) {
    results.push_back(simulate::to_json(result));
  }
  return {{"seed", core::wide_integer(options.seed)},
          {"preset", preset->name},
          {"weeks", options.weeks},
          {"repetitions", options.repetitions},
          {"half_life_weeks",
           options.half_life_weeks ? core::Json(*options.half_life_weeks) : core::Json()},
          {"results", std::move(results)}};
}

}  // namespace adgenome::app
