#pragma once

#include <adgenome/ingest/performance.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::ingest {

/// Where each field of a performance row comes from.
struct Mapping {
  std::string source;
  struct Entry {
    std::string field;
    std::size_t column = 0;
    std::optional<std::string> constant;  ///< instead of a column
    std::string shown;                    ///< the column's name, or "=constant"
  };
  std::vector<Entry> entries;
  /// Columns taken as element tags.
  std::vector<std::pair<std::string, std::size_t>> tags;
  /// The currency that a header carries ("Amount spent (EUR)").
  std::optional<std::string> header_currency;
  std::size_t column_count = 0;

  const Entry* find(std::string_view field) const;
};

/// The fields of a performance row by name, required ones first.
const std::vector<std::string>& performance_fields();

/// Whether this line of cells can be the header of an export that is known.
bool is_header(const std::vector<std::string_view>& cells, const PerformanceOptions& options);

/// Maps columns to fields. Throws InvalidInput naming what is missing.
Mapping map_columns(const std::vector<std::string_view>& header, const PerformanceOptions& options,
                    const std::string& file, std::int64_t line);

}  // namespace adgenome::ingest
