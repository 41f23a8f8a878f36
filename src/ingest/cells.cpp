#include "cells.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <array>
#include <optional>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_figure_char(char c) {
  return is_digit(c) || c == '.' || c == ',';
}

[[noreturn]] void not_a_number(std::string_view cell, const std::string& why = "") {
  throw InvalidInput("not a number: \"" + std::string(cell) + "\"" + why);
}

// Figures ------------------------------------------------------------------------------------

/// The form that nearly every figure has: up to twelve digits and up to six decimals.
bool parse_simple(std::string_view cell, char sign, std::int64_t& millionths) {
  constexpr std::array<std::int64_t, 7> kScale = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  std::int64_t value = 0;
  std::size_t i = 0;
  for (; i < cell.size() && i <= 12 && is_digit(cell[i]); ++i) value = value * 10 + (cell[i] - '0');
  if (i == 0 || i > 12) return false;
  std::size_t decimals = 0;
  if (i < cell.size()) {
    if (cell[i] != sign) return false;
    decimals = cell.size() - i - 1;
    if (decimals == 0 || decimals > 6) return false;
    for (++i; i < cell.size() && is_digit(cell[i]); ++i) value = value * 10 + (cell[i] - '0');
    if (i < cell.size()) return false;
  }
  millionths = value * kScale[decimals];
  return true;
}

/// Blanks and apostrophes of Unicode that stand between thousands, and its minus, as ASCII.
std::string in_ascii(std::string_view cell) {
  constexpr std::pair<std::string_view, char> kSame[] = {
      {"\u00A0", ' '}, {"\u202F", ' '}, {"\u2009", ' '}, {"\u2019", '\''}, {"\u2212", '-'}};
  std::string text;
  for (std::size_t i = 0; i < cell.size();) {
    const auto* const found = std::ranges::find_if(
        kSame, [&](const auto& same) { return cell.substr(i).starts_with(same.first); });
    if (found == std::end(kSame)) {
      text += cell[i++];
    } else {
      text += found->second;
      i += found->first.size();
    }
  }
  return text;
}

struct CurrencySign {
  std::string_view sign;
  std::string_view currencies;  ///< of which this is a sign
};
constexpr CurrencySign kCurrencySigns[] = {
    {"€", "EUR"},
    {"£", "GBP EGP LBP"},
    {"¥", "JPY CNY"},
    {"₹", "INR"},
    {"₩", "KRW"},
    {"₫", "VND"},
    {"₺", "TRY"},
    {"₽", "RUB"},
    {"₴", "UAH"},
    {"₪", "ILS"},
    {"฿", "THB"},
    {"₱", "PHP"},
    {"₦", "NGN"},
    {"zł", "PLN"},
    {"kr", "SEK NOK DKK ISK"},
    {"kr.", "DKK"},
    {"Kč", "CZK"},
    {"Ft", "HUF"},
    {"R", "ZAR"},
    {"R$", "BRL"},
    {"US$", "USD"},
    {"A$", "AUD"},
    {"AU$", "AUD"},
    {"CA$", "CAD"},
    {"C$", "CAD"},
    {"MX$", "MXN"},
    {"NZ$", "NZD"},
    {"HK$", "HKD"},
    {"S$", "SGD"},
    {"NT$", "TWD"},
    {"S/", "PEN"},
    {"$", "USD CAD AUD NZD MXN ARS CLP COP SGD HKD TWD UYU DOP BBD BMD BSD BZD FJD JMD TTD XCD"},
};

/// Whether the text is a sign of this currency, or its code.
void check_sign(std::string_view text, std::string_view currency, std::string_view cell) {
  if (text.empty()) return;
  if (text == "%") not_a_number(cell, ", a share cannot stand here");
  const auto* const sign = std::ranges::find(kCurrencySigns, text, &CurrencySign::sign);
  const std::string_view currencies =
      sign == std::end(kCurrencySigns) ? core::known_currency(text) : sign->currencies;
  if (currencies.empty() || currency.empty()) not_a_number(cell);
  if (currencies.find(currency) == std::string_view::npos) {
    throw InvalidInput("\"" + std::string(cell) + "\" is not in " + std::string(currency));
  }
}

