#pragma once

#include <adgenome/core/files.hpp>
#include <adgenome/core/rejects.hpp>
#include <adgenome/core/time.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::ingest {

/// An element tag that a column of the file gives an ad.
struct Tag {
  std::string_view dimension;
  std::string_view value;
};

/// What a platform says of one of its ads over a period of whole days, both ends included. Money
/// is micros of `currency`, conversions are millionths. Texts and tags are views that last until
/// the next row is read, and are empty where the file says nothing; `platform` and `currency`
/// last as long as the program.
struct PerformanceRow {
  std::string_view platform;  ///< meta, google, tiktok or generic
  std::string_view platform_ad_id;
  core::Day date_start;
  core::Day date_stop;
  std::string_view currency;  ///< an ISO 4217 code
  std::int64_t impressions = 0;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> reach;
  std::optional<double> frequency;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  std::string_view attribution_window;
  std::string_view account_id;
  std::string_view campaign_id;
  std::string_view campaign_name;
  std::string_view objective;
  std::string_view adset_id;
  std::string_view adset_name;
  std::string_view ad_name;
  /// Values of the columns that were asked for as element tags, in the order asked for.
  std::span<const Tag> tags;
  /// Where the row stands, for those who find it bad after `take` has returned.
  std::int64_t line = 0;
  std::string_view raw;
};

/// The order of day, month and year where a date is written with slashes, dots or dashes.
enum class DateOrder { kDayMonthYear, kMonthDayYear, kYearMonthDay };

/// What becomes of columns and fields that a performance row has no place for.
enum class Extra { kDrop, kReject };

struct PerformanceOptions {
  /// meta, google, tiktok or generic; nothing: recognised from the header or the first record.
  std::optional<std::string> source;
  /// Field of ours to column of the file.
  std::map<std::string, std::string> columns;
  /// Field of ours to a constant (platform, currency).
  std::map<std::string, std::string> constants;
  std::vector<std::string> tag_columns;
  std::optional<DateOrder> date_order;
  /// Whether a comma is the decimal sign; nothing: decided from the figures.
  std::optional<bool> comma_is_decimal;
  /// Nothing: reject for records of our own shape, drop for columns and for a platform's records.
  std::optional<Extra> extra;
  /// A file of column names that are added to those known (contract columns/v1).
  std::optional<std::string> column_names;
  /// The event that counts as a conversion where a platform reports several.
  std::string conversion_event = "purchase";
  /// The event of an account that counts another one; empty where none does. An account_id that is
  /// empty asks for what is known of the platform's only account.
  std::function<std::optional<std::string>(std::string_view platform, std::string_view account_id)>
      account_event;
  /// The currency of an account, for rows that name none: asked for each account once.
  std::function<std::optional<std::string>(std::string_view platform, std::string_view account_id)>
      account_currency;
  /// The currency where the account's is not known either: that of the brand.
  std::optional<std::string> default_currency;
};

struct PerformanceSummary {
  std::string source;
  std::int64_t read = 0;
  std::int64_t rejected = 0;
  std::int64_t skipped = 0;  ///< totals and blanks
  std::vector<std::string> warnings;
};

/// Reads an export: CSV of Meta, Google or TikTok, insights of the Marketing API as JSON, or our
/// own fields as CSV or JSON. Good rows go to `take`; InvalidInput out of `take` makes the row a
/// reject as well. Throws InvalidInput where the file cannot be understood at all (columns missing,
/// dates that can be read in two ways), before the first row is taken.
PerformanceSummary read_performance(core::Input input, const PerformanceOptions& options,
                                    core::Rejects& rejects,
                                    const std::function<void(const PerformanceRow&)>& take);

/// How a file would be read.
struct PerformanceExplanation {
  std::string source;
  struct Column {
    std::string field;   ///< empty: nothing is read from the column
    std::string column;  ///< its name in the file, or "=constant"
  };
  std::vector<Column> mapping;
  // Of delimited text:
  std::string language;          ///< of its header; empty for our own fields
  std::int64_t header_line = 0;  ///< 0: no header, but records
  char delimiter = ',';
  std::optional<DateOrder> date_order;  ///< nothing where it cannot be decided
  std::optional<bool> comma_is_decimal;
  std::optional<std::string> currency;  ///< of every row, where the header or an option says it
  /// What the file leaves open: dates that can be read in several ways.
  std::vector<std::string> open_questions;
};

/// Only what the columns would be taken for.
PerformanceExplanation explain_performance(core::Input input, const PerformanceOptions& options);

/// One page of the insights edge of the Marketing API, read.
struct InsightsPage {
  std::int64_t read = 0;
  std::int64_t rejected = 0;
  std::string after;  ///< the cursor behind its last record; empty where the page names none
  std::string next;   ///< the address of the next page; empty on the last one
};

/// Reads a page as the API sends it, {"data": [...], "paging": {...}}. `name` is what messages and
/// rejects call it. Throws InvalidInput where the text is no such page.
InsightsPage read_insights(std::string_view page, const std::string& name,
                           const PerformanceOptions& options, core::Rejects& rejects,
                           const std::function<void(const PerformanceRow&)>& take);

}  // namespace adgenome::ingest
