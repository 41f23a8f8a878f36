#include <adgenome/app/import.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/performance.hpp>
#include <set>
#include <sstream>

namespace adgenome::app {
namespace {

std::optional<std::string> present(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Every run of exactly eight hex digits between characters that are neither letter nor digit.
std::set<std::string> short_ids_in(const std::string& name) {
  std::set<std::string> found;
  for (std::size_t begin = 0; begin < name.size();) {
    std::size_t end = begin;
    while (end < name.size() && is_alphanumeric(name[end])) ++end;
    const std::string word = core::to_lower(name.substr(begin, end - begin));
    if (word.size() == 8 && word.find_first_not_of("0123456789abcdef") == std::string::npos)
      found.insert(word);
    begin = end + 1;
  }
  return found;
}

/// The only ad of ours whose short id stands in the name; nothing where there is none or several.
std::optional<std::string> ad_in_name(store::Session& session, const std::string& brand_id,
                                      const std::string& name) {
  std::set<std::string> candidates;
  for (const std::string& short_id : short_ids_in(name)) {
    for (std::string& ad : store::ads_with_short_id(session, brand_id, short_id))
      candidates.insert(std::move(ad));
  }
  if (candidates.size() != 1) return std::nullopt;
  return *candidates.begin();
}

core::Json money_by_currency(const std::map<std::string, std::int64_t>& amounts) {
  core::Json document = core::Json::object();
  for (const auto& [currency, micros] : amounts) document[currency] = core::money_number(micros);
  return document;
}

class Import {
 public:
  Import(store::Session& session, const store::Brand& brand, const PerformanceImport& request)
      : session_(session), brand_(brand), request_(request) {}

  void take(const ingest::PerformanceRow& row) {
    const store::PerformanceKey key{.brand_id = brand_.id,
                                    .platform = std::string(row.platform),
                                    .platform_ad_id = std::string(row.platform_ad_id),
                                    .date_start = row.date_start,
                                    .date_stop = row.date_stop,
                                    .currency = std::string(row.currency)};
    if (const auto other = store::overlapping_period(session_, key)) {
      throw core::InvalidInput("the period of ad " + key.platform_ad_id +
                               " overlaps another: " + *other);
    }
    store_names(row);
    const store::PerformanceValues values{.impressions = row.impressions,
                                          .spend_micros = row.spend_micros,
                                          .reach = row.reach,
                                          .frequency = row.frequency,
                                          .clicks = row.clicks,
                                          .link_clicks = row.link_clicks,
                                          .conversions_millionths = row.conversions_millionths,
                                          .conversion_value_micros = row.conversion_value_micros,
                                          .attribution_window = present(row.attribution_window)};
    const auto newest = store::newest_performance(session_, key);
    if (newest && *newest == values) {
      counts_.count(store::Upsert::kUnchanged);
    } else {
      store::put_performance(session_, key, values, request_.now);
      counts_.count(newest ? store::Upsert::kChanged : store::Upsert::kNew);
    }
    currencies_.insert(key.currency);
    if (!first_ || row.date_start < *first_) first_ = row.date_start;
    if (!last_ || row.date_stop > *last_) last_ = row.date_stop;
  }

  RowCounts& counts() { return counts_; }

  void describe(core::Json& document) const {
    document["date_start"] = first_ ? core::Json(core::format_day(*first_)) : core::Json();
    document["date_stop"] = last_ ? core::Json(core::format_day(*last_)) : core::Json();
    document["currencies"] = std::vector<std::string>(currencies_.begin(), currencies_.end());
  }

  void describe_matches(core::Json& document) const {
    std::int64_t matched = 0;
    for (const auto& [ad, is_matched] : seen_ads_) matched += is_matched ? 1 : 0;
    document["ads_matched"] = matched;
    document["ads_unmatched"] = static_cast<std::int64_t>(seen_ads_.size()) - matched;
  }

 private:
  void store_names(const ingest::PerformanceRow& row) {
    const std::string platform(row.platform);
    const std::string platform_ad_id(row.platform_ad_id);
    // Exports without campaign ids still name the campaign; the name then identifies it.
    auto campaign = present(row.campaign_id);
    if (!campaign) campaign = present(row.campaign_name);
    if (!campaign) campaign = present(row.objective);
    if (campaign) {
      store::put_campaign(session_, brand_.id, platform, *campaign, present(row.campaign_name),
                          present(row.objective));
    }
    const auto ad = std::pair(platform, platform_ad_id);
    if (seen_ads_.contains(ad)) return;
    store::put_platform_ad(session_, brand_.id,
                           {.platform = platform,
                            .platform_ad_id = platform_ad_id,
                            .name = present(row.ad_name),
                            .account_id = present(row.account_id),
                            .adset_id = present(row.adset_id),
                            .adset_name = present(row.adset_name),
                            .campaign_id = campaign});
    seen_ads_[ad] = attribute(row, platform, platform_ad_id);
  }

  /// By mapping first, then by the short id in the name; with tags the ad is made.
  bool attribute(const ingest::PerformanceRow& row, const std::string& platform,
                 const std::string& platform_ad_id) {
    const auto map = [&](const std::string& ad_id, const std::string& source) {
      store::put_mapping(session_, brand_.id, platform, platform_ad_id, ad_id, source,
                         request_.now);
    };
    const std::string name(row.ad_name);
    const auto mapped = store::mapped_ad(session_, brand_.id, platform, platform_ad_id);
    if (!row.tags.empty() && (!mapped || *mapped == platform_ad_id)) {
      core::Json tags = core::Json::object();
      for (const auto& [dimension, value] : row.tags) tags[std::string(dimension)] = value;
      store::put_imported_ad(session_, brand_.id, platform_ad_id,
                             name.empty() ? platform_ad_id : name, tags, row.date_start);
      if (!mapped) map(platform_ad_id, "import");
      return true;
    }
    if (mapped) return true;
    const auto ad = ad_in_name(session_, brand_.id, name);
    if (ad) map(*ad, "short_id");
    return ad.has_value();
  }

  store::Session& session_;
  const store::Brand& brand_;
  const PerformanceImport& request_;
  RowCounts counts_;
  std::set<std::string> currencies_;
  std::optional<core::Day> first_;
  std::optional<core::Day> last_;
  std::map<std::pair<std::string, std::string>, bool> seen_ads_;
};

}  // namespace

core::Json import_performance(store::Session& session, const store::Brand& brand,
                              const std::string& path, core::Rejects& rejects,
                              const PerformanceImport& request) {
  std::string bytes = core::read_all(path);
  const std::string hash = core::sha256_hex(bytes);
  const std::string name = path == "-" ? "standard input" : path;
  core::Input input{.name = name, .stream = std::make_unique<std::istringstream>(std::move(bytes))};
  ingest::PerformanceOptions options = request.options;
  if (!options.default_currency) options.default_currency = brand.currency;

  store::Transaction transaction(session);
  const core::Json spend_before = money_by_currency(store::spend_by_currency(session, brand.id));
  Import import(session, brand, request);
  const ingest::PerformanceSummary summary =
      ingest::read_performance(std::move(input), options, rejects,
                               [&](const ingest::PerformanceRow& row) { import.take(row); });
  RowCounts& counts = import.counts();
  counts.rejected = rejects.count();
  counts.skipped = summary.skipped;

  core::Json document = {{"kind", "performance"}, {"source", summary.source}};
  add_counts(document, counts);
  import.describe(document);
  document["spend_before"] = spend_before;
  document["spend_after"] = money_by_currency(store::spend_by_currency(session, brand.id));
  import.describe_matches(document);
  document["warnings"] = summary.warnings;
  core::Json recorded = core::Json::object();
  add_counts(recorded, counts);
  store::record_import(session, brand.id, "performance", hash, name, recorded, request.now);
  if (!request.is_dry_run) transaction.commit();
  return document;
}

}  // namespace adgenome::app
