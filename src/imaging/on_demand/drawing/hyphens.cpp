#include "hyphens.hpp"

#include <glib.h>
#include <hyphen.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace adgenome::imaging {
namespace {

constexpr std::string_view kSoftHyphen = "\u00ad";
constexpr std::size_t kLongWord = 10;  // letters from which a word may be parted
constexpr std::size_t kCompound = 18;  // letters that only compounds have
constexpr std::size_t kLeastPart = 4;  // letters before and behind a hyphen: shorter looks torn

struct FreeText {
  void operator()(char* text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, FreeText>;

struct FreePatterns {
  void operator()(HyphenDict* patterns) const { hnj_hyphen_free(patterns); }
};
using Patterns = std::unique_ptr<HyphenDict, FreePatterns>;

Patterns load(const char* name) {
  const std::filesystem::path file = std::filesystem::path("/usr/share/hyphen") / name;
  return Patterns(std::filesystem::exists(file) ? hnj_hyphen_load(file.c_str()) : nullptr);
}

/// The patterns of German or English, read once; null where they are not installed.
HyphenDict* patterns_of(bool is_german) {
  static const Patterns german = load("hyph_de_DE.dic");
  static const Patterns english = load("hyph_en_US.dic");
  return is_german ? german.get() : english.get();
}

std::size_t count_letters(std::string_view word) {
  return static_cast<std::size_t>(g_utf8_strlen(word.data(), static_cast<gssize>(word.size())));
}

/// The text's words (runs of letters) and what is between them, in order.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  bool was_letter = false;
  for (const char* at = text.c_str(); *at != 0; at = g_utf8_next_char(at)) {
    const bool is_letter = g_unichar_isalpha(g_utf8_get_char(at)) != FALSE;
    if (parts.empty() || is_letter != was_letter) parts.emplace_back();
    parts.back().append(at, static_cast<const char*>(g_utf8_next_char(at)));
    was_letter = is_letter;
  }
  return parts;
}

bool is_german(const std::vector<std::string>& parts) {
  static constexpr std::array<std::string_view, 14> kSmallWords{
      "der", "die",  "das",   "und", "mit", "für", "ist",
      "ein", "eine", "nicht", "im",  "zum", "den", "dein"};
  return std::ranges::any_of(parts, [](const std::string& part) {
    const OwnedText lower(g_utf8_strdown(part.c_str(), -1));
    const std::string_view word(lower.get());
    return count_letters(word) >= kCompound || std::ranges::count(kSmallWords, word) > 0 ||
           std::ranges::any_of(std::array{"ä", "ö", "ü", "ß"}, [&](std::string_view letter) {
             return word.find(letter) != std::string_view::npos;
           });
  });
}

std::string parted(const std::string& word, HyphenDict* patterns) {
  const OwnedText lower(g_utf8_strdown(word.c_str(), -1));
  gsize size = 0;
  const OwnedText coded(
      g_convert(lower.get(), -1, patterns->cset, "UTF-8", nullptr, &size, nullptr));
  if (!coded) return word;  // letters of another script
  std::vector<char> points(size + 5);
  char** replacements = nullptr;
  int* positions = nullptr;
  int* cuts = nullptr;
  const int error = hnj_hyphen_hyphenate2(patterns, coded.get(), static_cast<int>(size),
                                          points.data(), nullptr, &replacements, &positions, &cuts);
  std::string result;
  const std::size_t letters = count_letters(word);
  std::size_t i = 0;
  for (const char* at = word.c_str(); *at != 0; at = g_utf8_next_char(at), ++i) {
    result.append(at, static_cast<const char*>(g_utf8_next_char(at)));
    const bool is_point = error == 0 && (points[i] & 1) != 0;
    const bool is_plain = replacements == nullptr || replacements[i] == nullptr;
    if (is_point && is_plain && i + 1 >= kLeastPart && i + 1 + kLeastPart <= letters)
      result += kSoftHyphen;
  }
  for (std::size_t n = 0; replacements != nullptr && n < size; ++n) std::free(replacements[n]);
  std::free(replacements);
  std::free(positions);
  std::free(cuts);
  return result;
}

}  // namespace

std::string with_soft_hyphens(const std::string& text) {
  const std::vector<std::string> parts = parts_of(text);
  const auto is_long = [](const std::string& part) {
    return count_letters(part) >= kLongWord &&
           g_unichar_isalpha(g_utf8_get_char(part.c_str())) != FALSE;
  };
  if (std::ranges::none_of(parts, is_long)) return text;
  HyphenDict* patterns = patterns_of(is_german(parts));
  if (patterns == nullptr) return text;
  std::string result;
  for (const std::string& part : parts) result += is_long(part) ? parted(part, patterns) : part;
  return result;
}

std::string without_soft_hyphens(std::string text) {
  for (std::size_t at = text.find(kSoftHyphen); at != std::string::npos;
       at = text.find(kSoftHyphen, at)) {
    text.erase(at, kSoftHyphen.size());
  }
  return text;
}

}  // namespace adgenome::imaging
