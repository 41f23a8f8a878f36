#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/workers.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/simulate/world.hpp>
#include <adgenome/stats/ratio_mean.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::simulate {

/// Who selects.
enum class Policy {
  kStatic,   ///< the preset's own weights
  kUniform,  ///< every candidate alike
  kBeta,     ///< learned weights, method beta, in use as they are learned
  kLinear,   ///< the same with method linear
  kGated,    ///< method linear, in use only where the posterior gate promotes it
  kOracle,   ///< the true effects as weights
};

std::string_view name_of(Policy policy);
std::optional<Policy> parse_policy(std::string_view name);
std::vector<std::string> policy_names();

struct SimulationOptions {
  std::vector<Policy> policies;
  scoring::Preset preset;  ///< what learning starts from, with its temperature and floor
  std::int64_t weeks = 40;
  std::int64_t repetitions = 20;
  std::uint64_t seed = 0;
  /// After so many weeks a snapshot counts half for the linear model; nothing: for ever alike.
  std::optional<double> half_life_weeks = {};
};

/// One policy in one world, over the repetitions. Rewards are expected ones: the truth of what
/// was drawn, without the noise.
struct PolicyResult {
  std::string world;
  Policy policy = Policy::kStatic;
  std::optional<stats::Estimate> reward = {};  ///< of a template drawn, mean over all weeks
  std::optional<stats::Estimate> regret = {};  ///< to the oracle, likewise
  /// Reward as a share of the static preset's, less 1.
  std::optional<stats::Estimate> gain = {};
  /// Share of the oracle's advantage over the static preset that is captured in the last four
  /// weeks; nothing where there is no advantage.
  std::optional<stats::Estimate> captured = {};
  std::optional<double> promoted = {};  ///< share of repetitions in which a gate promoted anything
  std::vector<std::optional<stats::Estimate>> reward_by_week = {};
  std::vector<std::optional<stats::Estimate>> regret_by_week = {};
};

/// Plays every policy in every world: selection by the real scorers and draw, noisy rewards that
/// come late, the real learners once a week. Repetitions differ by their seed; the policies of one
/// repetition meet the same templates, products and noise. `on_repetition` is called now and then
/// with how many more repetitions are done.
std::vector<PolicyResult> simulate(std::span<const World> worlds, const SimulationOptions& options,
                                   const core::Workers& workers,
                                   const std::function<void(std::int64_t)>& on_repetitions);

core::Json to_json(const PolicyResult& result);

}  // namespace adgenome::simulate
