#pragma once

#include <adgenome/store/catalogue.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// The brand that `wanted` names: its exact id, else its exact name, else the only name that is the
/// same without regard to case; without `wanted` the store's only brand. Throws InvalidInput
/// (listing ids) or UsageError (no brand named and not exactly one there).
store::Brand resolve_brand(store::Session& session, const std::optional<std::string>& wanted);

}  // namespace adgenome::app
