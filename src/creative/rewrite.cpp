#include <adgenome/core/text.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/rewrite.hpp>
#include <algorithm>
#include <set>

namespace adgenome::creative {
namespace {

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
