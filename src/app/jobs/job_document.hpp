#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/store/jobs.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace adgenome::app {

core::Json time_or_null(const std::optional<core::Time>& time);
core::Json to_json(const store::Job& job);
core::Json to_json(const store::JobRun& run);

}  // namespace adgenome::app
