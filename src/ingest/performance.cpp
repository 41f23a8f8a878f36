#include <adgenome/core/csv.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/ingest/performance.hpp>
#include <algorithm>
#include <memory>
#include <set>

#include "cells.hpp"
#include "columns.hpp"

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

constexpr int kHeaderSearchLines = 50;

/// A bad value of a field: the reason names the field.
[[noreturn]] void bad_field(std::string_view field, const std::string& reason) {
  throw InvalidInput(std::string(field) + ": " + reason);
}

std::int64_t not_negative(std::string_view field, std::int64_t value) {
  if (value < 0) bad_field(field, "is negative");
  return value;
}

/// The texts of one row by field, whatever they came from.
class FieldTexts {
 public:
  void set(const std::string& field, std::string text) { texts_[field] = std::move(text); }
  /// The text of a field without blanks; empty where there is none.
  std::string_view find(const std::string& field) const {
    const auto found = texts_.find(field);
    if (found == texts_.end() || found->second == "-") return {};
    return core::trim(found->second);
  }
  std::string_view at(const std::string& field) const {
    const std::string_view text = find(field);
    if (text.empty()) bad_field(field, "is missing");
    return text;
  }

 private:
  std::map<std::string, std::string> texts_;
};

std::optional<std::int64_t> whole(const FieldTexts& texts, const std::string& field,
                                  bool comma_is_decimal) {
  const std::string_view text = texts.find(field);
  if (text.empty()) return std::nullopt;
  try {
    const std::int64_t micros = core::parse_micros(plain_decimal(text, comma_is_decimal));
    if (micros % 1'000'000 != 0)
      bad_field(field, "is not a whole number: \"" + std::string(text) + "\"");
    return not_negative(field, micros / 1'000'000);
  } catch (const InvalidInput& error) {
    if (std::string_view(error.what()).starts_with(field)) throw;
    bad_field(field, error.what());
  }
}

std::optional<std::int64_t> millionths(const FieldTexts& texts, const std::string& field,
                                       bool comma_is_decimal) {
  const std::string_view text = texts.find(field);
  if (text.empty()) return std::nullopt;
  try {
    return not_negative(field, core::parse_micros(plain_decimal(text, comma_is_decimal)));
  } catch (const InvalidInput& error) {
    if (std::string_view(error.what()).starts_with(field)) throw;
    bad_field(field, error.what());
  }
}

core::Day date(const FieldTexts& texts, const std::string& field, DateOrder order) {
  try {
    return date_in_order(texts.at(field), order);
  } catch (const InvalidInput& error) {
    if (std::string_view(error.what()).starts_with(field)) throw;
    bad_field(field, error.what());
  }
}

const std::vector<std::string> kPlatforms = {"meta", "google", "tiktok", "generic"};

PerformanceRow row_from(const FieldTexts& texts, DateOrder order, bool comma_is_decimal) {
  PerformanceRow row;
  const std::string platform(texts.at("platform"));
  const auto known = std::find(kPlatforms.begin(), kPlatforms.end(), platform);
  if (known == kPlatforms.end()) {
    bad_field("platform",
              "must be one of " + core::join(kPlatforms, ", ") + ", not \"" + platform + "\"");
  }
  row.platform = *known;
  row.platform_ad_id = texts.at("platform_ad_id");
  row.date_start = date(texts, "date_start", order);
  row.date_stop =
      !texts.find("date_stop").empty() ? date(texts, "date_stop", order) : row.date_start;
  if (row.date_stop < row.date_start) bad_field("date_stop", "the period ends before it starts");
  try {
    static std::set<std::string> seen;
    row.currency = *seen.insert(core::Currency(texts.at("currency")).code()).first;
  } catch (const InvalidInput& error) {
    bad_field("currency", error.what());
  }
  texts.at("impressions");
  texts.at("spend");
  row.impressions = *whole(texts, "impressions", comma_is_decimal);
  row.spend_micros = *millionths(texts, "spend", comma_is_decimal);
  row.reach = whole(texts, "reach", comma_is_decimal);
  if (const auto frequency = millionths(texts, "frequency", comma_is_decimal)) {
    row.frequency = static_cast<double>(*frequency) / 1e6;
  }
  row.clicks = whole(texts, "clicks", comma_is_decimal);
  row.link_clicks = whole(texts, "link_clicks", comma_is_decimal);
  row.conversions_millionths = millionths(texts, "conversions", comma_is_decimal);
  row.conversion_value_micros = millionths(texts, "conversion_value", comma_is_decimal);
  row.attribution_window = texts.find("attribution_window");
  row.account_id = texts.find("account_id");
  row.campaign_id = texts.find("campaign_id");
  row.campaign_name = texts.find("campaign_name");
  row.objective = texts.find("objective");
  row.adset_id = texts.find("adset_id");
  row.adset_name = texts.find("adset_name");
  row.ad_name = texts.find("ad_name");
  return row;
}

