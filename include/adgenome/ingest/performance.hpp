#pragma once

#include <adgenome/core/files.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::ingest {

/// What a platform says of one of its ads over a period of whole days, both ends included.
/// Money is micros of `currency`, conversions are millionths.
struct PerformanceRow {
  std::string platform;
  std::string platform_ad_id;
  core::Day date_start;
  core::Day date_stop;
  std::string currency;
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> reach;
  std::optional<double> frequency;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  std::optional<std::string> attribution_window;
  std::optional<std::string> account_id;
  std::optional<std::string> campaign_id;
  std::optional<std::string> campaign_name;
  std::optional<std::string> objective;
  std::optional<std::string> adset_id;
  std::optional<std::string> adset_name;
  std::optional<std::string> ad_name;
  /// Values of the columns that were asked for as element tags.
  std::map<std::string, std::string> tags;
};

/// The order of day, month and year where a date is written with slashes, dots or dashes.
enum class DateOrder { kDayMonthYear, kMonthDayYear, kYearMonthDay };

struct PerformanceOptions {
  /// "meta" or "generic"; nothing: recognised from the header.
  std::optional<std::string> source;
  /// Field of ours to column of the file.
  std::map<std::string, std::string> columns;
  /// Field of ours to a constant (platform, currency).
  std::map<std::string, std::string> constants;
  std::vector<std::string> tag_columns;
  std::optional<DateOrder> date_order;
  /// The currency of rows that name none: that of the account or brand.
  std::optional<std::string> default_currency;
};

struct PerformanceSummary {
  std::string source;
  std::int64_t read = 0;
  std::int64_t rejected = 0;
  std::int64_t skipped = 0;  ///< totals and blanks
  /// What the file's columns were taken for: field of ours to column or "=constant".
  std::vector<std::pair<std::string, std::string>> mapping;
  std::vector<std::string> warnings;
};

/// Reads an export: Meta Ads Manager CSV, or our own fields as CSV or JSONL. Good rows go to
/// `take`; InvalidInput out of `take` makes the row a reject as well. Throws InvalidInput where the
/// file cannot be understood at all (columns missing, dates that can be read in two ways).
PerformanceSummary read_performance(core::Input input, const PerformanceOptions& options,
                                    core::Rejects& rejects,
                                    const std::function<void(const PerformanceRow&)>& take);

/// Only what the columns would be taken for; reads the header.
PerformanceSummary explain_performance(core::Input input, const PerformanceOptions& options);

}  // namespace adgenome::ingest
