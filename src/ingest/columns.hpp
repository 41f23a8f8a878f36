#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::ingest {

/// A name that a column goes by in exports.
struct ColumnName {
  std::string folded;
  std::string language;  ///< or "api" for the names that a platform's interface gives fields
};

/// The names that the columns of one kind of export go by, from the file that is part of the
/// program (src/ingest/assets/columns.json) and from one of the user's (contract columns/v1).
///
/// What they are looked up by is a field of a performance row, or `spend_micros`,
/// `conversions.EVENT` and `conversion_value.EVENT` (what counts for one event only), `results` and
/// `result_type` (a count of whatever the campaign is for), `breakdowns` (columns that make several
/// rows of one ad and day) and `totals` (how a total row begins).
class ColumnTable {
 public:
  /// Throws InvalidInput for a file of the user's that is no such table.
  explicit ColumnTable(const std::optional<std::string>& file);

  /// The names, best first.
  const std::vector<ColumnName>& names(std::string_view source, std::string_view what) const;

 private:
  void add(std::string_view text, const std::string& name, bool is_first);
  std::map<std::string, std::vector<ColumnName>, std::less<>> names_;  // by "source what"
};

}  // namespace adgenome::ingest
