#include "ingest/cells.hpp"

#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>

using namespace adgenome;
using namespace adgenome::ingest;

TEST_CASE("figures as people write them") {
  CHECK(plain_decimal("10,000", false) == "10000");
  CHECK(plain_decimal("1,234,567.89", false) == "1234567.89");
  CHECK(plain_decimal("1.234.567,89", true) == "1234567.89");
  CHECK(plain_decimal("12,5", false) == "12.5");
  CHECK(plain_decimal("1,234", true) == "1.234");
  CHECK(plain_decimal("1.234", true) == "1234");
  CHECK(plain_decimal("12 345,6", true) == "12345.6");
  CHECK(plain_decimal("12\u00A0345", false) == "12345");
  CHECK(plain_decimal("4.5 %", false) == "4.5");
  CHECK(plain_decimal("-0.5", false) == "-0.5");
  for (const char* wrong : {"", "x", "1,2,3", "1.2.3", "12a", "1,23,456.0"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(plain_decimal(wrong, false), core::InvalidInput);
  }
}

TEST_CASE("dates in a known order, and what a date says of the order") {
  const core::Day day = core::parse_day("2026-03-04");
  CHECK(date_in_order("04/03/2026", DateOrder::kDayMonthYear) == day);
  CHECK(date_in_order("03/04/2026", DateOrder::kMonthDayYear) == day);
  CHECK(date_in_order("4.3.26", DateOrder::kDayMonthYear) == day);
  CHECK(date_in_order("2026-03-04", DateOrder::kMonthDayYear) == day);
  CHECK(date_in_order("2026/03/04 00:00", DateOrder::kDayMonthYear) == day);
  CHECK_THROWS_AS(date_in_order("31/04/2026", DateOrder::kDayMonthYear), core::InvalidInput);
  CHECK_THROWS_AS(date_in_order("yesterday", DateOrder::kDayMonthYear), core::InvalidInput);
  CHECK(order_shown_by("31/03/2026") == DateOrder::kDayMonthYear);
  CHECK(order_shown_by("03/31/2026") == DateOrder::kMonthDayYear);
  CHECK(order_shown_by("2026-01-02") == DateOrder::kYearMonthDay);
  CHECK(!order_shown_by("03/04/2026"));
}
