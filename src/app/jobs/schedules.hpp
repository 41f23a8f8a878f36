#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace adgenome::app {

/// A brand's schedules, each with its last success and whether it has been silent for too long.
core::Json schedules_document(store::Session& session, const std::string& brand_id, core::Time now);

/// One of them that is silent, in words.
std::string silence_of(const core::Json& schedule);

}  // namespace adgenome::app
