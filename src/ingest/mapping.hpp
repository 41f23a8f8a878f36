#pragma once

#include <adgenome/ingest/performance.hpp>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns.hpp"
#include "conversions.hpp"
#include "fields.hpp"

namespace adgenome::ingest {

/// Where each field of a performance row comes from in an export.
struct Mapping {
  std::string source;
  std::string language;  ///< of most of its columns

  struct Place {
    std::optional<std::size_t> column;
    std::optional<std::string> constant;  ///< instead of a column
    std::string shown;                    ///< the column's name, or "=constant"
    bool is_there() const { return column || constant; }
  };
  std::array<Place, kFieldCount> places;
  Place& operator[](Field field) { return places[index_of(field)]; }
  const Place& operator[](Field field) const { return places[index_of(field)]; }

  bool spend_is_micros = false;  ///< the column holds micros of the Google Ads API
  /// Where conversions come from a count of whatever the campaign is for: what that is.
  std::optional<std::size_t> result_type;
  struct TagColumn {
    std::string name;
    std::size_t column = 0;
  };
  std::vector<TagColumn> tags;
  std::optional<std::string> header_currency;  ///< of "Amount spent (EUR)"
  std::vector<std::string> ignored;            ///< columns that nothing is read from
  std::size_t column_count = 0;
};

/// Recognises the headers of exports and maps their columns.
class Mapper {
 public:
  /// Throws UsageError or InvalidInput for options that name what is not there.
  explicit Mapper(const PerformanceOptions& options);

  /// Whether this line of cells is the header of an export that is known, or holds every column
  /// that the user names.
  bool is_header(const std::vector<std::string_view>& cells) const;

  /// Throws InvalidInput naming what is missing.
  Mapping map(const std::vector<std::string_view>& header, const std::string& where) const;

  /// How a total row may begin, folded.
  std::vector<std::string> total_words(const Mapping& mapping) const;
  /// Whether a cell of the column `result_type` names the event that counts.
  bool is_event(std::string_view source, std::string_view result_type) const;

 private:
  struct Column;
  std::optional<std::string> recognise(const std::vector<Column>& header,
                                       const std::string& where) const;
  void map_source(const std::vector<Column>& header, Mapping& mapping) const;
  void map_conversions(const std::vector<Column>& header, Mapping& mapping) const;
  void map_given(const std::vector<Column>& header, Mapping& mapping,
                 const std::string& where) const;
  void find_currency(const std::vector<Column>& header, Mapping& mapping,
                     const std::string& where) const;
  void check_unused(const std::vector<Column>& header, Mapping& mapping,
                    const std::string& where) const;
  void require_fields(const Mapping& mapping, const std::string& where) const;

  const PerformanceOptions& options_;
  ColumnTable table_;
  EventLadder ladder_;
};

}  // namespace adgenome::ingest
