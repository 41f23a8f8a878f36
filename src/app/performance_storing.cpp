#include "performance_storing.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "ad_uses.hpp"
#include "attribution.hpp"

namespace adgenome::app {
namespace {

constexpr std::size_t kMostCampaigns = 50'000;
/// So many rows more make a backend plan otherwise.
constexpr std::size_t kRowsThatCount = 10'000;

/// Whether a file says anything of an ad that the store does not.
bool says_more(const store::PlatformAd& says, const store::PlatformAd& held) {
  const auto differs = [](const auto& a, const auto& b) { return a && a != b; };
  return differs(says.name, held.name) || differs(says.account_id, held.account_id) ||
         differs(says.adset_id, held.adset_id) || differs(says.adset_name, held.adset_name) ||
         differs(says.campaign_id, held.campaign_id);
}

std::vector<const PendingPeriod*> sorted_by_period(const PerformanceChunk& chunk) {
  std::vector<const PendingPeriod*> rows;
  rows.reserve(chunk.periods.size());
  for (const PendingPeriod& row : chunk.periods) rows.push_back(&row);
  if (!std::ranges::is_sorted(rows, PendingPeriod::is_before)) {
    std::ranges::sort(rows, PendingPeriod::is_before);
  }
  return rows;
}

}  // namespace

PerformanceStoring::PerformanceStoring(store::Session& session, std::string brand_id,
                                       std::string source, core::Time now, core::Rejects& rejects)
    : session_(session),
      brand_id_(std::move(brand_id)),
      source_(std::move(source)),
      now_(now),
      rejects_(rejects) {}

bool PerformanceStoring::StoredAd::meets(const store::AdWindow& window) {
  const bool is_met = held && window.first <= held->last && held->first <= window.last;
  if (!held) held = window;
  held->first = std::min(held->first, window.first);
  held->last = std::max(held->last, window.last);
  return is_met;
}

void PerformanceStoring::store(PerformanceChunk chunk) {
  store_ads(chunk);
  for (PendingPeriod& row : chunk.periods) row.ad_number = ads_[row.ad].number;
  const MergedChunk merged = merge(chunk);
  reject(chunk, merged);
  write(merged);

  counts_.added += merged.counts.added;
  counts_.changed += merged.counts.changed;
  counts_.unchanged += merged.counts.unchanged;
  repeated_ += merged.repeated;
  for (const auto& [currency, micros] : merged.spend_added) spend_added_[currency] += micros;
  currencies_.insert(merged.currencies.begin(), merged.currencies.end());
  if (merged.first) first_ = std::min(first_.value_or(*merged.first), *merged.first);
  if (merged.last) last_ = std::max(last_.value_or(*merged.last), *merged.last);
}

void PerformanceStoring::store_ads(PerformanceChunk& chunk) {
  if (chunk.restarts_numbers) {
    ads_.clear();
    count();
  }
  ads_.resize(chunk.ads_in_file);

  std::vector<const PendingAd*> first_seen;
  std::vector<const store::PlatformAd*> keys;
  std::vector<std::string_view> names;
  for (const PendingAd& ad : chunk.ads) {
    store_campaign(ad);
    if (!ad.is_first) continue;
    first_seen.push_back(&ad);
    keys.push_back(&ad.names);
    if (ad.names.name) names.push_back(*ad.names.name);
  }
  const auto known = store::find_platform_ads(session_, brand_id_, keys);
  std::vector<const store::PlatformAd*> missing;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known[i].number) missing.push_back(keys[i]);
  }
  std::int64_t number =
      missing.empty() ? 0 : store::add_platform_ads(session_, brand_id_, missing, now_);
  const ShortIds short_ids(session_, brand_id_, names);
  for (std::size_t i = 0; i < known.size(); ++i) {
    const PendingAd& ad = *first_seen[i];
    ads_[ad.ad] = {.number = known[i].number ? *known[i].number : number++, .held = known[i].held};
    if (known[i].number && says_more(ad.names, known[i].ad)) {
      store::put_platform_ad(session_, brand_id_, ad.names, now_);
    }
    attribute(ad, known[i], short_ids.ads_in(ad.names.name.value_or("")));
  }
  for (const PendingAd& ad : chunk.ads) {
    if (!ad.is_first) store::put_platform_ad(session_, brand_id_, ad.names, now_);
  }
}

void PerformanceStoring::store_campaign(const PendingAd& ad) {
  if (!ad.names.campaign_id) return;
  if (campaigns_.size() >= kMostCampaigns) campaigns_.clear();
  const auto [at, is_new] = campaigns_.try_emplace({ad.names.platform, *ad.names.campaign_id});
  const std::pair says(ad.campaign_name, ad.objective);
  if (!is_new && at->second == says) return;
  at->second = says;
  store::put_campaign(session_, brand_id_, ad.names.platform, *ad.names.campaign_id,
                      ad.campaign_name, ad.objective, now_);
}

