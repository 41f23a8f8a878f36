#include <adgenome/simulate/simulation.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "player.hpp"

namespace adgenome::simulate {
namespace {

constexpr std::array<std::pair<Policy, std::string_view>, 6> kPolicies{
    {{Policy::kStatic, "static"},
     {Policy::kUniform, "uniform"},
     {Policy::kBeta, "beta"},
     {Policy::kLinear, "linear"},
     {Policy::kGated, "gated"},
     {Policy::kOracle, "oracle"}}};
constexpr std::size_t kLastWeeks = 4;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double mean_of_last_weeks(const Played& played) {
  const std::span all(played.reward_by_week);
  return mean(all.last(std::min(all.size(), kLastWeeks)));
}

std::optional<stats::Estimate> estimate(const stats::RatioMean& values) {
  return values.estimate(stats::IntervalMethod::kBootstrap, 1);
}

/// A policy's repetitions beside those of the oracle and of the static preset.
PolicyResult summarise(const World& world, Policy policy, std::span<const Played> played,
                       std::span<const Played> oracle, std::span<const Played> fixed) {
  PolicyResult result{.world = world.name, .policy = policy};
  stats::RatioMean reward;
  stats::RatioMean regret;
  stats::RatioMean gain;
  stats::RatioMean captured;
  double promoted = 0;
  for (std::size_t i = 0; i < played.size(); ++i) {
    const double earned = mean(played[i].reward_by_week);
    const double without = mean(fixed[i].reward_by_week);
    reward.add(earned);
    regret.add(mean(oracle[i].reward_by_week) - earned);
    gain.add(earned - without, without);
    captured.add(mean_of_last_weeks(played[i]) - mean_of_last_weeks(fixed[i]),
                 mean_of_last_weeks(oracle[i]) - mean_of_last_weeks(fixed[i]));
    promoted += played[i].has_promoted;
  }
  result.reward = estimate(reward);
  result.regret = estimate(regret);
  result.gain = estimate(gain);
  // Of nothing there is no share.
  if (captured.sum_b() > 1e-6 * static_cast<double>(played.size())) {
    result.captured = estimate(captured);
  }
  if (policy == Policy::kGated) result.promoted = promoted / static_cast<double>(played.size());
  for (std::size_t week = 0; week < played.front().reward_by_week.size(); ++week) {
    stats::RatioMean of_week;
    stats::RatioMean lost;
    for (std::size_t i = 0; i < played.size(); ++i) {
      of_week.add(played[i].reward_by_week[week]);
      lost.add(oracle[i].reward_by_week[week] - played[i].reward_by_week[week]);
    }
    result.reward_by_week.push_back(estimate(of_week));
    result.regret_by_week.push_back(estimate(lost));
  }
  return result;
}

core::Json value_json(const std::optional<stats::Estimate>& estimate) {
  return estimate ? core::Json(estimate->value) : core::Json();
}

core::Json interval_json(const std::optional<stats::Estimate>& estimate) {
  if (!estimate || !estimate->interval) return nullptr;
  const auto& [lower, upper] = *estimate->interval;
  // Too few repetitions to bound it.
  if (!std::isfinite(lower) || !std::isfinite(upper)) return nullptr;
  return {lower, upper};
}

}  // namespace

std::string_view name_of(Policy policy) {
  return kPolicies[static_cast<std::size_t>(policy)].second;
}

std::optional<Policy> parse_policy(std::string_view name) {
  for (const auto& [policy, known] : kPolicies) {
    if (known == name) return policy;
  }
  return std::nullopt;
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const auto& [policy, name] : kPolicies) names.emplace_back(name);
  return names;
}

std::vector<PolicyResult> simulate(std::span<const World> worlds, const SimulationOptions& options,
                                   const core::Workers& workers,
                                   const std::function<void(std::int64_t)>& on_repetitions) {
  // All are held to the oracle and to the static preset.
  std::vector<Policy> all = options.policies;
  for (const Policy needed : {Policy::kStatic, Policy::kOracle}) {
    if (std::find(all.begin(), all.end(), needed) == all.end()) all.push_back(needed);
  }
  const auto place = [&](Policy policy) {
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), policy) - all.begin());
  };
  std::vector<PolicyResult> results;
  const auto repetitions = static_cast<std::size_t>(options.repetitions);
  for (const World& world : worlds) {
    std::vector<std::vector<Played>> played(all.size(), std::vector<Played>(repetitions));
    std::atomic<std::size_t> next = 0;
    workers.run([&](int worker) {
      std::int64_t done = 0;
      for (std::size_t i = next++; i < repetitions; i = next++) {
        for (std::size_t p = 0; p < all.size(); ++p) {
          played[p][i] = play(world, all[p], options, static_cast<std::int64_t>(i));
        }
        // Only the calling thread, which is the last worker, may speak; it counts for all.
        if (worker != workers.count() - 1) continue;
        const auto started = static_cast<std::int64_t>(std::min(next.load(), repetitions));
        on_repetitions(started - done);
        done = started;
      }
    });
    for (const Policy policy : options.policies) {
      results.push_back(summarise(world, policy, played[place(policy)],
                                  played[place(Policy::kOracle)], played[place(Policy::kStatic)]));
    }
  }
  return results;
}

core::Json to_json(const PolicyResult& result) {
  core::Json weeks = core::Json::array();
  for (std::size_t week = 0; week < result.reward_by_week.size(); ++week) {
    weeks.push_back({{"week", week + 1},
                     {"reward", value_json(result.reward_by_week[week])},
                     {"reward_interval", interval_json(result.reward_by_week[week])},
                     {"regret", value_json(result.regret_by_week[week])},
                     {"regret_interval", interval_json(result.regret_by_week[week])}});
  }
  return {{"world", result.world},
          {"policy", name_of(result.policy)},
          {"reward", value_json(result.reward)},
          {"reward_interval", interval_json(result.reward)},
          {"regret", value_json(result.regret)},
          {"regret_interval", interval_json(result.regret)},
          {"gain", value_json(result.gain)},
          {"gain_interval", interval_json(result.gain)},
          {"captured", value_json(result.captured)},
          {"captured_interval", interval_json(result.captured)},
          {"promoted", result.promoted ? core::Json(*result.promoted) : core::Json()},
          {"weeks", std::move(weeks)}};
}

}  // namespace adgenome::simulate
