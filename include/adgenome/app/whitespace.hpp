#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// The document adgenome/whitespace/v1 (without `schema`) for one input document, "-" being
/// standard input. No store is opened.
core::Json whitespace_from_input(const std::string& path,
                                 const std::optional<std::string>& brand_id,
                                 const learning::WhitespaceOptions& options);

}  // namespace adgenome::app
