#pragma once

#include <adgenome/app/evaluate.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/scoring/preset.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// A policy that could have drawn.
struct TargetPolicy {
  std::string name;
  scoring::Preset preset;                     ///< how it draws
  core::Json learned = nullptr;               ///< weights that take the place of the preset's
  std::optional<core::Time> learned_at = {};  ///< of a weight set
};

/// A weight set of the brand, which draws as smart_select does, or a preset with the brand's own
/// weights in it, by its name or file.
TargetPolicy target_policy(store::Session& session, const store::Brand& brand,
                           const std::string& name);

/// What a policy would have earned on the brand's recorded selections: a document
/// adgenome/evaluation/v1 without its schema. `compared` are two whose difference is wanted.
core::Json evaluate_policy(store::Session& session, const store::Brand& brand,
                           const TargetPolicy& policy,
                           const std::optional<std::pair<TargetPolicy, TargetPolicy>>& compared,
                           const scoring::EvaluationOptions& estimation, core::Time now);

}  // namespace adgenome::app