/// By mapping first, then by the short id in the name; with tags the ad is made.
void PerformanceStoring::attribute(const PendingAd& ad, const store::KnownPlatformAd& known,
                                   const std::set<std::string>& in_name) {
  const std::string& platform_ad_id = ad.names.platform_ad_id;
  const auto map = [&](const std::string& ad_id, const std::string& source) {
    store::put_mapping(session_, brand_id_, ad.names.platform, platform_ad_id, ad_id, source, now_);
  };
  bool is_matched = known.ad_id.has_value();
  if (!ad.tags.is_null() && (!known.ad_id || *known.ad_id == platform_ad_id)) {
    put_imported_ad(ad);
    if (!is_matched) map(platform_ad_id, "import");
    is_matched = true;
  } else if (!is_matched && in_name.size() == 1) {
    map(*in_name.begin(), "short_id");
    is_matched = true;
  }
  see(ads_[ad.ad].number, is_matched);
}

/// The ad that a platform ad with tags is, as an import of ads would store it.
void PerformanceStoring::put_imported_ad(const PendingAd& ad) {
  const std::string& id = ad.names.platform_ad_id;
  const auto before = store::find_ad_elements(session_, brand_id_, id);
  if (before && before->tags == ad.tags) return;
  store::put_imported_ad(session_, brand_id_, id, ad.names.name.value_or(id), ad.tags,
                         ad.date_start);
  count_uses(session_, brand_id_, id, before);
}

void PerformanceStoring::see(std::int64_t number, bool is_matched) {
  const auto at = static_cast<std::size_t>(number);
  if (seen_.size() <= at) seen_.resize(at + 1);
  if (seen_[at]) return;
  seen_[at] = true;
  ++(is_matched ? matched_ : unmatched_);
}

MergedChunk PerformanceStoring::merge(PerformanceChunk& chunk) {
  const std::vector<const PendingPeriod*> rows = sorted_by_period(chunk);
  std::vector<std::span<const PendingPeriod* const>> groups;  // of one ad each
  std::vector<store::AdWindow> windows;
  for (auto begin = rows.begin(); begin != rows.end();) {
    const PendingPeriod& row = **begin;
    store::AdWindow window{
        .ad_number = row.ad_number, .first = row.date_start(), .last = row.date_stop()};
    auto end = begin;
    for (; end != rows.end() && (*end)->ad_number == row.ad_number; ++end) {
      window.last = std::max(window.last, (*end)->date_stop());
    }
    groups.emplace_back(begin, end);
    if (ads_[row.ad].meets(window)) windows.push_back(window);
    begin = end;
  }

  MergedChunk merged;
  auto group = groups.begin();
  std::vector<HeldVersion> held;
  const auto settle = [&] {
    merge_ad(*group, held, now_, merged);
    held.clear();
    ++group;
  };
  if (!windows.empty()) count();
  store::visit_versions(session_, brand_id_, windows, [&](const store::PerformanceVersion& each) {
    while (group->front()->ad_number < each.period.ad_number) settle();
    held.emplace_back(each);
  });
  while (group != groups.end()) settle();
  return merged;
}

void PerformanceStoring::write(const MergedChunk& merged) {
  store::replace_versions(session_, brand_id_, merged.replaced, now_);
  for (const MergedChunk::OutOfOrder& each : merged.out_of_order) {
    store::put_version(session_, brand_id_, each.version, each.before);
  }
  if (merged.added.empty()) return;
  store::VersionInsert insert(session_, brand_id_);
  for (const PendingPeriod* row : merged.added) insert.add(row->period(), row->values(), now_);
  insert.finish();
  added_ += merged.added.size();
}

void PerformanceStoring::finish() {
  if (added_ >= counted_ + kRowsThatCount) store::count_performance(session_);
}

/// Counts what was added where that is much to what was counted before.
void PerformanceStoring::count() {
  if (added_ < kRowsThatCount || added_ < 8 * counted_) return;
  store::count_performance(session_);
  counted_ = added_;
}

/// Hands on all bad rows of the chunk in the order of their lines.
void PerformanceStoring::reject(PerformanceChunk& chunk, const MergedChunk& merged) {
  for (const auto& [row, other] : merged.overlapping) {
    chunk.bad.push_back(
        {.line = row->line,
         .error = core::InvalidInput("the period overlaps another of the same ad: " + other),
         .raw = chunk.raw.substr(row->raw_begin, row->raw_size)});
  }
  std::ranges::stable_sort(chunk.bad, {}, &BadRow::line);
  for (const BadRow& bad : chunk.bad) rejects_.add(source_, bad.line, bad.error, bad.raw);
  counts_.rejected += static_cast<std::int64_t>(chunk.bad.size());
}

void PerformanceStoring::describe(core::Json& document) const {
  document["date_start"] = first_ ? core::Json(core::format_day(*first_)) : core::Json();
  document["date_stop"] = last_ ? core::Json(core::format_day(*last_)) : core::Json();
  document["currencies"] = std::vector<std::string>(currencies_.begin(), currencies_.end());
}

void PerformanceStoring::describe_matches(core::Json& document) const {
  document["ads_matched"] = matched_;
  document["ads_unmatched"] = unmatched_;
}

}  // namespace adgenome::app
