#pragma once

#include <adgenome/simulate/simulation.hpp>
#include <cstdint>
#include <vector>

namespace adgenome::simulate {

/// What one policy earned in one repetition.
struct Played {
  std::vector<double> reward_by_week;  ///< expected reward, mean over what was drawn
  bool has_promoted = false;
};

/// Plays one policy in one repetition of a world.
Played play(const World& world, Policy policy, const SimulationOptions& options,
            std::int64_t repetition);

}  // namespace adgenome::simulate
