#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/scoring/pool.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// Candidates as their records tell them. Throws InvalidInput with line and pointer for a value
/// of the wrong type or range and for an id that occurs twice; members that no candidate has are
/// passed over and named in `warnings`.
scoring::Pool read_candidates(core::RecordReader& reader, std::vector<std::string>& warnings);

/// The context of a selection from its document; likewise.
scoring::Context parse_context(const core::Json& document, const std::string& source,
                               std::vector<std::string>& warnings);

/// A stage of awareness by its name or number; nothing for another text.
std::optional<int> parse_stage(std::string_view text);

}  // namespace adgenome::app
