#pragma once

#include <adgenome/core/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::simulate {

/// A world whose truth is known: how many templates there are, and how much the score of each
/// scorer moves the reward.
struct World {
  std::string name;
  std::int64_t templates = 120;
  std::int64_t selections_a_week = 10;
  std::int64_t count = 1;  ///< templates a selection
  double base_reward = 0.45;
  double noise = 0.2;  ///< standard deviation of an observed reward about the expected one
  std::int64_t longest_delay_weeks = 3;  ///< until a reward is known; at least 1
  /// Effects by scorer: what a score of 1 earns more than one of 0.
  std::vector<std::pair<std::string, double>> effects = {};
  /// Where no effects are given: so many scorers of the preset, drawn anew for each repetition,
  /// have `effect`.
  std::int64_t matter = 0;
  double effect = 0.3;
  /// Tastes drift: other scorers are drawn after so many weeks.
  std::optional<std::int64_t> drift_weeks = {};
};

/// Two of the scorers matter; none matters; two matter, and others after every half year.
std::vector<World> default_worlds();

/// Reads one world or a list of them. Throws InvalidInput naming the member.
std::vector<World> parse_worlds(const core::Json& document, const std::string& source);

}  // namespace adgenome::simulate
