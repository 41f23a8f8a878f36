#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/workers.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

struct SimulateOptions {
  std::string world = "default";           ///< "default" or a file
  std::vector<std::string> policies = {};  ///< empty: all
  std::string preset = "smart_select";     ///< a built-in one or a file
  std::int64_t weeks = 40;
  std::int64_t repetitions = 20;
  std::uint64_t seed = 0;
  std::optional<double> half_life_weeks = {};  ///< of what the linear model learned
};

/// Plays policies in worlds with known truth: adgenome/simulation/v1 without `schema`.
core::Json simulate_worlds(const SimulateOptions& options, const core::Workers& workers,
                           const std::function<void(std::int64_t)>& on_repetitions);

}  // namespace adgenome::app
