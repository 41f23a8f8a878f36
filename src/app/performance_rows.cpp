#include "performance_rows.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::InvalidInput;
using core::RecordView;

constexpr std::string_view kFields[] = {"schema",
                                        "platform",
                                        "platform_ad_id",
                                        "ad_id",
                                        "date_start",
                                        "date_stop",
                                        "currency",
                                        "impressions",
                                        "spend",
                                        "account_id",
                                        "campaign_id",
                                        "campaign_name",
                                        "objective",
                                        "adset_id",
                                        "adset_name",
                                        "ad_name",
                                        "reach",
                                        "frequency",
                                        "clicks",
                                        "link_clicks",
                                        "conversions",
                                        "conversion_value",
                                        "attribution_window"};

void check_fields(const RecordView& record) {
  record.for_each_member([](std::string_view name, const RecordView& value) {
    if (std::ranges::find(kFields, name) == std::end(kFields)) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
}

std::int64_t count_of(const RecordView& value) {
  const std::int64_t count = value.as_int64();
  if (count < 0) value.fail("a count below 0");
  return count;
}

std::int64_t amount_of(const RecordView& value) {
  const std::int64_t micros = value.as_micros();
  if (micros < 0) value.fail("an amount below 0");
  return micros;
}

template <class Read>
std::optional<std::int64_t> optional_figure(const RecordView& record, std::string_view name,
                                            Read read) {
  const auto value = record.find(name);
  return value ? std::optional(read(*value)) : std::nullopt;
}

core::Day day_of(const RecordView& value) {
  try {
    return core::parse_day(value.as_string());
  } catch (const InvalidInput& error) {
    if (!error.where().empty()) throw;
    value.fail(error.what());
  }
}

learning::Delivery delivery_of(const RecordView& record) {
  learning::Delivery row;
  row.start = day_of(record.at("date_start"));
  const auto stop = record.find("date_stop");
  row.stop = stop ? day_of(*stop) : row.start;
  if (row.stop < row.start) stop->fail("the period ends before it starts");
  row.impressions = count_of(record.at("impressions"));
  row.spend_micros = amount_of(record.at("spend"));
  row.clicks = optional_figure(record, "clicks", count_of);
  row.link_clicks = optional_figure(record, "link_clicks", count_of);
  row.conversions_millionths = optional_figure(record, "conversions", amount_of);
  row.conversion_value_micros = optional_figure(record, "conversion_value", amount_of);
  row.objective = record.optional_string("objective").value_or("");
  return row;
}

struct AdNames {
  std::string ad_id;
  std::string platform;
  std::string platform_ad;
};

AdNames names_of(const RecordView& record) {
  const auto ad = record.find("ad_id");
  const auto platform_ad = record.find("platform_ad_id");
  if (!ad && !platform_ad) record.fail("neither \"ad_id\" nor \"platform_ad_id\" is there");
  AdNames names{.ad_id = (ad ? *ad : *platform_ad).as_id(),
                .platform = record.optional_string("platform").value_or(""),
                .platform_ad = platform_ad ? platform_ad->as_id() : ""};
  return names;
}

std::string currency_of(const RecordView& record) {
  const RecordView given = record.at("currency");
  try {
    return core::Currency(given.as_string()).code();
  } catch (const InvalidInput& error) {
    if (!error.where().empty()) throw;
    given.fail(error.what());
  }
}

void take(const RecordView& record, core::Day today, PerformanceRows& rows) {
  check_fields(record);
  const AdNames names = names_of(record);
  const learning::Delivery row = delivery_of(record);
  const std::string currency = currency_of(record);
  if (!rows.currency.empty() && rows.currency != currency) {
    // Not a bad row but a bad question, of which no part of the answer would be right: no
    // InvalidInput, which would be counted as a reject.
    throw core::Error(core::ExitCode::kInvalidInput,
                      "two currencies in one brand: " + rows.currency + " and " + currency,
                      "give the rows of one currency at a time", record.at("currency").where());
  }
  rows.currency = currency;
  if (row.start > today) {
    ++rows.counts.skipped;
    return;
  }
  switch (rows.ledger.add(names.ad_id, names.platform, names.platform_ad, row)) {
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
  core::read_records(reader, rejects, [&](const RecordView& record) { take(record, today, rows); });
  rows.counts.rejected = rejects.count();
  return rows;
}

}  // namespace adgenome::app
