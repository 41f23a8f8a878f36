#include "mapping.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <map>

#include "header_text.hpp"

namespace adgenome::ingest {

/// A column of the header: "Amount spent (EUR)" as "amount spent", "EUR" and whole.
struct Mapper::Column {
  std::string text;
  std::string whole;  ///< folded
  std::string name;   ///< folded, without the currency
  std::string_view currency;

  explicit Column(std::string_view cell)
      : text(core::trim(cell)), whole(folded(cell)), name(whole) {
    if (text.size() < 6 || text.back() != ')' || text[text.size() - 5] != '(') return;
    currency = core::known_currency(std::string_view(text).substr(text.size() - 4, 3));
    if (!currency.empty()) name = folded(std::string_view(text).substr(0, text.size() - 5));
  }
};

namespace {

using core::InvalidInput;

constexpr std::string_view kPlatforms[] = {"meta", "google", "tiktok"};

template <class Column>
std::optional<std::size_t> column_named(const std::vector<Column>& header,
                                        const std::string& wanted) {
  const auto place = [&](auto is_wanted) -> std::optional<std::size_t> {
    const auto found = std::ranges::find_if(header, is_wanted);
    if (found == header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
  };
  if (const auto exact = place([&](const Column& column) { return column.text == wanted; }))
    return exact;
  return place([&](const Column& column) { return column.whole == folded(wanted); });
}

struct Match {
  std::size_t column = 0;
  const ColumnName* name = nullptr;
};

/// The first of the names that a column has; amounts also where a currency follows the name.
template <class Column>
std::optional<Match> first_of(const std::vector<Column>& header,
                              const std::vector<ColumnName>& names, bool is_amount = false) {
  for (const ColumnName& name : names) {
    const auto found = std::ranges::find_if(header, [&](const Column& column) {
      return column.whole == name.folded || (is_amount && column.name == name.folded);
    });
    if (found != header.end())
      return Match{.column = static_cast<std::size_t>(found - header.begin()), .name = &name};
  }
  return std::nullopt;
}

template <class Column>
std::vector<Column> columns_of(const std::vector<std::string_view>& cells) {
  return {cells.begin(), cells.end()};
}

Field require_field(const std::string& name, const std::string& option) {
  if (const auto field = field_named(name)) return *field;
  const auto names = field_names();
  const auto near = core::nearest(name, std::vector<std::string>(names.begin(), names.end()));
  throw InvalidInput("no field \"" + name + "\" in a performance row",
                     near ? "did you mean " + *near : "", option);
}

}  // namespace

Mapper::Mapper(const PerformanceOptions& options)
    : options_(options), table_(options.column_names), ladder_(options.conversion_event) {
  if (options.source && options.source != "generic" &&
      std::ranges::find(kPlatforms, *options.source) == std::end(kPlatforms)) {
    throw core::UsageError("no source \"" + *options.source + "\"",
                           "known are meta, google, tiktok and generic", "option --source");
  }
  for (const auto& [field, column] : options.columns) require_field(field, "option --map");
  for (const auto& [field, value] : options.constants) require_field(field, "option --set");
}

/// The kind of export that most of the columns speak for; it has to have spend, impressions and a
/// name or id. Nothing where no kind has them.
std::optional<std::string> Mapper::recognise(const std::vector<Column>& header,
                                             const std::string& where) const {
  if (column_named(header, "platform_ad_id") && column_named(header, "impressions") &&
      column_named(header, "spend")) {
    return "generic";
  }
  std::string best;
  std::string rival;
  std::size_t most = 0;
  for (const std::string_view source : {"meta", "google", "tiktok", "generic"}) {
    const auto has = [&](std::string_view what) {
      return first_of(header, table_.names(source, what), true).has_value();
    };
    if (!(has("spend") || has("spend_micros")) || !has("impressions")) continue;
    if (!has("platform_ad_id") && !has("ad_name") && !has("adset_name") && !has("campaign_name"))
      continue;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(field_names(), has));
    if (count > most) {
      best = source;
      rival.clear();
      most = count;
    } else if (count == most) {
      rival = source;
    }
  }
  if (best.empty()) return std::nullopt;
  if (!rival.empty() && !options_.source) {
    throw InvalidInput("the header could be of " + best + " and of " + rival,
                       "say which with --source", where);
  }
  return best;
}

bool Mapper::is_header(const std::vector<std::string_view>& cells) const {
  if (cells.size() < 2) return false;
  const auto header = columns_of<Column>(cells);
  if (!options_.columns.empty() && std::ranges::all_of(options_.columns, [&](const auto& entry) {
        return column_named(header, entry.second).has_value();
      })) {
    return true;
  }
  return recognise(header, "").has_value();
}

void Mapper::map_source(const std::vector<Column>& header, Mapping& mapping) const {
  std::map<std::string, int> languages;
  const auto put = [&](Field field, const Match& match) {
    mapping[field] = {.column = match.column, .constant = {}, .shown = header[match.column].text};
    ++languages[match.name->language];
  };
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (const auto match =
            first_of(header, table_.names(mapping.source, name_of(field)), is_money(field))) {
      put(field, *match);
    } else if (mapping.source == "generic") {
      const std::string name(name_of(field));
      if (const auto column = column_named(header, name))
        mapping[field] = {.column = column, .constant = {}, .shown = header[*column].text};
    }
  }
  if (!mapping[Field::kSpend].is_there()) {
    if (const auto match = first_of(header, table_.names(mapping.source, "spend_micros"))) {
      put(Field::kSpend, *match);
      mapping.spend_is_micros = true;
    }
  }
  map_conversions(header, mapping);
  int most = 0;
  for (const auto& [language, count] : languages) {
    if (count > most) mapping.language = language;
    most = std::max(most, count);
  }
}