/// Digits in groups of three from the right (of two before the last in India) as digits alone;
/// nothing where they are no such groups. `whole` holds digits and one kind of separator.
std::optional<std::string> without_groups(std::string_view whole, char separator) {
  std::string digits;
  std::size_t first = whole.find(separator);
  if (first == std::string_view::npos) return std::string(whole);
  if (first == 0 || first > 3) return std::nullopt;
  digits = whole.substr(0, first);
  std::optional<std::size_t> width;
  while (first != std::string_view::npos) {
    const std::size_t next = whole.find(separator, first + 1);
    const std::string_view group = whole.substr(first + 1, next - first - 1);
    const bool is_last = next == std::string_view::npos;
    if (is_last ? group.size() != 3 : group.size() != width.value_or(group.size()))
      return std::nullopt;
    if (!is_last && group.size() != 2 && group.size() != 3) return std::nullopt;
    width = group.size();
    digits += group;
    first = next;
  }
  return digits;
}

std::int64_t parse_written(std::string_view cell, Decimals decimals, std::string_view currency) {
  if (decimals == Decimals::kPlain) return core::parse_micros(cell);
  const std::string ascii = in_ascii(cell);
  std::string_view text = core::trim(ascii);
  // A sign, a currency before or behind, digits: "-€ 1.234,50", "R$ -5", "12 kr".
  bool is_negative = false;
  const auto take_minus = [&] {
    if (text.empty() || (text.front() != '-' && text.front() != '+')) return;
    is_negative = is_negative || text.front() == '-';
    text.remove_prefix(1);
    text = core::trim(text);
  };
  take_minus();
  const auto begin = std::ranges::find_if(text, is_digit);
  if (begin == text.end()) not_a_number(cell);
  auto start = static_cast<std::size_t>(begin - text.begin());
  std::string_view before = core::trim(text.substr(0, start));
  if (before.ends_with('-') && !is_negative) {
    is_negative = true;
    before = core::trim(before.substr(0, before.size() - 1));
  }
  if (before == "." || before == ",") {
    before = {};
    --start;
  }
  text.remove_prefix(start);
  std::size_t end = text.size();
  while (end > 0 && !is_digit(text[end - 1])) --end;
  check_sign(before, currency, cell);
  check_sign(core::trim(text.substr(end)), currency, cell);
  text = text.substr(0, end);

  const char sign = decimals == Decimals::kComma ? ',' : '.';
  const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find(sign), exponent);
  std::string_view whole = text.substr(0, point);
  std::string plain;
  const auto separator = std::ranges::find_if_not(whole, is_digit);
  if (separator == whole.end()) {
    plain = whole;
  } else {
    constexpr std::string_view kSeparators = ".,' ";
    const auto digits = kSeparators.find(*separator) == std::string_view::npos || *separator == sign
                            ? std::nullopt
                            : without_groups(whole, *separator);
    if (!digits || !std::ranges::all_of(*digits, is_digit)) {
      not_a_number(cell, decimals == Decimals::kComma ? " (a comma is the decimal sign)"
                                                      : " (a point is the decimal sign)");
    }
    plain = *digits;
  }
  plain += text.substr(point);
  if (point < text.size() && text[point] == sign) plain[plain.size() - (text.size() - point)] = '.';
  try {
    const std::int64_t millionths = core::parse_micros(plain);
    return is_negative ? -millionths : millionths;
  } catch (const InvalidInput& error) {
    if (std::string_view(error.what()).starts_with("amount too large")) throw;
    not_a_number(cell);
  }
}

// Dates --------------------------------------------------------------------------------------

struct DateParts {
  std::array<unsigned, 3> numbers{};
  std::array<std::size_t, 3> widths{};
};

/// Three numbers with the same separator between; nothing else but a time behind them.
std::optional<DateParts> parts_of(std::string_view cell) {
  DateParts parts;
  char separator = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      if (at == cell.size()) return std::nullopt;
      const char c = cell[at++];
      if (c != '/' && c != '.' && c != '-') return std::nullopt;
      if (i == 2 && c != separator) return std::nullopt;
      separator = c;
    }
    const std::size_t begin = at;
    for (; at < cell.size() && is_digit(cell[at]) && at - begin < 4; ++at)
      parts.numbers[i] = parts.numbers[i] * 10 + static_cast<unsigned>(cell[at] - '0');
    parts.widths[i] = at - begin;
    if (at == begin) return std::nullopt;
  }
  const std::string_view time = cell.substr(at);
  if (time.empty()) return parts;
  if (time.front() != ' ' && time.front() != 'T') return std::nullopt;
  const bool is_time = time.size() > 1 && is_digit(time[1]) &&
                       time.find_first_not_of(" T0123456789:.+-ZAPMapm") == std::string_view::npos;
  return is_time ? std::optional(parts) : std::nullopt;
}

