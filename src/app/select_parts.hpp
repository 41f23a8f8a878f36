#pragma once

#include <adgenome/app/select.hpp>
#include <adgenome/core/json.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// How a selection is made, from options, preset and the brand's settings.
struct SelectMethod {
  scoring::Preset preset = {.name = "", .weights = {}};
  std::string folder = {};  ///< of the preset's file: its programs are found from there
  std::optional<scoring::WeightSet> weights = {};  ///< in place of the preset's
  core::Json learned = nullptr;   ///< the output of learn-weights that they come from
  std::string learned_from = {};  ///< its file or weight set
  scoring::Gate gate = {};
  double max_similarity = 1;
};

/// Candidates, and where the preset's programs want them, as JSON lines.
struct Candidates {
  scoring::Pool pool;
  std::string lines = {};
  std::vector<std::string> warnings = {};
};

/// `config` is the brand's selection_config, null where there is no brand; `where` names it.
/// Its weights replace those of single scorers in a built-in preset, never in a file. For the
/// gate the first that says something counts: options, preset, brand. Weights that the options
/// name as "learned" are not found here.
SelectMethod find_method(const SelectOptions& options, const core::Json& config,
                         const std::string& where);

/// The same for a preset that was read already from a file or by its built-in name.
SelectMethod method_for_preset(scoring::Preset preset, const std::string& name,
                               const SelectOptions& options, const core::Json& config,
                               const std::string& where);

/// Takes the weights of an output of learn-weights; `source` names it.
void use_learned(SelectMethod& method, const core::Json& learned, const std::string& source);

/// A preset by its name or file.
scoring::Preset find_preset(const std::string& name);

/// What each of the preset's programs says of the candidates.
std::vector<std::vector<double>> run_programs(const SelectMethod& method,
                                              const Candidates& candidates, std::int64_t timeout_s);

/// The candidates of a brand's product in the store, and what they are for.
struct StoreCandidates {
  scoring::Context context;
  Candidates candidates;
};
StoreCandidates candidates_from_store(store::Session& session, const store::Brand& brand,
                                      const std::string& product_id,
                                      const std::optional<std::string>& persona_id,
                                      const SelectMethod& method,
                                      const store::KnownAt& known_at = {});

/// find_method() with the brand's settings, and its champion's weights where they are wanted.
SelectMethod method_for_brand(store::Session& session, const store::Brand& brand,
                              const SelectOptions& options);

/// Selects, and describes the outcome as adgenome/selection/v1. The candidates' warnings come
/// first in it.
PooledSelection select_and_describe(const Candidates& candidates, scoring::Context context,
                                    const SelectMethod& method, const SelectOptions& options);

}  // namespace adgenome::app
