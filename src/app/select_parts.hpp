#pragma once

#include <adgenome/app/select.hpp>
#include <adgenome/core/json.hpp>
#include <string>
#include <vector>

namespace adgenome::app {

/// How a selection is made, from options, preset and the brand's settings.
struct SelectMethod {
  scoring::Preset preset;
  scoring::WeightSet weights;
  scoring::Gate gate;
};

/// `config` is the brand's selection_config, null where there is no brand; `where` names it.
/// Its weights replace those of single scorers in a built-in preset, never in a file. For the
/// gate the first that says something counts: options, preset, brand.
SelectMethod find_method(const SelectOptions& options, const core::Json& config,
                         const std::string& where);

/// Selects, and describes the outcome as adgenome/selection/v1. `warnings` come first in it.
core::Json select_and_describe(const scoring::Pool& pool, scoring::Context context,
                               const SelectMethod& method, const SelectOptions& options,
                               const std::vector<std::string>& warnings);

}  // namespace adgenome::app
