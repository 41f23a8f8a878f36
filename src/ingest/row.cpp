#include "row.hpp"

#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::ingest {
namespace {

using core::InvalidInput;

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::string_view kPlatforms[] = {"meta", "google", "tiktok", "generic"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view platform_named(std::string_view text) {
  const auto* const known = std::ranges::find(kPlatforms, text);
  if (known != std::end(kPlatforms)) return *known;
  throw BadField(Field::kPlatform, text.empty() ? "is missing"
                                                : "must be one of meta, google, tiktok, generic, "
                                                  "not \"" +
                                                      std::string(text) + "\"");
}

/// Spreadsheets turn ids of 18 digits into floating numbers, of which the last digits are lost.
void check_id(Field field, std::string_view id) {
  const std::size_t digits = std::min(id.find_first_not_of("0123456789"), id.size());
  if (digits == 0 || digits == id.size()) return;
  std::string_view rest = id.substr(digits);
  if (rest.front() == '.' || rest.front() == ',') {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  }
  const bool has_exponent = rest.starts_with("E+") || rest.starts_with("e+");
  if (!has_exponent && !(rest.empty() && digits > 15)) return;
  throw BadField(field,
                 "\"" + std::string(id) +
                     "\" is an id that a spreadsheet made a number of, its last digits are lost: "
                     "export the file again and do not save it in a spreadsheet");
}

std::int64_t figure(Field field, std::string_view text, Decimals decimals,
                    std::string_view currency = {}) {
  try {
    const std::int64_t millionths = parse_figure(text, decimals, currency);
    if (millionths >= 0) return millionths;
  } catch (const InvalidInput& error) {
    throw BadField(field, error.what());
  }
  throw BadField(field, "is negative: \"" + std::string(text) + "\"");
}

std::int64_t whole(Field field, std::string_view text, Decimals decimals) {
  const std::int64_t millionths = figure(field, text, decimals);
  if (millionths % kMillion != 0)
    throw BadField(field, "is not a whole number: \"" + std::string(text) + "\"");
  return millionths / kMillion;
}

}  // namespace

std::string_view RowMaker::known_currency(std::string_view code) {
  if (!code.empty() && code == currency_text_) return currency_;
  const std::string_view known = core::known_currency(code);
  if (known.empty()) {
    throw BadField(Field::kCurrency,
                   "there is no currency \"" + std::string(code) + "\" in ISO 4217");
  }
  currency_text_ = code;
  currency_ = known;
  return known;
}

std::string_view RowMaker::account_currency(std::string_view platform,
                                            std::string_view account_id) {
  if (account_id.empty() || !options_.account_currency) return {};
  std::string key(platform);
  key += ' ';
  key += account_id;
  const auto known = account_currencies_.find(key);
  if (known != account_currencies_.end()) return known->second;
  const auto found = options_.account_currency(platform, account_id);
  return account_currencies_[key] = found ? known_currency(*found) : std::string_view{};
}

std::string_view RowMaker::currency_of(std::string_view platform, std::string_view account_id,
                                       std::string_view named) {
  if (!named.empty()) return known_currency(named);
  const std::string_view accounts = account_currency(platform, account_id);
  if (!accounts.empty()) return accounts;
  return options_.default_currency ? known_currency(*options_.default_currency)
                                   : std::string_view{};
}

core::Day RowMaker::date(Field field, std::string_view text, DateOrder order) {
  if (text == date_text_ && !text.empty()) return date_;
  if (text.empty()) throw BadField(field, "is missing");
  try {
    date_ = parse_date(text, order);
  } catch (const InvalidInput& error) {
    date_text_.clear();
    throw BadField(field, error.what());
  }
  date_text_ = text;
  return date_;
}

PerformanceRow RowMaker::make(const FieldTexts& texts, const Writing& writing) {
  const auto required = [&](Field field) {
    if (texts[field].empty()) throw BadField(field, "is missing");
    return texts[field];
  };
  const auto optional_whole = [&](Field field) -> std::optional<std::int64_t> {
    if (texts[field].empty()) return std::nullopt;
    return whole(field, texts[field], writing.decimals);
  };

  PerformanceRow row;
  row.platform = platform_named(texts[Field::kPlatform]);
  row.platform_ad_id = required(Field::kPlatformAdId);
  row.account_id = texts[Field::kAccountId];
  row.campaign_id = texts[Field::kCampaignId];
  row.adset_id = texts[Field::kAdsetId];
  for (const Field field :
       {Field::kPlatformAdId, Field::kAccountId, Field::kCampaignId, Field::kAdsetId}) {
    check_id(field, texts[field]);
  }
  row.date_start = date(Field::kDateStart, texts[Field::kDateStart], writing.dates);
  row.date_stop = texts[Field::kDateStop].empty()
                      ? row.date_start
                      : date(Field::kDateStop, texts[Field::kDateStop], writing.dates);
  if (row.date_stop < row.date_start)
    throw BadField(Field::kDateStop, "the period ends before it starts");
  row.currency = currency_of(row.platform, row.account_id, texts[Field::kCurrency]);
  if (row.currency.empty()) {
    throw BadField(Field::kCurrency, "is missing, and no account or brand is known to have one");
  }
  row.impressions = whole(Field::kImpressions, required(Field::kImpressions), writing.decimals);
  row.spend_micros = figure(Field::kSpend, required(Field::kSpend), writing.decimals, row.currency);
  row.reach = optional_whole(Field::kReach);
  if (const std::string_view text = texts[Field::kFrequency]; !text.empty()) {
    row.frequency = static_cast<double>(figure(Field::kFrequency, text, writing.decimals)) / 1e6;
  }
  row.clicks = optional_whole(Field::kClicks);
  row.link_clicks = optional_whole(Field::kLinkClicks);
  if (const std::string_view text = texts[Field::kConversions]; !text.empty())
    row.conversions_millionths = figure(Field::kConversions, text, writing.decimals);
  if (const std::string_view text = texts[Field::kConversionValue]; !text.empty()) {
    row.conversion_value_micros =
        figure(Field::kConversionValue, text, writing.decimals, row.currency);
  }
  row.attribution_window = texts[Field::kAttributionWindow];
  row.campaign_name = texts[Field::kCampaignName];
  row.objective = texts[Field::kObjective];
  row.adset_name = texts[Field::kAdsetName];
  row.ad_name = texts[Field::kAdName];
  return row;
}

void Oddities::see(const PerformanceRow& row) {
  if (std::max(row.clicks.value_or(0), row.link_clicks.value_or(0)) > row.impressions &&
      ++more_clicks_ == 1) {
    first_more_clicks_ = row.line;
  }
  // Doubles hold 15 digits; a spreadsheet that shows all digits fills up with zeros.
  const std::string_view id = row.platform_ad_id;
  if (id.size() >= 17 && std::ranges::all_of(id, is_digit)) {
    ++long_ids_;
    if (id.find_first_not_of('0', 15) == std::string_view::npos) ++rounded_ids_;
  }
}

std::vector<std::string> Oddities::warnings() const {
  std::vector<std::string> texts;
  if (more_clicks_ > 0) {
    texts.push_back("more clicks than impressions in " + std::to_string(more_clicks_) +
                    (more_clicks_ == 1 ? " row" : " rows") + ", first at line " +
                    std::to_string(first_more_clicks_));
  }
  if (long_ids_ > 1 && rounded_ids_ == long_ids_) {
    texts.push_back(
        "every ad id ends in zeros behind its 15th digit: a spreadsheet seems to have rounded "
        "them");
  }
  return texts;
}

}  // namespace adgenome::ingest
