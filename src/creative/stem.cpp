// The rules as they stand in the paper, step by step.
#include <adgenome/creative/terms.hpp>
#include <algorithm>

namespace adgenome::creative {
namespace {

bool is_consonant(std::string_view word, std::size_t i) {
  switch (word[i]) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
      return false;
    case 'y':
      return i == 0 || !is_consonant(word, i - 1);
    default:
      return true;
  }
}

/// m of [C](VC)^m[V]
int measure(std::string_view part) {
  int sequences = 0;
  bool was_vowel = false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool is_vowel = !is_consonant(part, i);
    if (was_vowel && !is_vowel) ++sequences;
    was_vowel = is_vowel;
  }
  return sequences;
}

bool has_vowel(std::string_view part) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!is_consonant(part, i)) return true;
  }
  return false;
}

bool ends_double_consonant(std::string_view part) {
  const std::size_t n = part.size();
  return n >= 2 && part[n - 1] == part[n - 2] && is_consonant(part, n - 1);
}

/// *o: consonant, vowel, consonant that is none of w, x, y
bool ends_short(std::string_view part) {
  const std::size_t n = part.size();
  return n >= 3 && is_consonant(part, n - 3) && !is_consonant(part, n - 2) &&
         is_consonant(part, n - 1) &&
         std::string_view("wxy").find(part[n - 1]) == std::string_view::npos;
}

struct Rule {
  std::string_view suffix;
  std::string_view replacement;
};

std::string_view without(std::string_view word, std::string_view suffix) {
  return word.substr(0, word.size() - suffix.size());
}

/// The first rule whose suffix the word has decides; it changes the word where what is before the
/// suffix measures more than `above`.
void apply_first(std::string& word, std::initializer_list<Rule> rules, int above) {
  for (const Rule& rule : rules) {
    if (!word.ends_with(rule.suffix)) continue;
    const std::string_view rest = without(word, rule.suffix);
    if (measure(rest) > above) word = std::string(rest) + std::string(rule.replacement);
    return;
  }
}

void step_1a(std::string& word) {
  if (word.ends_with("sses") || word.ends_with("ies")) {
    word.resize(word.size() - 2);
  } else if (word.ends_with("s") && !word.ends_with("ss")) {
    word.pop_back();
  }
}

void step_1b(std::string& word) {
  if (word.ends_with("eed")) {
    if (measure(without(word, "eed")) > 0) word.pop_back();
    return;
  }
  const std::string_view suffix = word.ends_with("ed") ? "ed" : word.ends_with("ing") ? "ing" : "";
  if (suffix.empty() || !has_vowel(without(word, suffix))) return;
  word.resize(word.size() - suffix.size());
  if (word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz")) {
    word += 'e';
  } else if (ends_double_consonant(word) &&
             std::string_view("lsz").find(word.back()) == std::string_view::npos) {
    word.pop_back();
  } else if (measure(word) == 1 && ends_short(word)) {
    word += 'e';
  }
}

void step_4(std::string& word) {
  static constexpr std::string_view kSuffixes[] = {
      "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate",
      "iti",   "ous",  "ive",  "ize",  "ion",  "al",   "er",  "ic",  "ou"};
  for (const std::string_view suffix : kSuffixes) {
    if (!word.ends_with(suffix)) continue;
    const std::string_view rest = without(word, suffix);
    const bool takes_it =
        suffix != "ion" || (!rest.empty() && (rest.back() == 's' || rest.back() == 't'));
    if (measure(rest) > 1 && takes_it) word.resize(rest.size());
    return;
  }
}

void step_5(std::string& word) {
  if (word.ends_with("e")) {
    const std::string_view rest = without(word, "e");
    if (measure(rest) > 1 || (measure(rest) == 1 && !ends_short(rest))) word.pop_back();
  }
  if (word.ends_with("ll") && measure(word) > 1) word.pop_back();
}

}  // namespace

std::string stem(std::string word) {
  const bool is_plain =
      std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (word.size() <= 2 || !is_plain) return word;
  step_1a(word);
  step_1b(word);
  if (word.ends_with("y") && has_vowel(without(word, "y"))) word.back() = 'i';
  apply_first(word, {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},   {"anci", "ance"},
                     {"izer", "ize"},    {"abli", "able"},   {"alli", "al"},     {"entli", "ent"},
                     {"eli", "e"},       {"ousli", "ous"},   {"ization", "ize"}, {"ation", "ate"},
                     {"ator", "ate"},    {"alism", "al"},    {"iveness", "ive"}, {"fulness", "ful"},
                     {"ousness", "ous"}, {"aliti", "al"},    {"iviti", "ive"},   {"biliti", "ble"}},
              0);
  apply_first(word,
              {{"icate", "ic"},
               {"ative", ""},
               {"alize", "al"},
               {"iciti", "ic"},
               {"ical", "ic"},
               {"ful", ""},
               {"ness", ""}},
              0);
  step_4(word);
  step_5(word);
  return word;
}

}  // namespace adgenome::creative