/// The order in which a column of dates is written, from all of its cells. A row of which the
/// order is not known yet waits; two dates that contradict each other are refused.
class DateColumn {
 public:
  DateColumn(std::optional<DateOrder> given, std::string where)
      : order_(given), is_given_(given.has_value()), where_(std::move(where)) {}

  void see(const std::string& cell) {
    const auto shown = order_shown_by(cell);
    if (!shown || is_given_) return;
    if (order_ && *order_ != *shown) {
      throw InvalidInput(
          "the dates \"" + example_ + "\" and \"" + cell + "\" are written in two orders",
          "say which counts with --dates dmy|mdy|ymd; other rows are then rejected", where_);
    }
    order_ = shown;
    example_ = cell;
  }
  const std::optional<DateOrder>& order() const { return order_; }

 private:
  std::optional<DateOrder> order_;
  bool is_given_;
  std::string example_;
  std::string where_;
};

bool is_total(const std::vector<std::string_view>& cells, const FieldTexts& texts) {
  if (core::to_lower(core::trim(cells.front())).starts_with("total")) return true;
  return texts.find("platform_ad_id").empty() && texts.find("ad_name").empty() &&
         texts.find("adset_name").empty() && texts.find("campaign_name").empty();
}

class PerformanceReading {
 public:
  PerformanceReading(const PerformanceOptions& options, core::Rejects& rejects,
                     const std::function<void(const PerformanceRow&)>& take)
      : options_(options), rejects_(rejects), take_(take) {}

  PerformanceExplanation explanation() {
    explanation_.source = summary_.source;
    return std::move(explanation_);
  }

  PerformanceSummary csv(core::Input& input, bool only_explain) {
    core::CsvReader reader(*input.stream, input.name);
    std::vector<std::string_view> cells;
    for (;;) {
      if (!reader.next(cells) || reader.line() > kHeaderSearchLines) {
        throw InvalidInput("no header of an export that is known",
                           "name the columns with --map FIELD=COLUMN", input.name);
      }
      if (is_header(cells, options_)) break;
    }
    const Mapping mapping = map_columns(cells, options_, input.name, reader.line());
    summary_.source = mapping.source;
    for (const Mapping::Entry& entry : mapping.entries)
      explanation_.mapping.push_back({entry.field, entry.shown});
    for (const auto& [tag, column] : mapping.tags)
      explanation_.mapping.push_back({"tags." + tag, tag});
    if (only_explain) return summary_;

    comma_is_decimal_ = reader.delimiter() == ';';
    DateColumn dates(options_.date_order, input.name);
    while (reader.next(cells)) {
      ++summary_.read;
      if (std::all_of(cells.begin(), cells.end(),
                      [](std::string_view cell) { return core::trim(cell).empty(); })) {
        ++summary_.skipped;
        continue;
      }
      Pending row{.texts = {}, .tags = {}, .line = reader.line(), .raw = std::string(reader.raw())};
      if (cells.size() != mapping.column_count) {
        reject(input.name, row,
               InvalidInput("the row has " + std::to_string(cells.size()) + " cells, the header " +
                            std::to_string(mapping.column_count)));
        continue;
      }
      for (const Mapping::Entry& entry : mapping.entries) {
        row.texts.set(entry.field,
                      entry.constant ? *entry.constant : std::string(cells[entry.column]));
      }
      for (const auto& [tag, column] : mapping.tags) row.tags[tag] = core::trim(cells[column]);
      if (is_total(cells, row.texts)) {
        ++summary_.skipped;
        continue;
      }
      add(input.name, std::move(row), dates);
    }
    finish(input.name, dates);
    return summary_;
  }

