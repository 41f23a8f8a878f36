#pragma once

#include <adgenome/ingest/performance.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cells.hpp"
#include "fields.hpp"

namespace adgenome::ingest {

/// Finds out how the dates and figures of a file are written, from its rows: dates over the whole
/// column, as each may be readable in several orders; figures from the first that shows it.
class Survey {
 public:
  Survey(const PerformanceOptions& options, char delimiter);

  /// Throws InvalidInput where two dates contradict each other.
  void see(const FieldTexts& row, const std::string& file, std::int64_t line);

  /// Whether further rows cannot change the outcome: dates that begin with the year can be read in
  /// one way only.
  bool is_decided() const { return is_decimal_sign_known_ && is_order_known_; }

  /// The order of the dates. Throws InvalidInput naming the readings where there are several.
  DateOrder date_order() const;
  Decimals decimals() const;
  /// Whether a figure had to be read by assumption ("1,234").
  std::optional<std::string> assumption() const;

 private:
  void see_date(std::string_view cell, const std::string& file, std::int64_t line);
  void see_figure(std::string_view cell, bool is_whole);

  DateOrders orders_ = kAnyOrder;
  bool is_order_known_ = false;
  std::string narrowing_;  ///< the cell that left no more than these orders
  std::string open_;       ///< the first cell that can be read in several ways
  std::string open_where_;
  bool is_decimal_sign_known_ = false;
  bool is_comma_ = false;
  std::string either_;  ///< the first figure that can be read in two ways
};

}  // namespace adgenome::ingest
