#include <adgenome/core/text.hpp>
#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace adgenome::creative {
namespace {

using Words = std::vector<std::string>;

// What follows "free" where it is an offer; "sugar-free" and "feel free" are none.
constexpr std::array<std::string_view, 17> kFreeThings{
    "shipping", "delivery",     "trial",  "trials",  "gift",        "gifts",
    "returns",  "return",       "sample", "samples", "month",       "bottle",
    "ebook",    "consultation", "refill", "bonus",   "installation"};

// Terms, urgency and claims of proof: the phrase as it may stand, and the offer that it makes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> kPhrases{{
    {"for free", "free"},
    {"free of charge", "free"},
    {"buy one get one", "2 for 1"},
    {"bogo", "2 for 1"},
    {"2 for 1", "2 for 1"},
    {"two for one", "2 for 1"},
    {"3 for 2", "3 for 2"},
    {"three for two", "3 for 2"},
    {"half price", "50 %"},
    {"half off", "50 %"},
    {"money back", "money back"},
    {"moneyback", "money back"},
    {"full refund", "money back"},
    {"no questions asked", "money back"},
    {"guaranteed", "guarantee"},
    {"guarantee", "guarantee"},
    {"risk free", "risk free"},
    {"riskfree", "risk free"},
    {"today only", "limited time"},
    {"limited time", "limited time"},
    {"ends today", "limited time"},
    {"ends tonight", "limited time"},
    {"last chance", "limited time"},
    {"while supplies last", "limited time"},
    {"while stocks last", "limited time"},
    {"clinically proven", "clinically proven"},
    {"clinically tested", "clinically tested"},
    {"scientifically proven", "scientifically proven"},
    {"doctor recommended", "doctor recommended"},
    {"recommended by doctors", "doctor recommended"},
    {"dermatologist tested", "dermatologist tested"},
    {"fda approved", "fda approved"},
    {"award winning", "award winning"},
    {"awardwinning", "award winning"},
}};

constexpr std::array<std::string_view, 70> kVerbs{
    "shop",       "buy",       "order",     "get",       "try",      "start",    "discover",
    "learn",      "see",       "find",      "explore",   "join",     "book",     "claim",
    "grab",       "save",      "sign",      "subscribe", "download", "build",    "choose",
    "pick",       "make",      "take",      "meet",      "watch",    "read",     "browse",
    "compare",    "customise", "customize", "design",    "feel",     "give",     "go",
    "experience", "upgrade",   "switch",    "unlock",    "reserve",  "request",  "schedule",
    "call",       "contact",   "check",     "create",    "donate",   "enjoy",    "open",
    "play",       "register",  "add",       "apply",     "ask",      "bring",    "calculate",
    "come",       "love",      "own",       "plan",      "pre",      "preorder", "refresh",
    "secure",     "send",      "sleep",     "stop",      "taste",    "view",     "visit"};

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

bool is_currency(std::string_view word) {
  return word == "$" || word == "eur" || word == "gbp" || word == "usd" || word == "dollars" ||
         word == "euros" || word == "pounds";
}

std::string currency_of(std::string_view word) {
  if (word == "$" || word == "usd" || word == "dollars") return "$";
  return word == "eur" || word == "euros" ? "eur" : "gbp";
}

// "$1,299.50" arrives as "$", "1", "299", "50": the words of one number are joined again.
std::string number_at(const Words& words, std::size_t at, std::size_t& end) {
  std::string number = words[at];
  end = at + 1;
  while (end < words.size() && is_number(words[end]) && words[end].size() <= 3) {
    number += words[end++];
  }
  return number;
}

std::optional<std::string> amount_at(const Words& words, std::size_t at) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  std::size_t end = 0;
  if (is_currency(words[at]) && is_number(word(at + 1))) {
    return currency_of(words[at]) + " " + number_at(words, at + 1, end);
  }
  if (!is_number(words[at])) return std::nullopt;
  if (at > 0 && is_currency(words[at - 1])) return std::nullopt;
  if (word(at + 1) == "%" || word(at + 1) == "percent") return words[at] + " %";
  if (is_currency(word(at + 1))) return currency_of(word(at + 1)) + " " + words[at];
  const bool is_days = word(at + 1) == "day" || word(at + 1) == "days" || word(at + 1) == "night" ||
                       word(at + 1) == "nights";
  if (is_days && (word(at + 2) == "trial" || word(at + 3) == "trial")) {
    return words[at] + " day trial";
  }
  return std::nullopt;
}

