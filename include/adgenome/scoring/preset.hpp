#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::scoring {

/// How the weights of a draw are found.
enum class Explore {
  kNone,
  kThompson,  ///< drawn from their posteriors, once a selection
};

/// What a preset promises of its draws over real candidates.
struct Expectations {
  std::optional<double> min_effective_templates = {};
  std::optional<double> max_share = {};
  std::optional<double> min_gate_survivors = {};
  std::optional<double> max_distance_to_baseline = {};

  bool any() const {
    return min_effective_templates || max_share || min_gate_survivors || max_distance_to_baseline;
  }
};

/// How scores become a draw.
struct Preset {
  std::string name;
  Weights weights;
  /// What pools with ad-library data add to the weights.
  Weights ad_library_weights = {};
  /// Scorers that are programs, as in "exec:./mine": their weights stand behind the registry's.
  std::vector<std::string> programs = {};
  double temperature = 1;
  /// Wanted effective number of templates; the temperature is solved for each pool.
  std::optional<double> target_effective = {};
  double explore_floor = 0;
  std::optional<double> min_asset_score = {};
  Explore explore = Explore::kNone;
  double max_similarity = 1;
  Expectations expect = {};
};

/// The weights that a preset means for a pool.
Weights weights_for(const Preset& preset, const Pool& pool);
Weights weights_for(const Preset& preset, bool has_ad_library);

/// Name of the scorer at a position of the preset's weights.
std::string_view scorer_name(const Preset& preset, std::size_t scorer);

/// The built-in presets, by name.
std::optional<Preset> built_in_preset(std::string_view name);
std::vector<std::string> built_in_preset_names();

/// Reads a preset; `source` names it in errors and gives its name where it has none. Throws
/// InvalidInput naming the member: an unknown scorer or member, a weight that is negative or not
/// a number, a temperature that is not above 0.
Preset parse_preset(const core::Json& document, const std::string& source);

/// The same, but everything that is wrong is added to `problems`, and what is right is read.
Preset parse_preset(const core::Json& document, const std::string& source,
                    std::vector<core::InvalidInput>& problems);

/// The preset as a file of its own would say it.
core::Json to_json(const Preset& preset);

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
void replace_weights(Preset& preset, const core::Json& map, const std::string& where);

}  // namespace adgenome::scoring
