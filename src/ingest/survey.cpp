#include "survey.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <bit>
#include <vector>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

constexpr DateOrder kOrders[] = {DateOrder::kDayMonthYear, DateOrder::kMonthDayYear,
                                 DateOrder::kYearMonthDay};

/// What a cell reads as in each of the orders, without repetitions.
std::vector<std::string> readings(std::string_view cell, DateOrders orders) {
  std::vector<std::string> days;
  for (const DateOrder order : kOrders) {
    if ((orders & only(order)) == 0) continue;
    std::string day = core::format_day(parse_date(cell, order));
    if (std::ranges::find(days, day) == days.end()) days.push_back(std::move(day));
  }
  return days;
}

}  // namespace

Survey::Survey(const PerformanceOptions& options, char delimiter)
    : is_comma_(options.comma_is_decimal.value_or(delimiter == ';')) {
  is_decimal_sign_known_ = options.comma_is_decimal.has_value();
  is_order_known_ = options.date_order.has_value();
  if (is_order_known_) orders_ = only(*options.date_order);
}

void Survey::see(const FieldTexts& row, const std::string& file, std::int64_t line) {
  if (!is_order_known_) {
    see_date(row[Field::kDateStart], file, line);
    see_date(row[Field::kDateStop], file, line);
  }
  for (std::size_t i = 0; i < kFieldCount && !is_decimal_sign_known_; ++i) {
    const auto field = static_cast<Field>(i);
    if (is_figure(field)) see_figure(row[field], is_whole(field));
  }
}

void Survey::see_date(std::string_view cell, const std::string& file, std::int64_t line) {
  const DateOrders shown = orders_of(cell);
  if (shown == 0) return;  // a bad row, in whatever order
  if ((orders_ & shown) == 0) {
    throw InvalidInput("the dates \"" + narrowing_ + "\" and \"" + std::string(cell) +
                           "\" are written in two orders",
                       "say which counts with --dates dmy|mdy|ymd; other rows are then rejected",
                       file);
  }
  if ((orders_ & shown) != orders_) narrowing_ = cell;
  orders_ &= shown;
  is_order_known_ = shown == only(DateOrder::kYearMonthDay);
  if (open_.empty() && readings(cell, shown).size() > 1) {
    open_ = cell;
    open_where_ = file + ":" + std::to_string(line);
  }
}

void Survey::see_figure(std::string_view cell, bool is_whole) {
  const ShownDecimals shown = decimals_shown_by(cell, is_whole);
  if (shown == ShownDecimals::kNothing) return;
  if (shown == ShownDecimals::kEither) {
    if (either_.empty()) either_ = cell;
    return;
  }
  is_comma_ = shown == ShownDecimals::kComma;
  is_decimal_sign_known_ = true;
}

DateOrder Survey::date_order() const {
  if (std::popcount(orders_) > 1 && !open_.empty()) {
    throw InvalidInput("the date \"" + open_ + "\" can be read as " +
                           core::join(readings(open_, orders_), " and as "),
                       "say which with --dates dmy or --dates mdy", open_where_);
  }
  return *std::ranges::find_if(kOrders,
                               [&](DateOrder order) { return (orders_ & only(order)) != 0; });
}

Decimals Survey::decimals() const {
  return is_comma_ ? Decimals::kComma : Decimals::kPoint;
}

std::optional<std::string> Survey::assumption() const {
  if (is_decimal_sign_known_ || either_.empty()) return std::nullopt;
  return "no figure shows the decimal sign: \"" + either_ + "\" is read with a " +
         (is_comma_ ? "comma" : "point") + " before decimals (--decimal says otherwise)";
}

}  // namespace adgenome::ingest