/// An event has columns of its own; where none is there, the count of results serves, if it is the
/// event that they count.
void Mapper::map_conversions(const std::vector<Column>& header, Mapping& mapping) const {
  const auto put = [&](Field field, const std::optional<Match>& match) {
    if (!match || mapping[field].is_there()) return;
    mapping[field] = {.column = match->column, .constant = {}, .shown = header[match->column].text};
  };
  const std::string event = "." + options_.conversion_event;
  put(Field::kConversions, first_of(header, table_.names(mapping.source, "conversions" + event)));
  put(Field::kConversionValue,
      first_of(header, table_.names(mapping.source, "conversion_value" + event), true));
  if (mapping[Field::kConversions].is_there()) return;
  put(Field::kConversions, first_of(header, table_.names(mapping.source, "results")));
  if (!mapping[Field::kConversions].is_there()) return;
  if (const auto type = first_of(header, table_.names(mapping.source, "result_type")))
    mapping.result_type = type->column;
}

void Mapper::map_given(const std::vector<Column>& header, Mapping& mapping,
                       const std::string& where) const {
  for (const auto& [name, column] : options_.columns) {
    const Field field = require_field(name, "option --map");
    const auto at = column_named(header, column);
    if (!at) {
      std::vector<std::string> texts;
      for (const Column& known : header) texts.push_back(known.text);
      throw InvalidInput("no column \"" + column + "\" for " + name,
                         "the header is: " + core::join(texts, ", "), where);
    }
    mapping[field] = {.column = at, .constant = {}, .shown = header[*at].text};
    if (field == Field::kConversions) mapping.result_type.reset();
    if (field == Field::kSpend) {
      mapping.spend_is_micros =
          mapping.source == "google" && header[*at].whole.ends_with("cost_micros");
    }
  }
  for (const auto& [name, value] : options_.constants) {
    const Field field = require_field(name, "option --set");
    mapping[field] = {.column = {}, .constant = value, .shown = "=" + value};
    if (field == Field::kSpend) mapping.spend_is_micros = false;
    if (field == Field::kConversions) mapping.result_type.reset();
  }
  for (const std::string& tag : options_.tag_columns) {
    const auto at = column_named(header, tag);
    if (!at) throw InvalidInput("no column \"" + tag + "\" for a tag", "", where);
    mapping.tags.push_back({.name = tag, .column = *at});
  }
  if (mapping.source != "generic" && !mapping[Field::kPlatform].is_there()) {
    mapping[Field::kPlatform] = {
        .column = {}, .constant = mapping.source, .shown = "=" + mapping.source};
  }
}

