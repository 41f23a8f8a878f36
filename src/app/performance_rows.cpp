#include "performance_rows.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/ingest/performance_records.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::RecordView;

learning::Delivery delivery_of(const ingest::PerformanceRow& row) {
  return {.start = row.date_start,
          .stop = row.date_stop,
          .impressions = row.impressions,
          .spend_micros = row.spend_micros,
          .clicks = row.clicks,
          .link_clicks = row.link_clicks,
          .conversions_millionths = row.conversions_millionths,
          .conversion_value_micros = row.conversion_value_micros,
          .objective = std::string(row.objective)};
}

core::Time time_of(const RecordView& value) {
  try {
    return core::parse_time(value.as_string());
  } catch (const core::InvalidInput& error) {
    value.fail(error.what());
  }
}

void take(const RecordView& record, ingest::PerformanceRecords& records, core::Day today,
          PerformanceRows& rows) {
  const auto [read, ad_id] = records.read(record);
  const std::string currency(read.currency);
  if (!rows.currency.empty() && rows.currency != currency) {
    // Not a bad row but a bad question, of which no part of the answer would be right: no
    // InvalidInput, which would be counted as a reject.
    throw core::Error(core::ExitCode::kInvalidInput,
                      "two currencies in one brand: " + rows.currency + " and " + currency,
                      "give the rows of one currency at a time", record.at("currency").where());
  }
  rows.currency = currency;
  const learning::Delivery row = delivery_of(read);
  if (row.start > today) {
    ++rows.counts.skipped;
    return;
  }
  if (const auto learned_at = record.find("learned_at")) {
    const core::Time at = time_of(*learned_at);
    if (core::day_of(at) > today) {
      ++rows.counts.skipped;
      return;
    }
    auto& values = rows.learned[{std::string(ad_id), std::string(read.platform),
                                 std::string(read.platform_ad_id), row.start}];
    const bool is_older = std::ranges::any_of(
        values, [&](const LearnedValue& value) { return value.learned_at > at; });
    values.push_back({at, row});
    if (is_older) {
      ++rows.counts.unchanged;
      return;
    }
  }
  switch (rows.ledger.add(std::string(ad_id),
                          {.platform = std::string(read.platform),
                           .id = std::string(read.platform_ad_id),
                           .account = std::string(read.account_id)},
                          row)) {
    case learning::DeliveryLedger::Added::kNew:
      ++rows.counts.added;
      break;
    case learning::DeliveryLedger::Added::kChanged:
      ++rows.counts.changed;
      break;
    case learning::DeliveryLedger::Added::kUnchanged:
      ++rows.counts.unchanged;
      break;
    case learning::DeliveryLedger::Added::kOverlaps:
      record.fail("the period overlaps another of the same ad");
  }
  rows.more_clicks_than_impressions += row.clicks.value_or(0) > row.impressions;
}

}  // namespace

PerformanceRows read_performance_rows(const std::string& input, core::Day today,
                                      core::Rejects& rejects) {
  PerformanceRows rows;
  core::RecordReader reader(core::open_input(input));
  ingest::PerformanceRecords records;
  core::read_records(reader, rejects,
                     [&](const RecordView& record) { take(record, records, today, rows); });
  rows.counts.rejected = rejects.count();
  return rows;
}

}  // namespace adgenome::app
