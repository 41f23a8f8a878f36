#include "cells.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <array>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether every group behind a separator has three digits: thousands, not a fraction.
bool is_grouped(std::string_view text, char separator) {
  const std::size_t first = text.find(separator);
  if (first == 0 || first == std::string_view::npos || first > 3) return false;
  for (std::size_t at = first; at != std::string_view::npos; at = text.find(separator, at + 1)) {
    const std::string_view group = text.substr(at + 1, 3);
    if (group.size() != 3 || !std::all_of(group.begin(), group.end(), is_digit)) return false;
    if (at + 4 < text.size() && is_digit(text[at + 4])) return false;
  }
  return true;
}

struct DateParts {
  std::array<int, 3> numbers{};
  std::array<std::size_t, 3> widths{};
};

std::optional<DateParts> parts_of(std::string_view cell) {
  cell = core::trim(cell);
  // A time behind the date says nothing about the day.
  if (const std::size_t blank = cell.find_first_of(" T"); blank != std::string_view::npos) {
    cell = cell.substr(0, blank);
  }
  const std::size_t at = cell.find_first_of("/.-");
  if (at == std::string_view::npos) return std::nullopt;
  const std::vector<std::string> texts = core::split(cell, cell[at]);
  if (texts.size() != 3) return std::nullopt;
  DateParts parts;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = core::to_int64(texts[i]);
    if (!number || *number < 0 || texts[i].size() > 4) return std::nullopt;
    parts.numbers[i] = static_cast<int>(*number);
    parts.widths[i] = texts[i].size();
  }
  return parts;
}

}  // namespace

std::string plain_decimal(std::string_view cell, bool comma_is_decimal) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    // Blanks between thousands: plain, no-break (C2 A0) and narrow no-break (E2 80 AF).
    if (cell[i] == ' ') continue;
    if (cell.substr(i).starts_with("\xC2\xA0")) {
      i += 1;
    } else if (cell.substr(i).starts_with("\xE2\x80\xAF")) {
      i += 2;
    } else {
      text += cell[i];
    }
  }
  if (!text.empty() && text.back() == '%') text.pop_back();
  const std::size_t comma = text.rfind(',');
  const std::size_t point = text.rfind('.');
  char decimal = '.';
  if (comma != std::string::npos && point != std::string::npos) {
    decimal = comma > point ? ',' : '.';
  } else if (comma != std::string::npos) {
    decimal = is_grouped(text, ',') && !comma_is_decimal ? '.' : ',';
  } else if (point != std::string::npos) {
    decimal = comma_is_decimal && is_grouped(text, '.') ? ',' : '.';
  }
  const char thousands = decimal == '.' ? ',' : '.';
  const std::string whole = text.substr(0, text.find(decimal));
  if (whole.find(thousands) != std::string::npos &&
      !is_grouped(whole.starts_with('-') ? whole.substr(1) : whole, thousands)) {
    throw InvalidInput("not a number: \"" + std::string(cell) + "\"");
  }
  std::erase(text, thousands);
  std::replace(text.begin(), text.end(), decimal, '.');
  if (!core::to_double(text)) throw InvalidInput("not a number: \"" + std::string(cell) + "\"");
  return text;
}

core::Day date_in_order(std::string_view cell, DateOrder order) {
  const auto parts = parts_of(cell);
  if (!parts) throw InvalidInput("not a date: \"" + std::string(cell) + "\"");
  const auto& n = parts->numbers;
  int year = n[2];
  int month = n[1];
  int day = n[0];
  if (parts->widths[0] == 4) {
    year = n[0];
    day = n[2];
  } else if (order == DateOrder::kYearMonthDay) {
    year = 2000 + n[0];
    day = n[2];
  } else if (order == DateOrder::kMonthDayYear) {
    month = n[0];
    day = n[1];
  }
  if (parts->widths[0] != 4 && parts->widths[2] == 2 && order != DateOrder::kYearMonthDay)
    year += 2000;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) throw InvalidInput("no such date: \"" + std::string(cell) + "\"");
  return date;
}

std::optional<DateOrder> order_shown_by(std::string_view cell) {
  const auto parts = parts_of(cell);
  if (!parts) return std::nullopt;
  if (parts->widths[0] == 4) return DateOrder::kYearMonthDay;
  if (parts->widths[2] != 4) return std::nullopt;
  if (parts->numbers[0] > 12 && parts->numbers[1] <= 12) return DateOrder::kDayMonthYear;
  if (parts->numbers[1] > 12 && parts->numbers[0] <= 12) return DateOrder::kMonthDayYear;
  return std::nullopt;
}

}  // namespace adgenome::ingest