void Mapper::find_currency(const std::vector<Column>& header, Mapping& mapping,
                           const std::string& where) const {
  for (const Field field : {Field::kSpend, Field::kConversionValue}) {
    if (!mapping[field].column) continue;
    const std::string_view currency = header[*mapping[field].column].currency;
    if (currency.empty()) continue;
    if (mapping.header_currency && *mapping.header_currency != currency) {
      throw InvalidInput("spend is in " + *mapping.header_currency + " and conversion_value in " +
                             std::string(currency),
                         "export both in one currency", where);
    }
    mapping.header_currency = currency;
  }
  if (mapping[Field::kCurrency].is_there()) return;
  if (mapping.header_currency) {
    mapping[Field::kCurrency] = {
        .column = {}, .constant = mapping.header_currency, .shown = "=" + *mapping.header_currency};
  } else if (options_.default_currency && !options_.account_currency) {
    mapping[Field::kCurrency].shown = "=" + *options_.default_currency;
  }
}

/// What columns nothing is read from mean: rows of a breakdown would be taken for corrections of
/// each other.
void Mapper::check_unused(const std::vector<Column>& header, Mapping& mapping,
                          const std::string& where) const {
  std::vector<bool> is_used(header.size());
  for (const Mapping::Place& place : mapping.places) {
    if (place.column) is_used[*place.column] = true;
  }
  for (const Mapping::TagColumn& tag : mapping.tags) is_used[tag.column] = true;
  if (mapping.result_type) is_used[*mapping.result_type] = true;
  const auto& breakdowns = table_.names(mapping.source, "breakdowns");
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (is_used[i]) continue;
    mapping.ignored.push_back(header[i].text);
    if (!options_.extra &&
        std::ranges::find(breakdowns, header[i].whole, &ColumnName::folded) != breakdowns.end()) {
      throw InvalidInput("the export is broken down by \"" + header[i].text +
                             "\", so that an ad has several rows a day",
                         "export it without, or say --extra drop where it has one row after all",
                         where);
    }
  }
  if (options_.extra == Extra::kReject && !mapping.ignored.empty()) {
    throw InvalidInput(
        "columns that a performance row has no place for: " + core::join(mapping.ignored, ", "),
        "name them with --map or --tags, or say --extra drop", where);
  }
}

void Mapper::require_fields(const Mapping& mapping, const std::string& where) const {
  std::vector<std::string> missing;
  for (const Field field : {Field::kPlatform, Field::kPlatformAdId, Field::kDateStart,
                            Field::kImpressions, Field::kSpend}) {
    if (!mapping[field].is_there()) missing.emplace_back(name_of(field));
  }
  const bool has_currency = mapping[Field::kCurrency].is_there() || options_.default_currency ||
                            (options_.account_currency && mapping[Field::kAccountId].is_there());
  if (!has_currency) missing.emplace_back(name_of(Field::kCurrency));
  if (missing.empty()) return;
  const std::string& first = missing.front();
  std::string hint =
      "name it with --map " + first + "=COLUMN, or a constant with --set " + first + "=VALUE";
  if (mapping.source != "generic" && first == name_of(Field::kPlatformAdId))
    hint = "export it by ad, with the column of ad ids; or " + hint;
  if (mapping.source != "generic" && first == name_of(Field::kDateStart))
    hint = "export it by day; or give its period with --set date_start=DATE --set date_stop=DATE";
  throw InvalidInput("no column for " + core::join(missing, ", "), hint, where);
}

Mapping Mapper::map(const std::vector<std::string_view>& cells, const std::string& where) const {
  const auto header = columns_of<Column>(cells);
  Mapping mapping;
  mapping.column_count = header.size();
  mapping.source =
      options_.source ? *options_.source : recognise(header, where).value_or("generic");
  map_source(header, mapping);
  map_given(header, mapping, where);
  find_currency(header, mapping, where);
  require_fields(mapping, where);
  check_unused(header, mapping, where);
  return mapping;
}

std::vector<std::string> Mapper::total_words(const Mapping& mapping) const {
  std::vector<std::string> words = {"total"};
  for (const ColumnName& name : table_.names(mapping.source, "totals"))
    words.push_back(name.folded);
  return words;
}

bool Mapper::is_event(std::string_view source, std::string_view result_type) const {
  if (ladder_.is_indicator(result_type)) return true;
  const auto& names = table_.names(source, "conversions." + options_.conversion_event);
  return std::ranges::find(names, folded(result_type), &ColumnName::folded) != names.end();
}

}  // namespace adgenome::ingest
