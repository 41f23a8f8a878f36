#include "json_rows.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;
using core::RecordView;

__extension__ using Wide = __int128;

// Rooms behind those of the fields.
constexpr std::size_t kActionRoom = kFieldCount;
constexpr std::size_t kValueRoom = kFieldCount + 1;
constexpr std::size_t kRoasRoom = kFieldCount + 2;
constexpr std::size_t kAdRoom = kFieldCount + 3;

/// What the insights edge calls our fields.
constexpr std::pair<std::string_view, Field> kInsightFields[] = {
    {"account_currency", Field::kCurrency},
    {"account_id", Field::kAccountId},
    {"ad_id", Field::kPlatformAdId},
    {"ad_name", Field::kAdName},
    {"adset_id", Field::kAdsetId},
    {"adset_name", Field::kAdsetName},
    {"attribution_setting", Field::kAttributionWindow},
    {"campaign_id", Field::kCampaignId},
    {"campaign_name", Field::kCampaignName},
    {"clicks", Field::kClicks},
    {"date_start", Field::kDateStart},
    {"date_stop", Field::kDateStop},
    {"frequency", Field::kFrequency},
    {"impressions", Field::kImpressions},
    {"inline_link_clicks", Field::kLinkClicks},
    {"objective", Field::kObjective},
    {"reach", Field::kReach},
    {"spend", Field::kSpend},
};

/// Members that make several records of one ad and day, which would be taken for corrections.
constexpr std::string_view kBreakdowns[] = {
    "age",
    "gender",
    "country",
    "region",
    "dma",
    "publisher_platform",
    "platform_position",
    "device_platform",
    "impression_device",
    "product_id",
    "hourly_stats_aggregated_by_advertiser_time_zone",
    "hourly_stats_aggregated_by_audience_time_zone",
};

}  // namespace

std::string_view ValueTexts::text(const RecordView& value, std::size_t room) {
  switch (value.kind()) {
    case RecordView::Kind::kNull:
      return {};
    case RecordView::Kind::kString: {
      const std::string_view text = value.as_string();
      if (text.find('\0') != std::string_view::npos) value.fail("holds a zero byte");
      return core::trim(text);
    }
    case RecordView::Kind::kNumber: {
      std::array<char, 32>& digits = rooms_[room];
      const std::string written = value.to_json();
      // Whole numbers digit by digit: an id of 18 digits is no double.
      if (written.find_first_not_of("-0123456789") == std::string::npos) {
        const std::size_t size = std::min(written.size(), digits.size());
        std::copy_n(written.begin(), size, digits.begin());
        return {digits.data(), size};
      }
      const auto [end, error] =
          std::to_chars(digits.data(), digits.data() + digits.size(), value.as_double());
      return {digits.data(), static_cast<std::size_t>(end - digits.data())};
    }
    default:
      value.fail("expected a string or a number");
  }
}

JsonRows::JsonRows(const PerformanceOptions& options)
    : options_(options),
      ladder_(options.conversion_event),
      maker_(options),
      writing_{.dates = options.date_order.value_or(DateOrder::kYearMonthDay),
               .decimals = Decimals::kPlain} {}

bool JsonRows::is_insight(const RecordView& record) {
  return !record.find("platform_ad_id") && !record.find("platform") &&
         (record.find("account_currency") || record.find("actions") || record.find("ad_id") ||
          record.find("error"));
}

std::string JsonRows::insight_name(Field field, const PerformanceOptions& options) {
  if (field == Field::kPlatform) return "=meta";
  if (field == Field::kConversions) return "actions." + options.conversion_event;
  if (field == Field::kConversionValue) return "action_values." + options.conversion_event;
  const auto* const known =
      std::ranges::find(kInsightFields, field, &std::pair<std::string_view, Field>::second);
  return known == std::end(kInsightFields) ? "" : std::string(known->first);
}

bool JsonRows::take_tag(std::string_view name, const RecordView& value) {
  const auto found = std::ranges::find(options_.tag_columns, name);
  if (found == options_.tag_columns.end()) return false;
  const auto at = static_cast<std::size_t>(found - options_.tag_columns.begin());
  tag_texts_[at] =
      value.kind() == RecordView::Kind::kString ? std::string(value.as_string()) : value.to_json();
  return true;
}

PerformanceRow JsonRows::made(const RecordView& record, FieldTexts& texts) {
  for (const auto& [name, value] : options_.constants) {
    if (const auto field = field_named(name)) texts[*field] = value;
  }
  tags_.clear();
  for (std::size_t i = 0; i < tag_texts_.size(); ++i) {
    if (tag_texts_[i]) tags_.push_back({options_.tag_columns[i], *tag_texts_[i]});
  }
  try {
    PerformanceRow row = maker_.make(texts, writing_);
    row.tags = tags_;
    return row;
  } catch (const BadField& bad) {
    throw InvalidInput(bad.reason, bad.hint(),
                       record.where() + " /" + std::string(name_of(bad.field)));
  }
}

