#include <doctest/doctest.h>

#include <adgenome/core/workers.hpp>
#include <adgenome/simulate/simulation.hpp>
#include <cstdlib>

using namespace adgenome;
using namespace adgenome::simulate;

namespace {

/// 1,000 worlds under ADGENOME_LONG, fewer otherwise.
bool is_long() {
  return std::getenv("ADGENOME_LONG") != nullptr;
}

PolicyResult played(std::size_t world, Policy policy, std::int64_t weeks, std::int64_t repetitions,
                    std::optional<double> half_life_weeks = {}) {
  const SimulationOptions options{.policies = {policy},
                                  .preset = *scoring::built_in_preset("smart_select"),
                                  .weeks = weeks,
                                  .repetitions = repetitions,
                                  .seed = 7,
                                  .half_life_weeks = half_life_weeks};
  const std::vector<World> worlds{default_worlds()[world]};
  return simulate::simulate(worlds, options, core::Workers::of_this_machine(), [](std::int64_t) {})
      .front();
}

}  // namespace

TEST_CASE("where nothing is to gain the gate promotes in at most a tenth of the years") {
  // Known are 158 of 2,000 (7.9 %); of 40 worlds 10 or more would be 1 in 1,500.
  const PolicyResult result = played(1, Policy::kGated, 52, is_long() ? 1000 : 40);
  REQUIRE(result.promoted);
  MESSAGE("promoted in ", *result.promoted);
  CHECK(*result.promoted <= (is_long() ? 0.1 : 0.25));
  CHECK(result.gain->value >= -0.02);
}

TEST_CASE("where two of eight scorers matter, linear captures most of what there is to gain") {
  const std::int64_t repetitions = is_long() ? 200 : 12;
  const PolicyResult linear = played(0, Policy::kLinear, 40, repetitions);
  const PolicyResult beta = played(0, Policy::kBeta, 40, repetitions);
  REQUIRE(linear.captured);
  MESSAGE("linear captured ", linear.captured->value, ", beta ", beta.captured->value);
  CHECK(linear.captured->value >= 0.65);
  CHECK(beta.captured->value < 0.3);
  REQUIRE(linear.regret_by_week.size() == 40);
  for (const auto& week : linear.regret_by_week) {
    REQUIRE(week);
    REQUIRE(week->interval);
    CHECK(week->interval->lower <= week->value);
    CHECK(week->interval->upper >= week->value);
  }
  // Learning begins after some weeks and then lasts.
  CHECK(linear.regret_by_week.back()->value < 0.6 * linear.regret_by_week.front()->value);
}

TEST_CASE("where tastes change, what forgets captures more; where they last, hardly less") {
  const std::int64_t repetitions = is_long() ? 200 : 12;
  const auto captured = [&](std::size_t world, std::optional<double> half_life_weeks) {
    return played(world, Policy::kLinear, 40, repetitions, half_life_weeks).captured->value;
  };
  const double drifts = captured(2, {});
  const double drifts_forgetting = captured(2, 12);
  const double lasts = captured(0, {});
  const double lasts_forgetting = captured(0, 12);
  MESSAGE("drifting ", drifts, ", forgetting ", drifts_forgetting, "; lasting ", lasts,
          ", forgetting ", lasts_forgetting);
  // In 200 repetitions 0.39 rather than 0.23, and 0.78 rather than 0.83.
  CHECK(drifts_forgetting > drifts + 0.1);
  CHECK(lasts_forgetting < lasts);
  CHECK(lasts_forgetting > lasts - 0.12);
}
