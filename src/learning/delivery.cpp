#include <adgenome/core/money.hpp>
#include <adgenome/learning/account_figures.hpp>
#include <adgenome/learning/delivery.hpp>
#include <algorithm>
#include <iterator>

namespace adgenome::learning {
namespace {

using Figure = std::optional<std::int64_t>;

/// A sum that is lost with the first row whose account does not report its figure.
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

  void add(const AccountFigures& account) {
    for (const Component component : kComponents) {
      bool& is_deliverable = outcome.is_deliverable[component];
      is_deliverable = is_deliverable && account.delivers(component);
    }
  }

  void add(const Delivery& row, const AccountFigures& account) {
    outcome.impressions = core::checked_add(outcome.impressions, row.impressions);
    outcome.spend_micros = core::checked_add(outcome.spend_micros, row.spend_micros);
    clicks.add(row.clicks, account.reports_clicks());
    link_clicks.add(row.link_clicks, account.reports_link_clicks(row.start));
    conversions.add(row.conversions_millionths, account.reports_conversions());
    value.add(row.conversion_value_micros, account.reports_value());
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
  std::map<std::pair<std::string_view, std::string_view>, AccountFigures> accounts;
  for (const auto& [ad_id, platform_ads] : ads_) {
    for (const auto& [key, series] : platform_ads) {
      AccountFigures& account = accounts[{key.first, series.account}];
      for (const auto& [start, row] : series.rows) {
        if (row.stop < end) account.see(row);
      }
    }
  }
  std::vector<AdOutcome> outcomes;
  for (const auto& [ad_id, platform_ads] : ads_) {
    Fold fold;
    fold.outcome.ad_id = ad_id;
    bool has_rows = false;
    for (const auto& [key, series] : platform_ads) {
      const AccountFigures& account = accounts[{key.first, series.account}];
      bool is_running = false;
      for (const auto& [start, row] : series.rows) {
        if (row.stop >= end) continue;
        fold.add(row, account);
        is_running = true;
      }
      if (is_running) fold.add(account);
      has_rows = has_rows || is_running;
    }
    if (has_rows) outcomes.push_back(std::move(fold).finish());
  }
  return outcomes;
}

}  // namespace adgenome::learning