/// The field that an option takes from a member of this name.
std::optional<Field> JsonRows::given_field(std::string_view name) const {
  for (const auto& [field, member] : options_.columns) {
    if (member == name) return field_named(field);
  }
  return std::nullopt;
}

FieldTexts JsonRows::texts_of(const RecordView& record, std::string_view* ad_id) {
  FieldTexts texts;
  tag_texts_.assign(options_.tag_columns.size(), std::nullopt);
  record.for_each_member([&](std::string_view name, const RecordView& value) {
    if (name == "schema" || take_tag(name, value)) return;
    auto field = given_field(name);
    if (!field) field = field_named(name);
    if (field) {
      texts[*field] = values_.text(value, index_of(*field));
    } else if (ad_id != nullptr && name == "ad_id") {
      *ad_id = values_.text(value, kAdRoom);
    } else if (ad_id != nullptr && name == "learned_at") {
      // Of interest to who corrects for delay, and read there.
    } else if (options_.extra != Extra::kDrop) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
  return texts;
}

PerformanceRow JsonRows::own(const RecordView& record) {
  FieldTexts texts = texts_of(record, nullptr);
  return made(record, texts);
}

PerformanceRow JsonRows::piped(const RecordView& record, std::string_view& ad_id) {
  ad_id = {};
  FieldTexts texts = texts_of(record, &ad_id);
  const bool is_named = !texts[Field::kPlatformAdId].empty();
  if (!is_named && ad_id.empty()) record.fail("neither \"ad_id\" nor \"platform_ad_id\" is there");
  const bool has_platform = !texts[Field::kPlatform].empty();
  // What a pipe may leave out is filled in for the checks, and not handed on.
  if (!is_named) texts[Field::kPlatformAdId] = ad_id;
  if (!has_platform) texts[Field::kPlatform] = "generic";
  PerformanceRow row = made(record, texts);
  if (!is_named) row.platform_ad_id = {};
  if (!has_platform) row.platform = {};
  if (ad_id.empty()) ad_id = row.platform_ad_id;
  return row;
}

/// The entry of the highest rung, or of the only one asked for. Lists with breakdowns of actions
/// name one type several times.
JsonRows::Action JsonRows::best_action(const EventLadder& ladder, const RecordView& list,
                                       std::size_t room, std::optional<std::size_t> only_rung) {
  Action best{.value = {}, .rung = ladder.rungs().size()};
  list.for_each_element([&](const RecordView& entry) {
    const std::size_t rung = ladder.rung(entry.at("action_type").as_string());
    if (rung == ladder.rungs().size() || rung > best.rung || rung != only_rung.value_or(rung))
      return;
    if (rung == best.rung) {
      entry.fail("\"" + ladder.rungs()[rung] +
                 "\" stands there twice: read insights without action_breakdowns");
    }
    best = {.value = values_.text(entry.at("value"), room), .rung = rung};
  });
  return best;
}

/// That of the event which the account counts.
const EventLadder& JsonRows::ladder_of(std::string_view account_id) {
  if (!options_.account_event || options_.constants.contains("account_id")) return ladder_;
  const auto known = account_ladders_.find(account_id);
  if (known != account_ladders_.end()) return known->second;
  const std::string event =
      options_.account_event("meta", account_id).value_or(options_.conversion_event);
  return account_ladders_.emplace(account_id, EventLadder(event)).first->second;
}

/// The count of the event and its value, of the same rung. The edge leaves out what is zero: a list
/// without the event says that there was none, no list says nothing.
void JsonRows::take_event(FieldTexts& texts, const RecordView& record) {
  const EventLadder& ladder = ladder_of(texts[Field::kAccountId]);
  const auto actions = record.find("actions");
  const auto amounts = record.find("action_values");
  std::optional<std::size_t> rung;
  bool is_none = false;
  if (actions) {
    const Action count = best_action(ladder, *actions, kActionRoom, std::nullopt);
    rung = count.rung;
    is_none = count.rung == ladder.rungs().size();
    texts[Field::kConversions] = is_none ? "0" : count.value;
  }
  if (amounts) {
    texts[Field::kConversionValue] =
        is_none ? "0" : best_action(ladder, *amounts, kValueRoom, rung).value;
  }
  if (!texts[Field::kConversionValue].empty() || ladder.event() != "purchase") return;
  for (const std::string_view name : {"purchase_roas", "website_purchase_roas"}) {
    if (const auto roas = record.find(name)) take_roas(ladder, texts, *roas);
    if (!texts[Field::kConversionValue].empty()) return;
  }
}

/// Value = return on ad spend x spend, in exact millionths, rounded half to even.
void JsonRows::take_roas(const EventLadder& ladder, FieldTexts& texts, const RecordView& roas) {
  const Action best = best_action(ladder, roas, kRoasRoom, std::nullopt);
  if (best.rung == ladder.rungs().size() || texts[Field::kSpend].empty()) return;
  const auto ratio = static_cast<Wide>(core::parse_micros(best.value));
  const auto spend = static_cast<Wide>(core::parse_micros(texts[Field::kSpend]));
  if (ratio < 0 || spend < 0) return;
  const Wide product = ratio * spend;
  Wide value = product / 1'000'000;
  const Wide rest = product % 1'000'000;
  if (rest > 500'000 || (rest == 500'000 && value % 2 == 1)) ++value;
  if (value > INT64_MAX) roas.fail("times spend is too large");
  roas_value_ = core::format_micros(static_cast<std::int64_t>(value));
  texts[Field::kConversionValue] = roas_value_;
}

PerformanceRow JsonRows::insight(const RecordView& record) {
  if (const auto error = record.find("error"))
    error->fail("the Marketing API answered with an error: " + error->to_json());
  if (const auto data = record.find("data"))
    data->fail("a page of records has to begin with its list");
  FieldTexts texts;
  tag_texts_.assign(options_.tag_columns.size(), std::nullopt);
  texts[Field::kPlatform] = "meta";
  record.for_each_member([&](std::string_view name, const RecordView& value) {
    if (name == "schema" || take_tag(name, value)) return;
    if (const auto field = given_field(name)) {
      texts[*field] = values_.text(value, index_of(*field));
      return;
    }
    const auto* const known =
        std::ranges::find(kInsightFields, name, &std::pair<std::string_view, Field>::first);
    if (known != std::end(kInsightFields)) {
      texts[known->second] = values_.text(value, index_of(known->second));
    } else if (!options_.extra && std::ranges::find(kBreakdowns, name) != std::end(kBreakdowns)) {
      value.fail("the record is one of several of an ad and day, broken down by " +
                 std::string(name));
    } else if (options_.extra == Extra::kReject && !name.starts_with("action") &&
               !name.ends_with("purchase_roas")) {
      value.fail("unknown field \"" + std::string(name) + "\"");
    }
  });
  take_event(texts, record);
  return made(record, texts);
}

namespace {

/// What a page names beside its list.
core::Json paging_of(const core::RecordReader& reader) {
  core::Json beside = core::parse_json(reader.beside_list(), reader.name());
  const auto paging = beside.find("paging");
  return paging != beside.end() && paging->is_object() ? *paging : core::Json::object();
}

std::string text_at(const core::Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

PerformanceSummary read_json(core::Input input, const PerformanceOptions& options,
                             core::Rejects& rejects,
                             const std::function<void(const PerformanceRow&)>& take) {
  const std::int64_t rejected_before = rejects.count();
  core::RecordReader reader(std::move(input));
  JsonRows rows(options);
  Oddities oddities;
  std::optional<bool> are_insights;
  if (options.source) are_insights = options.source == "meta";
  PerformanceSummary summary;
  summary.read = core::read_records(reader, rejects, [&](const RecordView& record) {
    if (!are_insights) are_insights = JsonRows::is_insight(record);
    PerformanceRow row = *are_insights ? rows.insight(record) : rows.own(record);
    row.line = reader.line();
    row.raw = reader.raw();
    take(row);
    oddities.see(row);
  });
  summary.source = are_insights.value_or(false) ? "meta" : "generic";
  summary.rejected = rejects.count() - rejected_before;
  summary.warnings = oddities.warnings();
  if (reader.is_paged() && !text_at(paging_of(reader), "next").empty()) {
    summary.warnings.push_back("the last page of " + reader.name() +
                               " names a next one, which is not in it");
  }
  return summary;
}

InsightsPage read_insights(std::string_view page, const std::string& name,
                           const PerformanceOptions& options, core::Rejects& rejects,
                           const std::function<void(const PerformanceRow&)>& take) {
  core::RecordReader reader(
      {.name = name, .stream = std::make_unique<std::istringstream>(std::string(page))});
  JsonRows rows(options);
  InsightsPage result;
  for (;; ++result.read) {
    try {
      const auto record = reader.next();
      if (!record) break;
      PerformanceRow row = rows.insight(*record);
      row.line = reader.line();
      row.raw = reader.raw();
      if (reader.is_paged()) take(row);
    } catch (const InvalidInput& error) {
      // What is no page is no bad row either.
      if (reader.is_broken() || !reader.is_paged()) throw;
      rejects.add(name, reader.line(), error, reader.raw());
      ++result.rejected;
    }
  }
  if (!reader.is_paged()) throw InvalidInput("no page of insights", "", name);
  const core::Json paging = paging_of(reader);
  result.next = text_at(paging, "next");
  if (const auto cursors = paging.find("cursors"); cursors != paging.end() && cursors->is_object())
    result.after = text_at(*cursors, "after");
  return result;
}

}  // namespace adgenome::ingest
