#include <adgenome/core/money.hpp>
#include <adgenome/learning/delivery.hpp>
#include <algorithm>
#include <iterator>

namespace adgenome::learning {
namespace {

using Figure = std::optional<std::int64_t>;

/// Which figures a platform reports at all.
struct Reported {
  bool clicks = false;
  bool link_clicks = false;
  bool conversions = false;
  bool value = false;

  void see(const Delivery& row) {
    clicks = clicks || row.clicks;
    link_clicks = link_clicks || row.link_clicks;
    conversions = conversions || row.conversions_millionths;
    value = value || row.conversion_value_micros;
  }
};

/// A sum that is lost with the first row whose platform does not report its figure.
class OptionalSum {
 public:
  void add(const Figure& figure, bool is_reported) {
    if (!is_reported || !sum_) {
      sum_.reset();
    } else {
      sum_ = core::checked_add(*sum_, figure.value_or(0));
    }
  }
  const Figure& value() const { return sum_; }

 private:
  Figure sum_ = 0;
};

/// The sums of one ad while its rows are folded.
struct Fold {
  AdOutcome outcome;
  OptionalSum clicks;
  OptionalSum link_clicks;
  OptionalSum conversions;
  OptionalSum value;
  std::optional<core::Day> newest;

  void add(const Delivery& row, const Reported& reported) {
    outcome.impressions = core::checked_add(outcome.impressions, row.impressions);
    outcome.spend_micros = core::checked_add(outcome.spend_micros, row.spend_micros);
    clicks.add(row.clicks, reported.clicks);
    link_clicks.add(row.link_clicks, reported.link_clicks);
    conversions.add(row.conversions_millionths, reported.conversions);
    value.add(row.conversion_value_micros, reported.value);
    if (row.impressions > 0) {
      outcome.first_delivery = std::min(outcome.first_delivery.value_or(row.start), row.start);
    }
    if (!row.objective.empty() && (!newest || row.start >= *newest)) {
      // Of two platform ads on one day the greater name counts, whatever the order.
      const bool is_tie = newest && row.start == *newest;
      outcome.objective = is_tie ? std::max(outcome.objective, row.objective) : row.objective;
      newest = row.start;
    }
  }

  AdOutcome finish() && {
    outcome.clicks = link_clicks.value() ? link_clicks.value() : clicks.value();
    outcome.conversions_millionths = conversions.value();
    outcome.conversion_value_micros = value.value();
    return std::move(outcome);
  }
};

}  // namespace

DeliveryLedger::Added DeliveryLedger::add(const std::string& ad_id, const std::string& platform,
                                          const std::string& platform_ad, const Delivery& row) {
  Series& series = ads_[ad_id][{platform, platform_ad}];
  const auto next = series.lower_bound(row.start);
  if (next != series.end() && next->first == row.start && next->second.stop == row.stop) {
    if (next->second == row) return Added::kUnchanged;
    next->second = row;
    return Added::kChanged;
  }
  const bool meets_next = next != series.end() && next->first <= row.stop;
  const bool meets_last = next != series.begin() && std::prev(next)->second.stop >= row.start;
  if (meets_next || meets_last) return Added::kOverlaps;
  series.emplace_hint(next, row.start, row);
  return Added::kNew;
}

std::vector<AdOutcome> DeliveryLedger::fold(core::Day end) const {
  std::map<std::string, Reported> reported;
  for (const auto& [ad_id, platform_ads] : ads_) {
    for (const auto& [platform_ad, series] : platform_ads) {
      for (const auto& [start, row] : series) {
        if (row.stop < end) reported[platform_ad.first].see(row);
      }
    }
  }
  std::vector<AdOutcome> outcomes;
  for (const auto& [ad_id, platform_ads] : ads_) {
    Fold fold;
    fold.outcome.ad_id = ad_id;
    bool has_rows = false;
    for (const auto& [platform_ad, series] : platform_ads) {
      for (const auto& [start, row] : series) {
        if (row.stop >= end) continue;
        fold.add(row, reported[platform_ad.first]);
        has_rows = true;
      }
    }
    if (has_rows) outcomes.push_back(std::move(fold).finish());
  }
  return outcomes;
}

}  // namespace adgenome::learning
