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

using DaysByAd = std::map<std::string, std::vector<stats::DayTotals>>;

constexpr double kLeastDegrees = 20;

/// Scatter of an ad's days around its own rate, over all ads with days enough.
std::optional<double> dispersion_of(const DaysByAd& by_ad, stats::DayModel model) {
  double scatter = 0;
  double degrees = 0;
  for (const auto& [ad_id, days] : by_ad) {
    const auto pair = stats::pearson_scatter(days, model);
    if (!pair) continue;
    scatter += pair->first;
    degrees += pair->second;
  }
  if (degrees < kLeastDegrees) return std::nullopt;
  return std::max(1.0, scatter / degrees);
}

stats::DayTotals total_of(const DaysByAd& by_ad) {
  stats::DayTotals total;
  for (const auto& [ad_id, days] : by_ad) {
    for (const stats::DayTotals& day : days) {
      total.numerator += day.numerator;
      total.denominator += day.denominator;
    }
  }
  return total;
}

/// Of amounts: the delta method over each ad's days, as the test of them has it, with the ratio of
/// all ads, so that those which sold nothing count too.
std::optional<double> amount_variance(const DaysByAd& by_ad) {
  const stats::DayTotals total = total_of(by_ad);
  double squares = 0;
  double spent = 0;
  double degrees = 0;
  for (const auto& [ad_id, days] : by_ad) {
    const auto own = stats::ratio_over_days(days);
    if (!own) continue;
    double denominator = 0;
    for (const stats::DayTotals& day : days) {
      denominator += day.denominator;
      degrees += day.denominator > 0 ? 1 : 0;
    }
    degrees -= 1;
    squares += own->error * own->error * denominator * denominator;
    spent += denominator;
  }
  if (degrees < kLeastDegrees || !(squares > 0)) return std::nullopt;
  const double ratio = total.numerator / total.denominator;
  return squares / (ratio * ratio * spent);
}

/// What days delivered, by ad and by what is over what.
struct Deliveries {
  DaysByAd clicks_of_impressions;
  DaysByAd conversions_of_clicks;
  DaysByAd clicks_for_spend;
  DaysByAd conversions_for_spend;
  DaysByAd value_for_spend;
  double clicks = 0;
  double clicked_spend = 0;

  /// Exports leave out what is 0: nothing reported is nothing sold.
  void take(const store::AdDay& day) {
    const auto seen = static_cast<double>(day.impressions);
    const double spend = static_cast<double>(day.spend_micros) / 1e6;
    const auto conversions = static_cast<double>(day.conversions_millionths.value_or(0)) / 1e6;
    const auto value = static_cast<double>(day.conversion_value_micros.value_or(0)) / 1e6;
    conversions_for_spend[day.ad_id].push_back({.numerator = conversions, .denominator = spend});
    value_for_spend[day.ad_id].push_back({.numerator = value, .denominator = spend});
    if (!day.clicks || *day.clicks > day.impressions) return;
    const auto clicked = static_cast<double>(*day.clicks);
    clicks += clicked;
    clicked_spend += spend;
    clicks_of_impressions[day.ad_id].push_back({.numerator = clicked, .denominator = seen});
    clicks_for_spend[day.ad_id].push_back({.numerator = clicked, .denominator = spend});
    conversions_of_clicks[day.ad_id].push_back(
        {.numerator = std::min(conversions, clicked), .denominator = clicked});
  }
};

std::optional<double> rate_of(const DaysByAd& by_ad) {
  const stats::DayTotals total = total_of(by_ad);
  if (!(total.numerator > 0 && total.denominator > 0)) return std::nullopt;
  return total.numerator / total.denominator;
}

void learn_from_days(const std::vector<store::AdDay>& days, BrandHistory& history) {
  std::set<std::string> currencies;
  Deliveries found;
  double impressions = 0;
  double spend_micros = 0;
  double delivering_days = 0;
  for (const store::AdDay& day : days) {
    currencies.insert(day.currency);
    impressions += static_cast<double>(day.impressions);
    spend_micros += static_cast<double>(day.spend_micros);
    if (day.impressions <= 0) continue;
    ++delivering_days;
    found.take(day);
  }
  if (delivering_days > 0) history.daily_impressions = impressions / delivering_days;
  history.link_ctr = rate_of(found.clicks_of_impressions);
  history.dispersion = dispersion_of(found.clicks_of_impressions, stats::DayModel::kShare);
  history.conversion_rate = rate_of(found.conversions_of_clicks);
  history.conversion_dispersion =
      dispersion_of(found.conversions_of_clicks, stats::DayModel::kShare);
  if (impressions <= 0 || currencies.size() != 1) return;
  history.currency = *currencies.begin();
  history.cpm = spend_micros / impressions / 1000;
  if (found.clicks > 0) history.cpc = found.clicked_spend / found.clicks;
  history.cpc_dispersion = dispersion_of(found.clicks_for_spend, stats::DayModel::kCount);
  if (const auto rate = rate_of(found.conversions_for_spend)) history.cpa = 1 / *rate;
  history.cpa_dispersion = dispersion_of(found.conversions_for_spend, stats::DayModel::kCount);
  if (rate_of(found.value_for_spend)) {
    history.roas_variance = amount_variance(found.value_for_spend);
  }
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
