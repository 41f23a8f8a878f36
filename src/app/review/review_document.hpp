#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/creative/verdict.hpp>
#include <adgenome/store/reviews.hpp>
#include <nlohmann/json.hpp>

#include "judging.hpp"

namespace adgenome::app {

/// Checks by id: {"V1": {"score", "evidence"}}.
core::Json to_json(const std::vector<creative::CheckScore>& checks);
core::Json to_json(const std::vector<creative::Defect>& defects);

/// A stage as it is stored, and back: a list of checks, so that their order is kept. Throws
/// InvalidInput naming `where`.
core::Json stage_to_json(const creative::ReviewStage& stage);
creative::ReviewStage stage_from_json(const core::Json& document, const std::string& where);

/// A review as it stands in adgenome/review/v1.
core::Json to_json(const store::AdForReview& ad, const creative::Review& review,
                   const Judging& judging, bool is_cached);

}  // namespace adgenome::app
