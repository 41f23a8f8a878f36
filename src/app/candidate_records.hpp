#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/scoring/pool.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::app {

/// Candidates as their records tell them. Throws InvalidInput with line and pointer for a value
/// of the wrong type or range and for an id that occurs twice; members that no candidate has are
/// passed over and named in `warnings`. Where `lines` is given, the records are added to it as
/// they came, one a line.
scoring::Pool read_candidates(core::RecordReader& reader, std::vector<std::string>& warnings,
                              std::string* lines = nullptr);

/// What an ad library tells, from its members; `number` gives one where it is there, `refuse`
/// throws for one that cannot be.
scoring::AdLibrary read_ad_library(
    const std::function<std::optional<double>(const char* member)>& number,
    const std::function<void(const char* member, const std::string& message)>& refuse);

/// The context of a selection from its document; likewise.
scoring::Context parse_context(const core::Json& document, const std::string& source,
                               std::vector<std::string>& warnings);

/// A stage of awareness by its name or number; nothing for another text.
std::optional<int> parse_stage(std::string_view text);

}  // namespace adgenome::app
