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

/// What was ever counted in an account.
struct Counted {
  bool clicks = false;
  bool conversions = false;
  bool value = false;
  bool spend = false;

  void see(const Delivery& row) {
    clicks = clicks || row.clicks.value_or(0) > 0 || row.link_clicks.value_or(0) > 0;
    conversions = conversions || row.conversions_millionths.value_or(0) > 0;
    value = value || row.conversion_value_micros.value_or(0) > 0;
    spend = spend || row.spend_micros > 0;
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

  void add_account(const Counted& counted) {
    const auto require = [&](Component component, bool is_counted) {
      bool& is_deliverable = outcome.is_deliverable[component];
      is_deliverable = is_deliverable && is_counted;
    };
    require(Component::kCtr, counted.clicks);
    require(Component::kConversion, counted.conversions);
    require(Component::kRoas, counted.conversions && counted.value);
    require(Component::kCpm, counted.spend);
  }

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

DeliveryLedger::Added DeliveryLedger::add(const std::string& ad_id, const PlatformAd& platform_ad,
                                          const Delivery& row) {
  Series& series = ads_[ad_id][{platform_ad.platform, platform_ad.id}];
  auto& rows = series.rows;
  const auto next = rows.lower_bound(row.start);
  const bool is_known =
      next != rows.end() && next->first == row.start && next->second.stop == row.stop;
  const bool meets_next = next != rows.end() && next->first <= row.stop;
  const bool meets_last = next != rows.begin() && std::prev(next)->second.stop >= row.start;
  if (!is_known && (meets_next || meets_last)) return Added::kOverlaps;
  if (!platform_ad.account.empty()) series.account = platform_ad.account;
  if (!is_known) {
    rows.emplace_hint(next, row.start, row);
    return Added::kNew;
  }
  if (next->second == row) return Added::kUnchanged;
  next->second = row;
  return Added::kChanged;
}

std::vector<AdOutcome> DeliveryLedger::fold(core::Day end) const {
  std::map<std::string, Reported> reported;                                  // by platform
  std::map<std::pair<std::string_view, std::string_view>, Counted> counted;  // and account
  for (const auto& [ad_id, platform_ads] : ads_) {
    for (const auto& [key, series] : platform_ads) {
      Reported& of_platform = reported[key.first];
      Counted& of_account = counted[{key.first, series.account}];
      for (const auto& [start, row] : series.rows) {
        if (row.stop >= end) continue;
        of_platform.see(row);
        of_account.see(row);
      }
    }
  }
  std::vector<AdOutcome> outcomes;
  for (const auto& [ad_id, platform_ads] : ads_) {
    Fold fold;
    fold.outcome.ad_id = ad_id;
    bool has_rows = false;
    for (const auto& [key, series] : platform_ads) {
      bool is_running = false;
      for (const auto& [start, row] : series.rows) {
        if (row.stop >= end) continue;
        fold.add(row, reported[key.first]);
        is_running = true;
      }
      if (is_running) fold.add_account(counted[{key.first, series.account}]);
      has_rows = has_rows || is_running;
    }
    if (has_rows) outcomes.push_back(std::move(fold).finish());
  }
  return outcomes;
}

}  // namespace adgenome::learning
