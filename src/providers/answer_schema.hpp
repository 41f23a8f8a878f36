#pragma once

#include <adgenome/core/json.hpp>
#include <optional>
#include <string>

namespace adgenome::providers {

/// The first way in which a value is not what a schema asks for ("/checks/V1/score: expected a
/// number"); nothing where it is. Knows the words that Question allows; throws Error (internal) for
/// a schema with others, so that none is believed to be checked that is not.
std::optional<std::string> schema_fault(const core::Json& value, const core::Json& schema,
                                        const std::string& where = "");

/// The schema without minimum and maximum, for providers that refuse them.
core::Json without_bounds(const core::Json& schema);

}  // namespace adgenome::providers
