#include "ingest/cells.hpp"

#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>

using namespace adgenome;
using namespace adgenome::ingest;

TEST_CASE("figures as people write them, in millionths") {
  const auto point = [](const char* cell) { return parse_figure(cell, Decimals::kPoint, "USD"); };
  const auto comma = [](const char* cell) { return parse_figure(cell, Decimals::kComma, "EUR"); };
  CHECK(point("12.5") == 12'500'000);
  CHECK(point("10,000") == 10'000'000'000);
  CHECK(point("1,234,567.89") == 1'234'567'890'000);
  CHECK(point("12,34,567.5") == 1'234'567'500'000);
  CHECK(point("1'234.50") == 1'234'500'000);
  CHECK(point("1\u2019234.50") == 1'234'500'000);
  CHECK(point("12 345") == 12'345'000'000);
  CHECK(point("12\u00A0345") == 12'345'000'000);
  CHECK(point("12\u202F345.6") == 12'345'600'000);
  CHECK(point(".5") == 500'000);
  CHECK(point("1e-3") == 1'000);
  CHECK(point("1.5E3") == 1'500'000'000);
  CHECK(point("-0.5") == -500'000);
  CHECK(point("\u22120.5") == -500'000);
  CHECK(point("0.0000005") == 0);  // half to even
  CHECK(point("0.0000015") == 2);
  CHECK(point("999999999999.999999") == 999'999'999'999'999'999);
  CHECK(comma("1.234.567,89") == 1'234'567'890'000);
  CHECK(comma("12,5") == 12'500'000);
  CHECK(comma("1,234") == 1'234'000);
  CHECK(comma("1.234") == 1'234'000'000);
  CHECK(comma("12 345,6") == 12'345'600'000);
  CHECK(point("$1,234.50") == 1'234'500'000);
  CHECK(point("US$ 12") == 12'000'000);
  CHECK(point("-$ 12") == -12'000'000);
  CHECK(point("USD 12") == 12'000'000);
  CHECK(comma("1.234,50\u00A0€") == 1'234'500'000);
  CHECK(parse_figure("R$ 1.234,50", Decimals::kComma, "BRL") == 1'234'500'000);
  CHECK(parse_figure("12,5 kr", Decimals::kComma, "SEK") == 12'500'000);
  CHECK(parse_figure("12.5", Decimals::kPlain) == 12'500'000);

  for (const char* wrong :
       {"", "x", "1,2,3", "1.2.3", "12a", "1,23,45.0", "12,5", "1,2345", "5%", "€ 5", "EUR 5",
        "1 2", "0x10", "--5", "1e", "nan", "1.", "(5)", "99999999999999"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(point(wrong), core::InvalidInput);
  }
  for (const char* wrong : {"12.5", "1.234.5", "$5"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(comma(wrong), core::InvalidInput);
  }
  for (const char* wrong : {"1,000", "1 000", "$5", " 5"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_figure(wrong, Decimals::kPlain), core::InvalidInput);
  }
}

TEST_CASE("what a figure says of the decimal sign") {
  const auto amount = [](const char* cell) { return decimals_shown_by(cell, false); };
  CHECK(amount("12") == ShownDecimals::kNothing);
  CHECK(amount("12.5") == ShownDecimals::kPoint);
  CHECK(amount("12,5") == ShownDecimals::kComma);
  CHECK(amount("1,234") == ShownDecimals::kEither);
  CHECK(amount("1.234") == ShownDecimals::kEither);
  CHECK(amount("0,234") == ShownDecimals::kComma);
  CHECK(amount("1234.567") == ShownDecimals::kPoint);
  CHECK(amount("1.234,5") == ShownDecimals::kComma);
  CHECK(amount("1,234,567") == ShownDecimals::kPoint);
  CHECK(amount("1.234.567") == ShownDecimals::kComma);
  CHECK(amount("R$ 1.234,50") == ShownDecimals::kComma);
  CHECK(amount("12,5 kr.") == ShownDecimals::kComma);
  CHECK(amount("a.b") == ShownDecimals::kNothing);
  // A count has no decimals, so that what stands before three digits parts thousands.
  CHECK(decimals_shown_by("1,234", true) == ShownDecimals::kPoint);
  CHECK(decimals_shown_by("1.234", true) == ShownDecimals::kComma);
  CHECK(decimals_shown_by("7350.0", true) == ShownDecimals::kPoint);
}

TEST_CASE("dates in a known order, and the orders in which a date can be read") {
  const core::Day day = core::parse_day("2026-03-04");
  CHECK(parse_date("04/03/2026", DateOrder::kDayMonthYear) == day);
  CHECK(parse_date("03/04/2026", DateOrder::kMonthDayYear) == day);
  CHECK(parse_date("4.3.26", DateOrder::kDayMonthYear) == day);
  CHECK(parse_date("26-3-4", DateOrder::kYearMonthDay) == day);
  CHECK(parse_date("2026-03-04", DateOrder::kMonthDayYear) == day);
  CHECK(parse_date("2026/03/04 00:00", DateOrder::kDayMonthYear) == day);
  CHECK(parse_date("2026-03-04T00:00:00+0000", DateOrder::kYearMonthDay) == day);
  CHECK(parse_date("3/4/2026 12:00 AM", DateOrder::kMonthDayYear) == day);
  for (const char* wrong :
       {"", "31/04/2026", "yesterday", "2026-03", "1/2/3/4", "2026-03-04x", "2026-03-04 noon",
        "04/03-2026", "2026", "004/03/2026", "04/003/2026", "20260304", "0/3/2026", "All"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_date(wrong, DateOrder::kDayMonthYear), core::InvalidInput);
  }
  const DateOrders dmy = only(DateOrder::kDayMonthYear);
  const DateOrders mdy = only(DateOrder::kMonthDayYear);
  const DateOrders ymd = only(DateOrder::kYearMonthDay);
  CHECK(orders_of("31/03/2026") == dmy);
  CHECK(orders_of("03/31/2026") == mdy);
  CHECK(orders_of("2026-01-02") == ymd);
  CHECK(orders_of("03/04/2026") == (dmy | mdy));
  CHECK(orders_of("03/04/05") == kAnyOrder);
  CHECK(orders_of("31/03/26") == (dmy | ymd));
  CHECK(orders_of("31/04/2026") == 0);
  CHECK(orders_of("x") == 0);
}

TEST_CASE("cells that mean nothing") {
  for (const char* nothing : {"", "-", "--", "\u2014", "\u2013"}) CHECK(is_empty_cell(nothing));
  for (const char* something : {"0", "-5", "a-", "- 5"}) CHECK(!is_empty_cell(something));
}
