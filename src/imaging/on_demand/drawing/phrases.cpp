#include "phrases.hpp"

#include <glib.h>

#include <string_view>
#include <vector>

namespace adgenome::imaging {
namespace {

constexpr std::string_view kJoiner = "\u2060";
constexpr std::size_t kLongPhrase = 8;  // characters from which one may break anywhere

enum class Kind { kHiragana, kKatakana, kKanji, kOther };

Kind kind_of(gunichar c) {
  if (c == 0x30FC) return Kind::kKatakana;  // the mark of a long vowel
  switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_HIRAGANA:
      return Kind::kHiragana;
    case G_UNICODE_SCRIPT_KATAKANA:
      return Kind::kKatakana;
    case G_UNICODE_SCRIPT_HAN:
      return Kind::kKanji;
    default:
      return Kind::kOther;
  }
}

/// Whether a phrase ends between the two.
bool is_end(Kind before, Kind after) {
  return before == Kind::kOther || after == Kind::kOther ||
         (before == Kind::kHiragana && after != Kind::kHiragana);
}

std::string joined(const std::vector<std::string>& phrase) {
  std::string text;
  const bool is_long = phrase.size() > kLongPhrase;
  for (const std::string& character : phrase) {
    if (!text.empty() && !is_long) text += kJoiner;
    text += character;
  }
  return text;
}

}  // namespace

std::string with_whole_phrases(const std::string& text) {
  std::string result;
  std::vector<std::string> phrase;
  Kind last = Kind::kOther;
  bool has_kana = false;
  for (const char* at = text.c_str(); *at != 0; at = g_utf8_next_char(at)) {
    const Kind kind = kind_of(g_utf8_get_char(at));
    has_kana = has_kana || kind == Kind::kHiragana || kind == Kind::kKatakana;
    if (!phrase.empty() && is_end(last, kind)) {
      result += joined(phrase);
      phrase.clear();
    }
    phrase.emplace_back(at, static_cast<const char*>(g_utf8_next_char(at)));
    last = kind;
  }
  return has_kana ? result + joined(phrase) : text;
}

std::string without_word_joiners(std::string text) {
  for (std::size_t at = text.find(kJoiner); at != std::string::npos; at = text.find(kJoiner, at))
    text.erase(at, kJoiner.size());
  return text;
}

}  // namespace adgenome::imaging
