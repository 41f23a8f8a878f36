#include <adgenome/app/performance.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/store/performance.hpp>
#include <adgenome/store/platform_ads.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "attribution.hpp"

namespace adgenome::app {
namespace {

using core::Json;

void put(Json& record, const char* field, const std::optional<std::string>& text) {
  if (text) record[field] = *text;
}

void put_number(Json& record, const char* field, const std::optional<std::int64_t>& number) {
  if (number) record[field] = *number;
}

void put_millionths(Json& record, const char* field, const std::optional<std::int64_t>& number) {
  if (number) record[field] = core::money_number(*number);
}

/// Fields that are not known are left out: so the record says what the import said.
Json record_of(const store::NamedPlatformAd& named, const store::PerformanceVersion& version) {
  const store::PlatformAd& ad = named.ad;
  const store::PerformanceValues& values = version.values;
  Json record = {{"platform", ad.platform},
                 {"platform_ad_id", ad.platform_ad_id},
                 {"date_start", core::format_day(version.period.date_start)},
                 {"date_stop", core::format_day(version.period.date_stop)},
                 {"currency", version.period.currency},
                 {"impressions", values.impressions},
                 {"spend", core::money_number(values.spend_micros)}};
  put(record, "account_id", ad.account_id);
  put(record, "campaign_id", ad.campaign_id);
  put(record, "campaign_name", named.campaign_name);
  put(record, "objective", named.objective);
  put(record, "adset_id", ad.adset_id);
  put(record, "adset_name", ad.adset_name);
  put(record, "ad_name", ad.name);
  put_number(record, "reach", values.reach);
  if (values.frequency) record["frequency"] = *values.frequency;
  put_number(record, "clicks", values.clicks);
  put_number(record, "link_clicks", values.link_clicks);
  put_millionths(record, "conversions", values.conversions_millionths);
  put_millionths(record, "conversion_value", values.conversion_value_micros);
  if (!values.attribution_window.empty()) record["attribution_window"] = values.attribution_window;
  return record;
}

Json candidates_of(const store::UnmatchedPlatformAd& ad, const ShortIds& short_ids,
                   const std::map<std::string, std::set<std::string>>& by_name) {
  Json candidates = Json::array();
  if (!ad.name) return candidates;
  const std::set<std::string> in_name = short_ids.ads_in(*ad.name);
  for (const std::string& id : in_name) {
    candidates.push_back({{"ad_id", id}, {"reason", "short_id_in_name"}});
  }
  const auto same = by_name.find(*ad.name);
  if (same == by_name.end()) return candidates;
  for (const std::string& id : same->second) {
    if (!in_name.contains(id)) candidates.push_back({{"ad_id", id}, {"reason", "same_name"}});
  }
  return candidates;
}

}  // namespace

void export_performance(store::Session& session, const std::string& brand_id, core::Time known_at,
                        const std::function<void(Json)>& visit) {
  // A few ads at a time: all of a brand's performance is too much to hold.
  std::optional<store::PlatformAd> last;
  for (;;) {
    const auto ads = store::next_platform_ads(session, brand_id, last, known_at);
    if (ads.empty()) return;
    std::map<std::int64_t, const store::NamedPlatformAd*> by_number;
    std::vector<std::int64_t> numbers;
    for (const store::NamedPlatformAd& ad : ads) {
      by_number[ad.number] = &ad;
      numbers.push_back(ad.number);
    }
    std::map<std::int64_t, std::vector<Json>> records;
    store::visit_known(session, brand_id, numbers, known_at,
                       [&](const store::PerformanceVersion& version) {
                         const std::int64_t number = version.period.ad_number;
                         records[number].push_back(record_of(*by_number.at(number), version));
                       });
    for (const store::NamedPlatformAd& ad : ads) {
      for (Json& record : records[ad.number]) visit(std::move(record));
    }
    last = ads.back().ad;
  }
}

Json unmatched_platform_ads(store::Session& session, const std::string& brand_id) {
  const auto unmatched = store::unmatched_platform_ads(session, brand_id, store::kNewest);
  std::vector<std::string_view> texts;
  std::set<std::string> names;
  for (const store::UnmatchedPlatformAd& ad : unmatched) {
    if (!ad.name) continue;
    texts.push_back(*ad.name);
    names.insert(*ad.name);
  }
  const ShortIds short_ids(session, brand_id, texts);
  std::map<std::string, std::set<std::string>> by_name;
  for (auto& [name, id] : store::ads_with_names(session, brand_id, names)) by_name[name].insert(id);
  Json items = Json::array();
  for (const store::UnmatchedPlatformAd& ad : unmatched) {
    items.push_back({{"platform", ad.platform},
                     {"platform_ad_id", ad.platform_ad_id},
                     {"name", ad.name ? Json(*ad.name) : Json()},
                     {"account_id", ad.account_id ? Json(*ad.account_id) : Json()},
                     {"date_start", core::format_day(ad.date_start)},
                     {"date_stop", core::format_day(ad.date_stop)},
                     {"impressions", ad.impressions},
                     {"candidates", candidates_of(ad, short_ids, by_name)}});
  }
  return items;
}

}  // namespace adgenome::app
