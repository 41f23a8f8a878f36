#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/off_policy.hpp>
#include <adgenome/store/catalogue.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace adgenome::app {

struct EvaluateOptions {
  std::optional<std::string> policy = {};  ///< a preset or a weight set
  /// Two policies whose difference is wanted, first less second.
  std::optional<std::pair<std::string, std::string>> compare = {};
  scoring::EvaluationOptions estimation = {};
};

/// The document adgenome/evaluation/v1 (without `schema`) from logged draws in a file; "-" is
/// standard input. Draws of one selection are held together by `selection_id`. To compare, or
/// with a policy, `target_propensity` may be an object of policy to probability.
core::Json evaluate_input(const std::string& path, const EvaluateOptions& options,
                          core::Rejects& rejects, const std::function<void()>& on_row);

/// The same from the brand's recorded selections that kept their pools and whose rewards are known.
/// Policies are presets (built in or a file) and weight sets of the brand; these draw as
/// smart_select does.
core::Json evaluate_in_store(store::Session& session, const store::Brand& brand,
                             const EvaluateOptions& options, core::Time now);

}  // namespace adgenome::app
