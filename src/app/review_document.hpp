#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/creative/rubric.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::app {

/// Checks by id: {"V1": {"score", "evidence"}}.
core::Json to_json(const std::vector<creative::CheckScore>& checks);
core::Json to_json(const std::vector<creative::Defect>& defects);

/// A review as it stands in adgenome/review/v1.
core::Json to_json(const std::string& ad_id, const creative::Review& review);

}  // namespace adgenome::app
