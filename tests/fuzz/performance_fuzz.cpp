#include <doctest/doctest.h>

#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/ingest/performance.hpp>
#include <algorithm>
#include <sstream>

#include "fuzz.hpp"
#include "ingest/cells.hpp"

using namespace adgenome;
using namespace adgenome::ingest;

namespace {

std::unique_ptr<std::istream> stream_of(const std::string& text) {
  return std::make_unique<std::istringstream>(text);
}

/// Touches every byte of a row, so that a view that leads nowhere is found, and checks what holds
/// of every row that is handed on.
void check(const PerformanceRow& row) {
  for (const std::string_view text :
       {row.platform, row.platform_ad_id, row.currency, row.attribution_window, row.account_id,
        row.campaign_id, row.campaign_name, row.objective, row.adset_id, row.adset_name,
        row.ad_name}) {
    if (!core::is_utf8(text)) FAIL_CHECK("a text that is not UTF-8");
  }
  const auto is_figure = [](const std::optional<std::int64_t>& figure) {
    return figure.value_or(0) >= 0;
  };
  if (row.platform_ad_id.empty() || row.currency.size() != 3 || row.date_stop < row.date_start ||
      row.impressions < 0 || row.spend_micros < 0 || !is_figure(row.reach) ||
      !is_figure(row.clicks) || !is_figure(row.link_clicks) ||
      !is_figure(row.conversions_millionths) || !is_figure(row.conversion_value_micros)) {
    FAIL_CHECK("a row that is not good");
  }
}

}  // namespace

TEST_CASE("delimited text") {
  fuzz::run({.name = "csv",
             .folders = {"fuzz/corpus/csv", "samples/performance"},
             .rounds = 100'000,
             .parse = [](const std::string& text) {
               const auto stream = stream_of(text);
               core::CsvReader reader(*stream, "x");
               std::size_t bytes = 0;
               std::vector<std::string_view> cells;
               while (reader.next(cells)) {
                 if (cells.empty()) FAIL_CHECK("a row without cells");
                 for (const std::string_view cell : cells)
                   bytes += static_cast<std::size_t>(std::ranges::count(cell, 'x')) + cell.size();
                 if (reader.raw().size() > text.size()) FAIL_CHECK("a row longer than the text");
               }
               if (bytes > 2 * text.size()) FAIL_CHECK("more cells than text");
             }});
}

TEST_CASE("exports of performance") {
  fuzz::run({.name = "exports",
             .folders = {"fuzz/corpus/exports", "samples/performance"},
             .rounds = 20'000,
             .parse = [](const std::string& text) {
               core::Rejects rejects;
               std::int64_t rows = 0;
               const auto summary = read_performance({.name = "x", .stream = stream_of(text)}, {},
                                                     rejects, [&](const PerformanceRow& row) {
                                                       ++rows;
                                                       check(row);
                                                     });
               if (summary.read != rows + summary.rejected + summary.skipped)
                 FAIL_CHECK("the counts do not add up");
             }});
}

TEST_CASE("pages of insights") {
  fuzz::run({.name = "insights",
             .folders = {"fuzz/corpus/insights"},
             .rounds = 50'000,
             .parse = [](const std::string& text) {
               core::Rejects rejects;
               read_insights(text, "x", {}, rejects, check);
             }});
}

TEST_CASE("figures") {
  fuzz::run(
      {.name = "figures",
       .folders = {"fuzz/corpus/figures"},
       .by_line = true,
       .rounds = 1'000'000,
       .parse = [](const std::string& text) {
         decimals_shown_by(text, true);
         decimals_shown_by(text, false);
         is_empty_cell(text);
         for (const Decimals decimals : {Decimals::kPoint, Decimals::kComma, Decimals::kPlain}) {
           try {
             parse_figure(text, decimals, "EUR");
           } catch (const core::InvalidInput&) {
             // Refused, as most of them are; the next way of writing may take it.
           }
         }
       }});
}

TEST_CASE("dates") {
  fuzz::run({.name = "dates",
             .folders = {"fuzz/corpus/dates"},
             .by_line = true,
             .rounds = 1'000'000,
             .parse = [](const std::string& text) {
               const DateOrders orders = orders_of(text);
               for (const DateOrder order : {DateOrder::kDayMonthYear, DateOrder::kMonthDayYear,
                                             DateOrder::kYearMonthDay}) {
                 bool is_date = true;
                 try {
                   const std::string day = core::format_day(parse_date(text, order));
                   if (day.size() == 10) CHECK(core::format_day(core::parse_day(day)) == day);
                 } catch (const core::InvalidInput&) {
                   is_date = false;
                 }
                 // A year of four digits in front is read in any order, but shows one only.
                 if ((orders & only(order)) != 0 && !is_date) FAIL_CHECK("no date after all");
               }
             }});
}