std::optional<core::Day> day_from(const DateParts& parts, DateOrder order) {
  std::size_t year = order == DateOrder::kYearMonthDay ? 0 : 2;
  std::size_t month = order == DateOrder::kMonthDayYear ? 0 : 1;
  if (parts.widths[0] == 4) {
    year = 0;
    month = 1;
  }
  const std::size_t day = 3 - year - month;
  const auto& width = parts.widths;
  if (width[month] > 2 || width[day] > 2 || (width[year] != 2 && width[year] != 4))
    return std::nullopt;
  const unsigned number = parts.numbers[year] + (width[year] == 2 ? 2000 : 0);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(number)},
                                         std::chrono::month{parts.numbers[month]},
                                         std::chrono::day{parts.numbers[day]}};
  if (!date.ok()) return std::nullopt;
  return date;
}

}  // namespace

bool is_empty_cell(std::string_view cell) {
  // Dashes of any length stand for "nothing"; a hyphen is one byte, the others begin with E2 80.
  while (!cell.empty()) {
    if (cell.front() == '-') {
      cell.remove_prefix(1);
    } else if (cell.starts_with("\u2013") || cell.starts_with("\u2014")) {
      cell.remove_prefix(3);
    } else {
      return false;
    }
  }
  return true;
}

std::int64_t parse_figure(std::string_view cell, Decimals decimals, std::string_view currency) {
  std::int64_t millionths = 0;
  if (parse_simple(cell, decimals == Decimals::kComma ? ',' : '.', millionths)) return millionths;
  return parse_written(cell, decimals, currency);
}

ShownDecimals decimals_shown_by(std::string_view cell, bool is_whole) {
  const std::size_t first = cell.find_first_of(".,");
  if (first == std::string_view::npos) return ShownDecimals::kNothing;
  // Only the digits count: "R$ 1.234,50", "12,5 kr.".
  const std::size_t begin = cell.find_first_of("0123456789");
  if (begin == std::string_view::npos) return ShownDecimals::kNothing;
  std::size_t end = cell.size();
  while (!is_digit(cell[end - 1])) --end;
  const std::string_view figure = cell.substr(begin, end - begin);
  if (!std::ranges::all_of(figure, [](char c) { return is_figure_char(c) || c == ' '; }))
    return ShownDecimals::kNothing;
  const auto shown = [](char decimal_sign) {
    return decimal_sign == ',' ? ShownDecimals::kComma : ShownDecimals::kPoint;
  };
  const std::size_t last = figure.find_last_of(".,");
  if (last == std::string_view::npos) return ShownDecimals::kNothing;
  const char sign = figure[last];
  const char other = sign == ',' ? '.' : ',';
  if (figure.find(other) != std::string_view::npos) return shown(sign);
  if (figure.find(sign) != last) return shown(other);
  const bool could_be_thousands =
      figure.size() - last == 4 && last >= 1 && last <= 3 && figure.front() != '0';
  if (!could_be_thousands) return shown(sign);
  return is_whole ? shown(other) : ShownDecimals::kEither;
}

core::Day parse_date(std::string_view cell, DateOrder order) {
  const auto parts = parts_of(cell);
  if (!parts) throw InvalidInput("not a date: \"" + std::string(cell) + "\"");
  const auto day = day_from(*parts, order);
  if (!day) throw InvalidInput("no such date: \"" + std::string(cell) + "\"");
  return *day;
}

DateOrders orders_of(std::string_view cell) {
  const auto parts = parts_of(cell);
  if (!parts) return 0;
  if (parts->widths[0] == 4) {
    return day_from(*parts, DateOrder::kYearMonthDay) ? only(DateOrder::kYearMonthDay) : 0;
  }
  DateOrders orders = 0;
  for (const DateOrder order :
       {DateOrder::kDayMonthYear, DateOrder::kMonthDayYear, DateOrder::kYearMonthDay}) {
    if (day_from(*parts, order)) orders |= only(order);
  }
  return orders;
}

}  // namespace adgenome::ingest
