#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>
#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace adgenome::core {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 17;
/// A row that is longer is one whose quote is never closed.
constexpr std::size_t kLongestRow = std::size_t{1} << 24;
/// Bytes behind the last one that a search may look at.
constexpr std::size_t kMargin = 16;

/// The first delimiter or line end at or behind `at`. The caller sees to it that there is one.
const char* end_of_cell(const char* at, char delimiter) {
#ifdef __SSE2__
  const __m128i delimiters = _mm_set1_epi8(delimiter);
  const __m128i line_ends = _mm_set1_epi8('\n');
  for (;; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i found =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), _mm_cmpeq_epi8(bytes, line_ends));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#else
  while (*at != delimiter && *at != '\n') ++at;
  return at;
#endif
}

}  // namespace

CsvReader::CsvReader(std::istream& input, std::string name, char delimiter)
    : input_(input), name_(std::move(name)), delimiter_(delimiter), buffer_(kBlock + kMargin) {
  read_more();
  if (std::string_view(buffer_.data(), end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
  if (delimiter_ == 0) detect_delimiter();
}

void CsvReader::detect_delimiter() {
  std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    for (const char candidate : {'\t', ';', ','}) {
      if (line.find(candidate) == std::string_view::npos) continue;
      delimiter_ = candidate;
      return;
    }
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  delimiter_ = ',';
}

bool CsvReader::read_more() {
  if (at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ + kMargin == buffer_.size()) {
    if (end_ >= kLongestRow) {
      throw InvalidInput("the row is longer than 16 MiB: a quote in it is never closed", "",
                         name_ + ":" + std::to_string(next_line_));
    }
    buffer_.resize(2 * end_ + kMargin);
  }
  std::size_t count = 0;
  try {
    input_.read(buffer_.data() + end_,
                static_cast<std::streamsize>(buffer_.size() - kMargin - end_));
    count = static_cast<std::size_t>(input_.gcount());
    if (input_.bad()) throw std::ios_base::failure("the device failed");
  } catch (const std::ios_base::failure& failure) {
    throw InvalidInput(std::string("cannot read: ") + failure.what(), "", name_);
  }
  end_ += count;
  buffer_[end_] = '\n';
  at_end_ = count == 0;
  return !at_end_;
}

bool CsvReader::next(std::vector<std::string_view>& cells) {
  // A row that does not end in memory is cut again once more has been read.
  while (!cut(cells)) {
    if (read_more()) continue;
    if (begin_ == end_) return false;
    if (cut(cells)) break;
    line_ = next_line_;
    throw InvalidInput("a quote is never closed", "", name_ + ":" + std::to_string(line_));
  }
  line_ = next_line_;
  next_line_ += lines_in_row_;
  return true;
}

/// Cuts the row at `begin_` into cells. False where memory ends within it; at the end of the
/// input the sentinel is the end of the last row.
bool CsvReader::cut(std::vector<std::string_view>& cells) {
  cells.clear();
  unquoted_.clear();
  lines_in_row_ = 1;
  if (begin_ == end_) return false;
  const char* const end = buffer_.data() + end_;
  const char* at = buffer_.data() + begin_;
  for (;; ++at) {
    std::string_view cell;
    if (*at == '"' && at < end) {
      at = cut_quoted(at + 1, end, cell);
      if (at == nullptr) return false;
    } else {
      const char* const start = at;
      at = end_of_cell(at, delimiter_);
      cell = {start, static_cast<std::size_t>(at - start)};
    }
    const bool is_last = *at != delimiter_ || at == end;
    if (is_last && at == end && !at_end_) return false;
    if (is_last && !cell.empty() && cell.back() == '\r') cell.remove_suffix(1);
    cells.push_back(cell);
    if (is_last) break;
  }
  raw_begin_ = begin_;
  raw_end_ = static_cast<std::size_t>(at - buffer_.data());
  begin_ = std::min(raw_end_ + 1, end_);
  if (raw_end_ > raw_begin_ && buffer_[raw_end_ - 1] == '\r') --raw_end_;
  return true;
}

/// A cell behind its opening quote; the place of the delimiter or line end behind it, or nothing
/// where memory ends first. What stands behind the closing quote belongs to the cell.
const char* CsvReader::cut_quoted(const char* at, const char* end, std::string_view& cell) {
  const char* const start = at;
  bool is_doubled = false;
  for (;; at += 2) {
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (at == nullptr || (at + 1 == end && !at_end_)) return nullptr;
    if (at + 1 == end || at[1] != '"') break;
    is_doubled = true;
  }
  const std::string_view inside(start, static_cast<std::size_t>(at - start));
  lines_in_row_ += std::count(inside.begin(), inside.end(), '\n');
  const char* const behind = at + 1;
  at = end_of_cell(behind, delimiter_);
  std::string_view tail(behind, static_cast<std::size_t>(at - behind));
  if (*at == '\n' && !tail.empty() && tail.back() == '\r') tail.remove_suffix(1);
  if (!is_doubled && tail.empty()) {
    cell = inside;
    return at;
  }
  // Views into this text have to last for the whole row, which is no longer than what is read.
  if (unquoted_.empty()) unquoted_.reserve(static_cast<std::size_t>(end - start) + 1);
  const std::size_t begin = unquoted_.size();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    unquoted_ += inside[i];
    if (inside[i] == '"') ++i;
  }
  unquoted_ += tail;
  cell = std::string_view(unquoted_).substr(begin);
  return at;
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
