#include <adgenome/core/text.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/rewrite.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <set>

namespace adgenome::creative {
namespace {

/// Beginnings of words that make an offer in languages that offers_in() does not know: German,
/// French, Spanish, Italian, Portuguese, Dutch; as words_of() gives them.
constexpr std::string_view kOfferStems[] = {
    "kostenlos", "gratis",  "rabatt",    "gutschein", "geschenk", "geldzuruck", "preisnachlass",
    "gratuit",   "offert",  "remise",    "soldes",    "rembours", "promo",      "descuento",
    "regalo",    "rebaja",  "reembolso", "sconto",    "sconti",   "omaggio",    "rimbors",
    "desconto",  "reembol", "korting",   "aanbieding"};
/// The same in scripts that write words without blanks, or join them.
constexpr std::string_view kOfferParts[] = {"無料", "割引", "値引", "返金", "特典", "免费",
                                            "折扣", "优惠", "مجان", "خصم",  "تخفيض"};

/// A word of another language that makes an offer which none of the given texts makes.
std::optional<std::string> foreign_offer(const std::string& text,
                                         const std::vector<std::string>& given) {
  const auto has_stem = [](const std::string& in, std::string_view stem) {
    const std::vector<std::string> words = words_of(in);
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word.starts_with(stem); });
  };
  const auto has_part = [](const std::string& in, std::string_view part) {
    return in.find(part) != std::string::npos;
  };
  const auto is_invented = [&](std::string_view mark, const auto& has) {
    return has(text, mark) && std::none_of(given.begin(), given.end(),
                                           [&](const auto& one) { return has(one, mark); });
  };
  for (const std::string_view stem : kOfferStems)
    if (is_invented(stem, has_stem)) return std::string(stem);
  for (const std::string_view part : kOfferParts)
    if (is_invented(part, has_part)) return std::string(part);
  return std::nullopt;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The numbers of a text as their digits: "2,314" and "2314" are one, and "4.8" is "48".
std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> numbers;
  std::string number;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool is_inside =
        (c == ',' || c == '.') && !number.empty() && i + 1 < text.size() && is_digit(text[i + 1]);
    if (is_digit(c)) {
      number += c;
    } else if (!is_inside && !number.empty()) {
      numbers.push_back(std::move(number));
      number.clear();
    }
  }
  return numbers;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

bool is_quotation(std::string_view text) {
  constexpr std::string_view kOpening[] = {"\"", "“", "”", "„", "«", "»", "「", "『"};
  return std::any_of(std::begin(kOpening), std::end(kOpening),
                     [&](std::string_view mark) { return core::trim(text).starts_with(mark); });
}

std::optional<std::string> rewrite_fault(const std::string& text, const RewriteLimits& limits) {
  if (core::trim(text).empty()) return "is empty";
  if (std::any_of(text.begin(), text.end(), is_control)) return "is more than one line of text";
  if (is_quotation(text)) return "is a quotation of what nobody said";
  const std::size_t length = count_characters(text);
  if (length > limits.most_characters) {
    return "has " + std::to_string(length) + " characters, more than the " +
           std::to_string(limits.most_characters) + " that there is room for";
  }
  if (const auto claims = phrases_in(text, limits.prohibited_claims); !claims.empty())
    return "makes the prohibited claim \"" + claims.front() + "\"";
  if (const auto offers = offers_not_given(text, limits.given); !offers.empty())
    return "offers \"" + offers.front() + "\", which was not given";
  if (const auto offer = foreign_offer(text, limits.given))
    return "offers \"" + *offer + "\", which was not given";
  std::set<std::string> known;
  for (const std::string& given : limits.given) {
    for (std::string& number : numbers_in(given)) known.insert(std::move(number));
  }
  for (const std::string& number : numbers_in(text)) {
    if (!known.contains(number)) return "names the number " + number + ", which was not given";
  }
  return std::nullopt;
}

}  // namespace adgenome::creative
