#include "columns.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

/// A field and the columns of Meta's Ads Manager that can hold it, best first. A purchase is
/// reported under several names: the first column that is there counts, never a sum.
struct MetaField {
  std::string_view field;
  std::vector<std::string_view> columns;
};

const std::vector<MetaField>& meta_fields() {
  static const std::vector<MetaField> fields = {
      {"platform_ad_id", {"ad id"}},
      {"date_start", {"day", "reporting starts", "date"}},
      {"date_stop", {"day", "reporting ends"}},
      {"currency", {"currency", "account currency"}},
      {"impressions", {"impressions"}},
      {"spend", {"amount spent"}},
      {"reach", {"reach"}},
      {"frequency", {"frequency"}},
      {"clicks", {"clicks (all)", "clicks"}},
      {"link_clicks", {"link clicks"}},
      {"conversions", {"purchases", "website purchases", "results"}},
      {"conversion_value",
       {"purchases conversion value", "website purchases conversion value",
        "purchase conversion value", "conversion value"}},
      {"attribution_window", {"attribution setting"}},
      {"account_id", {"account id"}},
      {"campaign_id", {"campaign id"}},
      {"campaign_name", {"campaign name"}},
      {"objective", {"objective"}},
      {"adset_id", {"ad set id"}},
      {"adset_name", {"ad set name"}},
      {"ad_name", {"ad name"}},
  };
  return fields;
}

const std::vector<std::string> kRequired = {"platform", "platform_ad_id", "date_start",
                                            "currency", "impressions",    "spend"};

/// "Amount spent (EUR)" as "amount spent" and "EUR".
struct ColumnName {
  std::string name;
  std::optional<std::string> currency;
};

ColumnName column_name(std::string_view cell) {
  ColumnName column{.name = core::to_lower(core::trim(cell)), .currency = {}};
  const std::size_t open = column.name.rfind(" (");
  if (open == std::string::npos || column.name.size() != open + 6 || column.name.back() != ')') {
    return column;
  }
  const std::string inside = column.name.substr(open + 2, 3);
  if (!std::all_of(inside.begin(), inside.end(), [](char c) { return c >= 'a' && c <= 'z'; }) ||
      inside == "all") {
    return column;
  }
  column.currency = inside;
  for (char& c : *column.currency) c = static_cast<char>(c - 'a' + 'A');
  column.name.resize(open);
  return column;
}

std::optional<std::size_t> position(const std::vector<std::string_view>& header,
                                    std::string_view wanted) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (core::trim(header[i]) == wanted) return i;
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (core::to_lower(core::trim(header[i])) == core::to_lower(wanted)) return i;
  }
  return std::nullopt;
}

bool is_meta(const std::vector<std::string_view>& cells) {
  bool spend = false;
  bool ad = false;
  for (const std::string_view cell : cells) {
    const ColumnName column = column_name(cell);
    spend = spend || column.name == "amount spent";
    ad = ad || column.name == "ad id" || column.name == "ad name";
  }
  return spend && ad;
}

bool is_generic(const std::vector<std::string_view>& cells) {
  return position(cells, "platform_ad_id") && position(cells, "impressions") &&
         position(cells, "spend");
}

void put(Mapping& mapping, Mapping::Entry entry) {
  const auto same =
      std::find_if(mapping.entries.begin(), mapping.entries.end(),
                   [&](const Mapping::Entry& other) { return other.field == entry.field; });
  if (same == mapping.entries.end()) {
    mapping.entries.push_back(std::move(entry));
  } else {
    *same = std::move(entry);
  }
}

void map_meta(const std::vector<std::string_view>& header, Mapping& mapping) {
  std::vector<ColumnName> names;
  for (const std::string_view cell : header) names.push_back(column_name(cell));
  for (const MetaField& field : meta_fields()) {
    for (const std::string_view wanted : field.columns) {
      const auto found = std::find_if(names.begin(), names.end(), [&](const ColumnName& column) {
        return column.name == wanted;
      });
      if (found == names.end()) continue;
      const auto at = static_cast<std::size_t>(found - names.begin());
      put(mapping, {.field = std::string(field.field),
                    .column = at,
                    .constant = {},
                    .shown = std::string(header[at])});
      if (field.field == "spend") mapping.header_currency = found->currency;
      break;
    }
  }
  put(mapping, {.field = "platform", .column = 0, .constant = "meta", .shown = "=meta"});
}

