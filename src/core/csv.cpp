#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>

namespace adgenome::core {
namespace {
constexpr std::size_t kBlock = 1 << 16;
}

CsvReader::CsvReader(std::istream& input, std::string name, char delimiter)
    : input_(input), name_(std::move(name)), delimiter_(delimiter) {
  read_more();
  if (buffer_.starts_with("\xEF\xBB\xBF")) begin_ = 3;
  if (delimiter_ != 0) return;
  for (std::size_t at = begin_; delimiter_ == 0;) {
    const std::size_t line_end = buffer_.find('\n', at);
    const std::string_view first = std::string_view(buffer_).substr(
        at, line_end == std::string::npos ? line_end : line_end - at);
    for (const char candidate : {'\t', ';', ','}) {
      if (first.find(candidate) != std::string_view::npos) {
        delimiter_ = candidate;
        break;
      }
    }
    if (line_end == std::string::npos) break;
    at = line_end + 1;
  }
  if (delimiter_ == 0) delimiter_ = ',';
}

bool CsvReader::read_more() {
  if (at_end_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kBlock);
  input_.read(buffer_.data() + old, static_cast<std::streamsize>(kBlock));
  buffer_.resize(old + static_cast<std::size_t>(input_.gcount()));
  if (buffer_.size() == old) at_end_ = true;
  return !at_end_;
}

bool CsvReader::next(std::vector<std::string_view>& cells) {
  // First find the end of the row, reading on as needed; then cut the cells, as the buffer stays.
  std::size_t at = begin_;
  std::size_t lines = 0;
  bool quoted = false;
  bool cell_start = true;
  for (;; ++at) {
    if (at == buffer_.size()) {
      const std::size_t offset = at - begin_;
      const bool more = read_more();
      at = begin_ + offset;
      if (!more) {
        if (quoted) {
          line_ = next_line_;
          throw InvalidInput("a quote is never closed", "", name_ + ":" + std::to_string(line_));
        }
        if (at == begin_) return false;
        break;
      }
    }
    const char c = buffer_[at];
    if (quoted) {
      if (c == '"') quoted = false;
      if (c == '\n') ++lines;
      continue;
    }
    if (c == '\n') break;
    // A quote opens a quoted part at the start of a cell, and again behind a doubled quote.
    if (c == '"' && (cell_start || buffer_[at - 1] == '"')) {
      quoted = true;
      cell_start = false;
    } else {
      cell_start = c == delimiter_;
    }
  }
  raw_begin_ = begin_;
  raw_end_ = at;
  if (raw_end_ > raw_begin_ && buffer_[raw_end_ - 1] == '\r') --raw_end_;
  line_ = next_line_;
  next_line_ += static_cast<std::int64_t>(lines) + 1;
  begin_ = at == buffer_.size() ? at : at + 1;

  cells.clear();
  unquoted_.clear();
  unquoted_.reserve(raw_end_ - raw_begin_);  // so that views into it stay valid
  const std::string_view row = raw();
  for (std::size_t pos = 0;;) {
    if (pos < row.size() && row[pos] == '"') {
      const std::size_t start = unquoted_.size();
      for (++pos; pos < row.size(); ++pos) {
        if (row[pos] != '"') {
          unquoted_ += row[pos];
        } else if (pos + 1 < row.size() && row[pos + 1] == '"') {
          unquoted_ += '"';
          ++pos;
        } else {
          ++pos;
          break;
        }
      }
      while (pos < row.size() && row[pos] != delimiter_) unquoted_ += row[pos++];
      cells.push_back(std::string_view(unquoted_).substr(start));
    } else {
      const std::size_t end = std::min(row.find(delimiter_, pos), row.size());
      cells.push_back(row.substr(pos, end - pos));
      pos = end;
    }
    if (pos >= row.size()) return true;
    ++pos;  // the delimiter; at the very end it opens one more, empty, cell
  }
}

std::string_view CsvReader::raw() const {
  return std::string_view(buffer_).substr(raw_begin_, raw_end_ - raw_begin_);
}

std::string csv_cell(std::string_view text, char delimiter) {
  const char special[] = {delimiter, '"', '\n', '\r', '\0'};
  if (text.find_first_of(special) == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace adgenome::core
