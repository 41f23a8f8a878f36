#include <adgenome/core/money.hpp>
#include <adgenome/learning/account_figures.hpp>

namespace adgenome::learning {
namespace {

constexpr std::int64_t kPeriodDays = 28;
constexpr std::int64_t kTellingClicks = 10;

std::int64_t period_of(core::Day start) {
  return start.time_since_epoch().count() / kPeriodDays;
}

}  // namespace

void AccountFigures::see(const Delivery& row) {
  Period& period = periods_[period_of(row.start)];
  period.clicks = core::checked_add(period.clicks, row.clicks.value_or(0));
  period.has_link_clicks = period.has_link_clicks || row.link_clicks;
  reports_clicks_ = reports_clicks_ || row.clicks;
  reports_link_clicks_ = reports_link_clicks_ || row.link_clicks;
  reports_conversions_ = reports_conversions_ || row.conversions_millionths;
  reports_value_ = reports_value_ || row.conversion_value_micros;
  has_clicks_ = has_clicks_ || row.clicks.value_or(0) > 0 || row.link_clicks.value_or(0) > 0;
  has_conversions_ = has_conversions_ || row.conversions_millionths.value_or(0) > 0;
  has_value_ = has_value_ || row.conversion_value_micros.value_or(0) > 0;
  has_spend_ = has_spend_ || row.spend_micros > 0;
}

bool AccountFigures::reports_link_clicks(core::Day start) const {
  const auto found = periods_.find(period_of(start));
  const Period period = found == periods_.end() ? Period{} : found->second;
  return period.has_link_clicks || (reports_link_clicks_ && period.clicks < kTellingClicks);
}

bool AccountFigures::delivers(Component component) const {
  switch (component) {
    case Component::kCtr:
      return has_clicks_;
    case Component::kConversion:
      return has_conversions_;
    case Component::kRoas:
      return has_conversions_ && has_value_;
    case Component::kCpm:
      return has_spend_;
  }
  return false;
}

}  // namespace adgenome::learning
