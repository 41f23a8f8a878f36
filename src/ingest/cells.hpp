#pragma once

#include <adgenome/ingest/performance.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace adgenome::ingest {

/// A figure as exports write it ("10,000", "1.234,56", "12 345", "4,5 %") as a plain decimal.
/// `comma_is_decimal` decides where a single comma could be either. InvalidInput for anything else.
std::string plain_decimal(std::string_view cell, bool comma_is_decimal);

/// A date in an order of day, month and year, with / . or - between; ISO dates in any order.
core::Day date_in_order(std::string_view cell, DateOrder order);

/// What one date says of the order in which its column is written: nothing where it could be both.
std::optional<DateOrder> order_shown_by(std::string_view cell);

}  // namespace adgenome::ingest