void map_generic(const std::vector<std::string_view>& header, Mapping& mapping) {
  for (const std::string& field : performance_fields()) {
    if (const auto at = position(header, field)) {
      put(mapping,
          {.field = field, .column = *at, .constant = {}, .shown = std::string(header[*at])});
    }
  }
}

void require_field(const std::string& field) {
  const auto& fields = performance_fields();
  if (std::find(fields.begin(), fields.end(), field) != fields.end()) return;
  const auto near = core::nearest(field, fields);
  throw InvalidInput(
      "no field \"" + field + "\" in a performance row",
      near ? "did you mean " + *near + "?" : "the fields are: " + core::join(fields, ", "));
}

}  // namespace

const std::vector<std::string>& performance_fields() {
  static const std::vector<std::string> fields = {
      "platform",      "platform_ad_id",   "date_start",
      "currency",      "impressions",      "spend",
      "date_stop",     "account_id",       "campaign_id",
      "campaign_name", "objective",        "adset_id",
      "adset_name",    "ad_name",          "reach",
      "frequency",     "clicks",           "link_clicks",
      "conversions",   "conversion_value", "attribution_window"};
  return fields;
}

const Mapping::Entry* Mapping::find(std::string_view field) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.field == field; });
  return found == entries.end() ? nullptr : &*found;
}

bool is_header(const std::vector<std::string_view>& cells, const PerformanceOptions& options) {
  if (is_meta(cells) || is_generic(cells)) return true;
  // Columns that the user names make any line a header that holds them all.
  return !options.columns.empty() &&
         std::all_of(options.columns.begin(), options.columns.end(),
                     [&](const auto& entry) { return position(cells, entry.second).has_value(); });
}

Mapping map_columns(const std::vector<std::string_view>& header, const PerformanceOptions& options,
                    const std::string& file, std::int64_t line) {
  const std::string where = file + ":" + std::to_string(line);
  Mapping mapping;
  mapping.column_count = header.size();
  mapping.source = options.source.value_or(is_meta(header) ? "meta" : "generic");
  if (mapping.source == "meta") {
    map_meta(header, mapping);
  } else {
    map_generic(header, mapping);
  }
  for (const auto& [field, column] : options.columns) {
    require_field(field);
    const auto at = position(header, column);
    if (!at)
      throw InvalidInput(
          "no column \"" + column + "\" for " + field,
          "the header is: " +
              core::join(std::vector<std::string>(header.begin(), header.end()), ", "),
          where);
    put(mapping,
        {.field = field, .column = *at, .constant = {}, .shown = std::string(header[*at])});
  }
  for (const auto& [field, constant] : options.constants) {
    require_field(field);
    put(mapping, {.field = field, .column = 0, .constant = constant, .shown = "=" + constant});
  }
  for (const std::string& tag : options.tag_columns) {
    const auto at = position(header, tag);
    if (!at) throw InvalidInput("no column \"" + tag + "\" for a tag", "", where);
    mapping.tags.emplace_back(tag, *at);
  }
  if (!mapping.find("currency")) {
    const auto currency =
        mapping.header_currency ? mapping.header_currency : options.default_currency;
    if (currency)
      put(mapping,
          {.field = "currency", .column = 0, .constant = currency, .shown = "=" + *currency});
  }
  for (const std::string& field : kRequired) {
    if (mapping.find(field)) continue;
    throw InvalidInput(
        "no column for " + field,
        "name it with --map " + field + "=COLUMN, or a constant with --set " + field + "=VALUE",
        where);
  }
  return mapping;
}

}  // namespace adgenome::ingest
