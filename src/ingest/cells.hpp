#pragma once

#include <adgenome/ingest/performance.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace adgenome::ingest {

/// How figures are written: which sign stands before the decimals. The other one, blanks and
/// apostrophes may stand between thousands, except in plain decimals (JSON).
enum class Decimals : std::uint8_t { kPoint, kComma, kPlain };

/// Whether an export means "nothing" by this cell: blank or only dashes.
bool is_empty_cell(std::string_view cell);

/// A figure as exports write it ("10,000", "1.234,56", "12 345", "4,50 €") in millionths, further
/// decimals rounded half to even. A sign of a currency has to fit `currency`, where one is given.
/// InvalidInput, with the reason, for anything else.
std::int64_t parse_figure(std::string_view cell, Decimals decimals, std::string_view currency = {});

/// What one figure says of the decimal sign of its file.
enum class ShownDecimals : std::uint8_t { kNothing, kPoint, kComma, kEither };
ShownDecimals decimals_shown_by(std::string_view cell, bool is_whole);

/// A date in an order of day, month and year, with / . or - between, and perhaps a time behind it;
/// dates that begin with a year of four digits in any order. InvalidInput for anything else.
core::Day parse_date(std::string_view cell, DateOrder order);

/// The orders in which a cell is a date, one bit each: 1 << DateOrder.
using DateOrders = std::uint8_t;
inline constexpr DateOrders kAnyOrder = 7;
constexpr DateOrders only(DateOrder order) {
  return static_cast<DateOrders>(1U << static_cast<unsigned>(order));
}
DateOrders orders_of(std::string_view cell);

}  // namespace adgenome::ingest
