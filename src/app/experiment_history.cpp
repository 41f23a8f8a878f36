#include <adgenome/app/experiment_power.hpp>
#include <adgenome/stats/clusters.hpp>
#include <adgenome/stats/day_sums.hpp>
#include <adgenome/store/experiment_history.hpp>
#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace adgenome::app {
namespace {

void learn_from_days(const std::vector<store::AdDay>& days, BrandHistory& history) {
  std::set<std::string> currencies;
  std::map<std::string, std::vector<stats::DayTotals>> by_ad;
  double impressions = 0;
  double clicks = 0;
  double clicked_impressions = 0;
  double spend_micros = 0;
  double delivering_days = 0;
  for (const store::AdDay& day : days) {
    const auto seen = static_cast<double>(day.impressions);
    currencies.insert(day.currency);
    impressions += seen;
    spend_micros += static_cast<double>(day.spend_micros);
    delivering_days += day.impressions > 0 ? 1 : 0;
    if (!day.clicks || day.impressions <= 0) continue;
    const auto clicked = static_cast<double>(*day.clicks);
    if (clicked > seen) continue;
    clicks += clicked;
    clicked_impressions += seen;
    by_ad[day.ad_id].push_back({.numerator = clicked, .denominator = seen});
  }
  if (delivering_days > 0) history.daily_impressions = impressions / delivering_days;
  if (clicks > 0) history.link_ctr = clicks / clicked_impressions;
  if (impressions > 0 && currencies.size() == 1) {
    history.currency = *currencies.begin();
    history.cpm = spend_micros / impressions / 1000;
  }
  // Scatter of an ad's days around its own rate, over all ads with days enough.
  double scatter = 0;
  double degrees = 0;
  for (const auto& [ad_id, list] : by_ad) {
    const auto pair = stats::pearson_scatter(list);
    if (!pair) continue;
    scatter += pair->first;
    degrees += pair->second;
  }
  if (degrees >= 20) history.dispersion = std::max(1.0, scatter / degrees);
}

void learn_from_decisions(const std::vector<store::DecidedAd>& ads, BrandHistory& history) {
  std::map<std::string, stats::Cluster> runs;
  double approved = 0;
  for (const store::DecidedAd& ad : ads) {
    runs[ad.ad_run_id].add(ad.is_approved ? 1 : 0);
    approved += ad.is_approved ? 1 : 0;
  }
  if (ads.empty()) return;
  const auto decided = static_cast<double>(ads.size());
  history.approval = approved / decided;
  history.cluster_size = decided / static_cast<double>(runs.size());
  std::vector<stats::Cluster> clusters;
  for (const auto& [run, cluster] : runs) clusters.push_back(cluster);
  if (const auto icc = stats::intraclass_correlation(clusters)) history.icc = std::max(0.0, *icc);
}

}  // namespace

BrandHistory brand_history(store::Session& session, const std::string& brand_id, core::Time now) {
  BrandHistory history;
  learn_from_days(store::ad_days(session, brand_id, now), history);
  learn_from_decisions(store::decided_ads(session, brand_id), history);
  return history;
}

}  // namespace adgenome::app
