#include <adgenome/core/money.hpp>
#include <adgenome/learning/account_figures.hpp>
#include <adgenome/learning/delivery.hpp>
#include <algorithm>
#include <functional>
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

/// The mean order value of a row that has orders and says what they were worth.
std::optional<double> mean_order_value(const Delivery& row) {
  if (row.conversions_millionths.value_or(0) <= 0 || !row.conversion_value_micros) {
    return std::nullopt;
  }
  return static_cast<double>(*row.conversion_value_micros) /
         static_cast<double>(*row.conversions_millionths);
}

/// The smallest mean order value that 99 % of the orders do not exceed.
class OrderValueCap {
 public:
  void see(const Delivery& row) {
    const auto mean = mean_order_value(row);
    if (!mean) return;
    rows_.emplace_back(*mean, *row.conversions_millionths);
    orders_ = core::checked_add(orders_, *row.conversions_millionths);
  }

  double value() && {
    std::ranges::sort(rows_, std::greater());
    double cap = 0;
    std::int64_t dearer = 0;
    std::int64_t seen = 0;
    for (const auto& [mean, orders] : rows_) {
      if (mean != cap) dearer = seen;
      if (dearer > orders_ / 100) break;
      cap = mean;
      seen += orders;
    }
    return cap;
  }

 private:
  std::vector<std::pair<double, std::int64_t>> rows_;  // mean order value, orders in millionths
  std::int64_t orders_ = 0;
};

/// The value of an ad's orders with each row's mean order value capped.
class CappedValue {
 public:
  explicit CappedValue(double cap) : cap_(cap) {}

  void add(const Delivery& row) {
    const auto mean = mean_order_value(row);
    if (!mean) return;
    if (*mean > cap_) {
      orders_over_ = core::checked_add(orders_over_, *row.conversions_millionths);
    } else {
      value_under_ = core::checked_add(value_under_, *row.conversion_value_micros);
    }
  }

  double micros() const {
    return static_cast<double>(value_under_) + cap_ * static_cast<double>(orders_over_);
  }

 private:
  double cap_;
  std::int64_t value_under_ = 0;
  std::int64_t orders_over_ = 0;
};

/// The sums of one ad while its rows are folded.
struct Fold {
  explicit Fold(double order_value_cap) : capped_value(order_value_cap) {}

  AdOutcome outcome;
  OptionalSum clicks;
  OptionalSum link_clicks;
  OptionalSum conversions;
  OptionalSum value;
  CappedValue capped_value;
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
    capped_value.add(row);
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
    if (value.value()) outcome.capped_value_micros = capped_value.micros();
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
  OrderValueCap order_values;
  for (const auto& [ad_id, platform_ads] : ads_) {
    for (const auto& [key, series] : platform_ads) {
      AccountFigures& account = accounts[{key.first, series.account}];
      for (const auto& [start, row] : series.rows) {
        if (row.stop >= end) continue;
        account.see(row);
        order_values.see(row);
      }
    }
  }
  const double cap = std::move(order_values).value();
  std::vector<AdOutcome> outcomes;
  for (const auto& [ad_id, platform_ads] : ads_) {
    Fold fold(cap);
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
