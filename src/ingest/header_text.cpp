#include "header_text.hpp"

#include <cstdint>

namespace adgenome::ingest {
namespace {

/// U+00C0 to U+00FF without their accents; a blank where more than an accent differs.
constexpr std::string_view kLatin =
    "aaaaaa ceeeeiiii nooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy y";

constexpr std::uint32_t kNone = 0xFFFD;

/// Takes one code point off the front; a byte that is no UTF-8 is none.
std::uint32_t take(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(0);
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  std::uint32_t point = length == 1 ? first : first & (0x7FU >> length);
  bool is_whole = length <= text.size() && (length > 1 || first < 0x80);
  for (std::size_t i = 1; i < length && is_whole; ++i) {
    is_whole = (byte(i) & 0xC0U) == 0x80U;
    point = point << 6 | (byte(i) & 0x3FU);
  }
  text.remove_prefix(is_whole ? length : 1);
  return is_whole ? point : kNone;
}

bool is_blank(std::uint32_t point) {
  return point <= ' ' || point == 0xA0 || point == 0x202F || point == 0x2009 || point == 0xFEFF;
}

}  // namespace

std::string folded(std::string_view name) {
  std::string text;
  bool blank = false;
  while (!name.empty()) {
    const std::string_view rest = name;
    const std::uint32_t point = take(name);
    if (is_blank(point)) {
      blank = !text.empty();
      continue;
    }
    if (point >= 0x300 && point < 0x370) continue;  // accents that follow their letter
    if (blank) text += ' ';
    blank = false;
    if (point == 0x2019 || point == 0x2018) {
      text += '\'';
    } else if (point >= 0xC0 && point <= 0xFF && kLatin[point - 0xC0] != ' ') {
      text += kLatin[point - 0xC0];
    } else if (point >= 'A' && point <= 'Z') {
      text += static_cast<char>(point - 'A' + 'a');
    } else {
      text += rest.substr(0, rest.size() - name.size());
    }
  }
  return text;
}

}  // namespace adgenome::ingest