  PerformanceSummary records(core::Input input, bool only_explain) {
    summary_.source = "generic";
    const std::string name = input.name;
    core::RecordReader reader(std::move(input));
    DateColumn dates(options_.date_order ? options_.date_order : DateOrder::kYearMonthDay, name);
    if (only_explain) {
      for (const std::string& field : performance_fields())
        explanation_.mapping.push_back({field, field});
      return summary_;
    }
    summary_.read = core::read_records(reader, rejects_, [&](const core::RecordView& record) {
      Pending row{.texts = {}, .tags = {}, .line = reader.line(), .raw = std::string(reader.raw())};
      record.for_each_member([&](std::string_view member, const core::RecordView& value) {
        if (member == "schema" || value.is_null()) return;
        const std::string field(member);
        const auto& fields = performance_fields();
        const bool is_tag = std::find(options_.tag_columns.begin(), options_.tag_columns.end(),
                                      field) != options_.tag_columns.end();
        if (is_tag) {
          row.tags[field] = value.kind() == core::RecordView::Kind::kString
                                ? std::string(value.as_string())
                                : value.to_json();
        } else if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
          value.fail("unknown field \"" + field + "\"");
        } else if (field.ends_with("_id")) {
          row.texts.set(field, value.as_id());
        } else {
          row.texts.set(field, value.kind() == core::RecordView::Kind::kString
                                   ? std::string(value.as_string())
                                   : value.to_json());
        }
      });
      for (const auto& [field, constant] : options_.constants) row.texts.set(field, constant);
      if (row.texts.find("currency").empty() && options_.default_currency)
        row.texts.set("currency", *options_.default_currency);
      hand_over(row, *dates.order());
    });
    summary_.rejected = rejects_.count();
    return summary_;
  }

 private:
  struct Pending {
    FieldTexts texts;
    std::map<std::string, std::string> tags;
    std::int64_t line = 0;
    std::string raw;
  };

  void reject(const std::string& name, const Pending& row, const InvalidInput& error) {
    rejects_.add(name, row.line, error, row.raw);
    ++summary_.rejected;
  }

  void hand_over(const Pending& pending, DateOrder order) {
    PerformanceRow row = row_from(pending.texts, order, comma_is_decimal_);
    std::vector<Tag> tags;
    for (const auto& [dimension, value] : pending.tags) tags.push_back({dimension, value});
    row.tags = tags;
    row.line = pending.line;
    row.raw = pending.raw;
    const auto clicks = std::max(row.clicks.value_or(0), row.link_clicks.value_or(0));
    if (clicks > row.impressions && ++more_clicks_ == 1) {
      summary_.warnings.push_back("more clicks than impressions, first at line " +
                                  std::to_string(pending.line));
    }
    take_(row);
  }

  void add(const std::string& name, Pending row, DateColumn& dates) {
    for (const char* field : {"date_start", "date_stop"}) {
      if (const auto cell = row.texts.find(field); !cell.empty()) dates.see(std::string(cell));
    }
    waiting_.push_back(std::move(row));
    if (dates.order()) flush(name, *dates.order());
  }

  void flush(const std::string& name, DateOrder order) {
    for (const Pending& row : waiting_) {
      try {
        hand_over(row, order);
      } catch (const InvalidInput& error) {
        reject(name, row, error);
      }
    }
    waiting_.clear();
  }

  void finish(const std::string& name, const DateColumn& dates) {
    if (waiting_.empty()) return;
    // No date of the file shows its order. Rows that have no date at all are bad in any order.
    for (const Pending& row : waiting_) {
      const std::string cell(row.texts.find("date_start"));
      if (cell.empty() || dates.order()) continue;
      try {
        const core::Day day_first = date_in_order(cell, DateOrder::kDayMonthYear);
        const core::Day month_first = date_in_order(cell, DateOrder::kMonthDayYear);
        throw InvalidInput(
            "the date \"" + cell + "\" can be read as " + core::format_day(day_first) + " and as " +
                core::format_day(month_first),
            "say which with --dates dmy or --dates mdy", name + ":" + std::to_string(row.line));
      } catch (const InvalidInput& error) {
        if (!error.hint().empty()) throw;
      }
    }
    flush(name, DateOrder::kDayMonthYear);
  }

  const PerformanceOptions& options_;
  core::Rejects& rejects_;
  const std::function<void(const PerformanceRow&)>& take_;
  PerformanceSummary summary_;
  PerformanceExplanation explanation_;
  std::vector<Pending> waiting_;
  bool comma_is_decimal_ = false;
  std::int64_t more_clicks_ = 0;
};

bool is_json(core::Input& input) {
  std::istream& stream = *input.stream;
  const int first = stream.peek();
  return first == '{' || first == '[';
}

PerformanceSummary read(PerformanceReading& reading, core::Input input,
                        const PerformanceOptions& options, bool only_explain) {
  if (options.source && *options.source != "meta" && *options.source != "generic") {
    throw core::UsageError("no source \"" + *options.source + "\"", "known are meta and generic",
                           "option --source");
  }
  if (is_json(input)) return reading.records(std::move(input), only_explain);
  return reading.csv(input, only_explain);
}

}  // namespace

PerformanceSummary read_performance(core::Input input, const PerformanceOptions& options,
                                    core::Rejects& rejects,
                                    const std::function<void(const PerformanceRow&)>& take) {
  PerformanceReading reading(options, rejects, take);
  return read(reading, std::move(input), options, false);
}

PerformanceExplanation explain_performance(core::Input input, const PerformanceOptions& options) {
  core::Rejects none;
  const std::function<void(const PerformanceRow&)> nothing = [](const PerformanceRow&) {};
  PerformanceReading reading(options, none, nothing);
  read(reading, std::move(input), options, true);
  return reading.explanation();
}

}  // namespace adgenome::ingest
