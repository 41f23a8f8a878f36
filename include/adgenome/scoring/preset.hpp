#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::scoring {

/// How scores become a draw.
struct Preset {
  std::string name;
  Weights weights;
  double temperature = 1;
  /// Wanted effective number of templates; the temperature is solved for each pool.
  std::optional<double> target_effective = {};
  double explore_floor = 0;
  std::optional<double> min_asset_score = {};
};

/// The built-in presets, by name.
std::optional<Preset> built_in_preset(std::string_view name);
std::vector<std::string> built_in_preset_names();

/// Reads a preset; `source` names it in errors and gives its name where it has none. Throws
/// InvalidInput naming the member: an unknown scorer or member, a weight that is negative or not
/// a number, a temperature that is not above 0, and what is not supported yet.
Preset parse_preset(const core::Json& document, const std::string& source);

/// Weights that take the place of a preset's.
struct WeightSet {
  Weights weights;
  std::optional<std::string> id = {};     ///< of a learned set
  std::optional<std::string> phase = {};  ///< of a learned set: that of its least learned scorer
};

/// Reads weights from a preset, a bare map of scorer to weight, or an output of learn-weights,
/// whose effective weights count. A scorer that is not named has weight 0.
WeightSet parse_weights(const core::Json& document, const std::string& source);

/// Replaces the weights of the scorers that the map names.
void replace_weights(Weights& weights, const core::Json& map, const std::string& where);

}  // namespace adgenome::scoring
