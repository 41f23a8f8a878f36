#include "performance_chunk.hpp"

#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

// Large enough for rows of one ad to meet in a chunk whatever the order of the file, small enough
// for two chunks, one being filled and one being stored, to fit the memory that an import may take.
constexpr std::size_t kChunkRows = 131'072;
constexpr std::size_t kChunkTextBytes = 6'000'000;
constexpr std::size_t kMostAds = 100'000;

std::optional<std::string> present(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

/// Of everything that a row says of its ad and campaign.
std::uint64_t hash_of_names(const ingest::PerformanceRow& row) {
  std::uint64_t hash = 0;
  for (const std::string_view text : {row.ad_name, row.account_id, row.adset_id, row.adset_name,
                                      row.campaign_id, row.campaign_name, row.objective}) {
    hash = hash * 0x9E3779B97F4A7C15U + std::hash<std::string_view>{}(text);
  }
  return hash;
}

PendingAd pending_ad(const ingest::PerformanceRow& row, std::uint32_t ad, bool is_first) {
  // Exports without campaign ids still name the campaign; the name then identifies it.
  std::optional<std::string> campaign = present(row.campaign_id);
  if (!campaign) campaign = present(row.campaign_name);
  if (!campaign) campaign = present(row.objective);
  PendingAd pending{.ad = ad,
                    .is_first = is_first,
                    .names = {.platform = std::string(row.platform),
                              .platform_ad_id = std::string(row.platform_ad_id),
                              .name = present(row.ad_name),
                              .account_id = present(row.account_id),
                              .adset_id = present(row.adset_id),
                              .adset_name = present(row.adset_name),
                              .campaign_id = std::move(campaign)},
                    .campaign_name = present(row.campaign_name),
                    .objective = present(row.objective),
                    .tags = nullptr,
                    .date_start = row.date_start};
  if (is_first && !row.tags.empty()) {
    pending.tags = core::Json::object();
    for (const ingest::Tag& tag : row.tags) pending.tags[std::string(tag.dimension)] = tag.value;
  }
  return pending;
}

std::size_t text_bytes(const ingest::PerformanceRow& row) {
  std::size_t bytes = sizeof(PendingAd) + 64 * row.tags.size();
  for (const std::string_view text :
       {row.platform_ad_id, row.ad_name, row.account_id, row.adset_id, row.adset_name,
        row.campaign_id, row.campaign_name, row.objective}) {
    bytes += text.size();
  }
  return bytes;
}

}  // namespace

PerformanceChunks::PerformanceChunks(bool keeps_raw, std::function<void(PerformanceChunk)> hand_on)
    : keeps_raw_(keeps_raw), hand_on_(std::move(hand_on)) {}

std::uint32_t PerformanceChunks::ad_of(const ingest::PerformanceRow& row) {
  key_.assign(row.platform);
  key_ += '\x1f';
  key_ += row.platform_ad_id;
  const std::uint64_t names = hash_of_names(row);
  const auto [at, is_new] = seen_.try_emplace(key_);
  SeenAd& seen = at->second;
  if (is_new) seen.ad = chunk_.ads_in_file++;
  if (is_new || seen.names != names) {
    chunk_.ads.push_back(pending_ad(row, seen.ad, is_new));
    text_bytes_ += text_bytes(row);
    seen.names = names;
  }
  return seen.ad;
}

/// The chunk's own text of the row's attribution window. Nearly every row has that of the last one.
const std::string* PerformanceChunks::window_of(const ingest::PerformanceRow& row) {
  if (row.attribution_window.empty()) return nullptr;
  if (window_ && *window_ == row.attribution_window) return window_;
  const auto [text, is_new] = chunk_.texts.emplace(row.attribution_window);
  if (is_new) text_bytes_ += text->size() + 64;
  window_ = &*text;
  return window_;
}

void PerformanceChunks::add(const ingest::PerformanceRow& row) {
  if (chunk_.periods.capacity() == 0) chunk_.periods.reserve(kChunkRows);
  const store::AdPeriod period{
      .date_start = row.date_start, .date_stop = row.date_stop, .currency = row.currency};
  const store::PerformanceValues values{.impressions = row.impressions,
                                        .spend_micros = row.spend_micros,
                                        .reach = row.reach,
                                        .frequency = row.frequency,
                                        .clicks = row.clicks,
                                        .link_clicks = row.link_clicks,
                                        .conversions_millionths = row.conversions_millionths,
                                        .conversion_value_micros = row.conversion_value_micros,
                                        .attribution_window = {}};
  PendingPeriod& pending =
      chunk_.periods.emplace_back(ad_of(row), row.line, period, values, window_of(row));
  if (keeps_raw_) {
    pending.raw_begin = chunk_.raw.size();
    pending.raw_size = static_cast<std::uint32_t>(row.raw.size());
    chunk_.raw += row.raw;
    text_bytes_ += row.raw.size();
  }
  hand_on_if_full();
}

void PerformanceChunks::add_bad(std::int64_t line, const core::InvalidInput& error,
                                std::string_view raw) {
  chunk_.bad.push_back(
      {.line = line, .error = error, .raw = keeps_raw_ ? std::string(raw) : std::string()});
  text_bytes_ += sizeof(BadRow) + 256 + (keeps_raw_ ? raw.size() : 0);
  hand_on_if_full();
}

void PerformanceChunks::hand_on_if_full() {
  if (chunk_.periods.size() < kChunkRows && text_bytes_ < kChunkTextBytes) return;
  const std::uint32_t ads = chunk_.ads_in_file;
  finish();
  chunk_.ads_in_file = ads;
  if (seen_.size() < kMostAds) return;
  // The ads that were seen are forgotten; the store knows them.
  seen_.clear();
  chunk_.ads_in_file = 0;
  chunk_.restarts_numbers = true;
}

void PerformanceChunks::finish() {
  hand_on_(std::move(chunk_));
  chunk_ = {};
  text_bytes_ = 0;
  window_ = nullptr;
}

}  // namespace adgenome::app
