#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <cstdint>
#include <numeric>

namespace adgenome::creative {
namespace {

// The next code point of UTF-8 text, or 0 for a byte that does not belong to one.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  if (more == 0) return 0;
  char32_t point = lead & (0x3f >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= text.size() || (byte(at) & 0xc0) != 0x80) return 0;
    point = (point << 6) | (byte(at++) & 0x3f);
  }
  return point;
}

// Letters of Latin-1 Supplement and Latin Extended-A without their marks, from U+00C0; a blank is
// a sign that is no letter.
constexpr std::string_view kLatin1 =
    "aaaaaaaceeeeiiii"
    "dnooooo ouuuuyts"
    "aaaaaaaceeeeiiii"
    "dnooooo ouuuuyty";
constexpr std::string_view kLatinExtendedA =
    "aaaaaaccccccccdd"
    "ddeeeeeeeeeegggg"
    "gggghhhhiiiiiiii"
    "iiiijjkkklllllll"
    "lllnnnnnnnnnoooo"
    "oooorrrrrrssssss"
    "ssttttttuuuuuuuu"
    "uuuuwwyyyzzzzzzs";

char folded(char32_t point) {
  if (point >= 'A' && point <= 'Z') return static_cast<char>(point - 'A' + 'a');
  if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) {
    return static_cast<char>(point);
  }
  if (point >= 0xc0 && point < 0x100) return kLatin1[point - 0xc0];
  if (point >= 0x100 && point < 0x180) return kLatinExtendedA[point - 0x100];
  return ' ';
}

bool is_joiner(char32_t point) {
  return point == '\'' || point == 0x2019 || point == '-' || point == 0x2010 || point == 0xad;
}

std::string currency_word(char32_t point) {
  switch (point) {
    case '%':
      return "%";
    case '$':
      return "$";
    case 0xa3:
      return "gbp";
    case 0x20ac:
      return "eur";
    default:
      return "";
  }
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string without_look_alikes(std::string text) {
  for (char& letter : text) {
    if (letter == '0') letter = 'o';
    if (letter == '1' || letter == 'i') letter = 'l';
  }
  return text;
}

bool is_same_word(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::size_t longest = std::max(a.size(), b.size());
  return 5 * edit_distance(without_look_alikes(a), without_look_alikes(b)) <= longest;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto close = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (point == 0 || (is_joiner(point) && !word.empty())) continue;
    if (const char letter = folded(point); letter != ' ') {
      word += letter;
      continue;
    }
    close();
    if (std::string sign = currency_word(point); !sign.empty()) words.push_back(std::move(sign));
  }
  close();
  return words;
}

bool has_other_script(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    // From Greek to the last letters before punctuation, then kana, Han, Hangul and beyond.
    if ((point >= 0x370 && point < 0x1e00) || (point >= 0x2e80 && point < 0xfb00) ||
        (point >= 0xfb1d && point < 0xfe00)) {
      return true;
    }
  }
  return false;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

WordMatch match_words(std::string_view expected_text, std::string_view read_text) {
  const std::vector<std::string> expected = words_of(expected_text);
  const std::vector<std::string> read = words_of(read_text);
  WordMatch match;
  match.expected = expected.size();
  const std::string wanted = without_look_alikes(joined(expected));
  const std::size_t edits = edit_distance(wanted, without_look_alikes(joined(read)));
  match.character_error_rate =
      static_cast<double>(edits) / static_cast<double>(std::max<std::size_t>(1, wanted.size()));

  // Longest common subsequence: longest[i][j] over the words from i and from j on.
  std::vector<std::vector<std::size_t>> longest(expected.size() + 1,
                                                std::vector<std::size_t>(read.size() + 1, 0));
  for (std::size_t i = expected.size(); i-- > 0;) {
    for (std::size_t j = read.size(); j-- > 0;) {
      longest[i][j] = is_same_word(expected[i], read[j])
                          ? longest[i + 1][j + 1] + 1
                          : std::max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < expected.size() && j < read.size()) {
    if (is_same_word(expected[i], read[j])) {
      ++i;
      ++j;
    } else if (longest[i + 1][j] >= longest[i][j + 1]) {
      match.missing.push_back(expected[i++]);
    } else {
      match.extra.push_back(read[j++]);
    }
  }
  match.missing.insert(match.missing.end(), expected.begin() + static_cast<std::ptrdiff_t>(i),
                       expected.end());
  match.extra.insert(match.extra.end(), read.begin() + static_cast<std::ptrdiff_t>(j), read.end());
  return match;
}

bool contains_phrase(std::span<const std::string> text, std::string_view phrase) {
  const std::vector<std::string> words = words_of(phrase);
  return !words.empty() &&
         std::search(text.begin(), text.end(), words.begin(), words.end()) != text.end();
}

}  // namespace adgenome::creative
