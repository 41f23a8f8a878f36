#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::core {

/// Reads delimited text (RFC 4180: quotes double inside quotes, cells may hold line ends; LF or
/// CRLF; a byte-order mark is passed over), row by row in memory bounded by the longest row.
class CsvReader {
 public:
  /// `delimiter` 0: decided from the first line that has one of tab, semicolon or comma.
  CsvReader(std::istream& input, std::string name, char delimiter = 0);

  /// Puts the next row's cells into `cells`; false at the end. A blank line is a row of one empty
  /// cell. Throws InvalidInput for a quote that is never closed, and where the input breaks off.
  /// The views last until the next call.
  bool next(std::vector<std::string_view>& cells);

  std::int64_t line() const { return line_; }  ///< on which the last row began, from 1
  /// The last row as it stands, no line end.
  std::string_view raw() const { return {buffer_.data() + raw_begin_, raw_end_ - raw_begin_}; }
  char delimiter() const { return delimiter_; }
  const std::string& name() const { return name_; }

 private:
  bool read_more();
  bool cut(std::vector<std::string_view>& cells);
  const char* cut_quoted(const char* at, const char* end, std::string_view& cell);
  void detect_delimiter();

  std::istream& input_;
  std::string name_;
  char delimiter_;
  std::vector<char> buffer_;  // with a line end behind its last byte, at which every search stops
  std::size_t end_ = 0;       // of the bytes in it
  std::size_t begin_ = 0;     // of the row to read next
  std::size_t raw_begin_ = 0;
  std::size_t raw_end_ = 0;
  std::int64_t line_ = 0;
  std::int64_t next_line_ = 1;
  std::int64_t lines_in_row_ = 0;
  bool at_end_ = false;
  std::string unquoted_;  // cells of the row whose quotes were doubled
};

/// A cell as CSV text, quoted where it has to be.
std::string csv_cell(std::string_view text, char delimiter = ',');

}  // namespace adgenome::core