std::int64_t syllables_of(std::string_view word) {
  if (is_number(word)) return static_cast<std::int64_t>(word.size());
  const auto is_vowel = [](char c) {
    return std::string_view("aeiouy").find(c) != std::string::npos;
  };
  std::int64_t count = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (is_vowel(word[i]) && (i == 0 || !is_vowel(word[i - 1]))) ++count;
  }
  // A last e is mute ("home"), but not in "table", nor alone ("the").
  const bool is_mute = word.size() > 2 && word.back() == 'e' && !is_vowel(word[word.size() - 2]) &&
                       !(word[word.size() - 2] == 'l' && !is_vowel(word[word.size() - 3]));
  if (is_mute && count > 1) --count;
  return std::max<std::int64_t>(1, count);
}

}  // namespace

std::vector<std::string> phrases_in(std::string_view text, std::span<const std::string> phrases) {
  const Words words = words_of(text);
  std::vector<std::string> found;
  for (const std::string& phrase : phrases) {
    if (contains_phrase(words, phrase)) found.push_back(phrase);
  }
  return found;
}

std::vector<std::string> offers_in(std::string_view text) {
  // A hyphen joins words in words_of; here "money-back" and "30-day" are two, while "BPA-free"
  // must not become "free".
  std::string open(text);
  for (std::size_t at = 0; at < open.size(); ++at) {
    if (open[at] == '-' && core::to_lower(open.substr(at + 1, 4)) != "free") open[at] = ' ';
  }
  const Words words = words_of(open);
  std::vector<std::string> offers;
  const auto add = [&](std::string offer) {
    if (std::find(offers.begin(), offers.end(), offer) == offers.end()) {
      offers.push_back(std::move(offer));
    }
  };
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (auto amount = amount_at(words, at)) add(std::move(*amount));
    if (words[at] == "free" && at + 1 < words.size() &&
        std::find(kFreeThings.begin(), kFreeThings.end(), words[at + 1]) != kFreeThings.end()) {
      add("free " + words[at + 1]);
    }
    for (const auto& [phrase, offer] : kPhrases) {
      const Words wanted = core::split(phrase, ' ');
      if (wanted.size() <= words.size() - at &&
          std::equal(wanted.begin(), wanted.end(),
                     words.begin() + static_cast<std::ptrdiff_t>(at))) {
        add(std::string(offer));
      }
    }
  }
  return offers;
}

std::vector<std::string> offers_not_given(std::string_view text,
                                          std::span<const std::string> given) {
  Words given_offers;
  for (const std::string& each : given) {
    for (std::string& offer : offers_in(each)) given_offers.push_back(std::move(offer));
  }
  std::vector<std::string> offers = offers_in(text);
  std::erase_if(offers, [&](const std::string& offer) {
    return std::find(given_offers.begin(), given_offers.end(), offer) != given_offers.end();
  });
  return offers;
}

std::optional<double> reading_ease(std::string_view text) {
  if (has_other_script(text)) return std::nullopt;
  const Words words = words_of(text);
  if (words.empty()) return std::nullopt;
  std::int64_t syllables = 0;
  for (const std::string& word : words) syllables += syllables_of(word);
  std::int64_t sentences = 0;
  bool is_open = false;
  for (const char c : text) {
    const bool is_end = c == '.' || c == '!' || c == '?';
    if (is_end && is_open) ++sentences;
    is_open = is_end ? false : is_open || std::isalnum(static_cast<unsigned char>(c)) != 0;
  }
  if (is_open || sentences == 0) ++sentences;
  const auto count = static_cast<double>(words.size());
  return 206.835 - 1.015 * count / static_cast<double>(sentences) -
         84.6 * static_cast<double>(syllables) / count;
}

std::optional<std::string> action_verb(std::string_view call_to_action) {
  for (const std::string& word : words_of(call_to_action)) {
    if (std::find(kVerbs.begin(), kVerbs.end(), word) != kVerbs.end()) return word;
  }
  return std::nullopt;
}

}  // namespace adgenome::creative
