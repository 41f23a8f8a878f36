#include "fatigue_trend.hpp"

#include <adgenome/stats/multiple.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {
namespace {

constexpr std::size_t kFirstWeeks = 3;
constexpr std::size_t kLeastAds = 3;
constexpr std::size_t kLeastEarlier = 2;
constexpr double kNormalQuartile = 0.6745;

double median(std::vector<double> values) {
  const std::size_t half = values.size() / 2;
  std::ranges::nth_element(values, values.begin() + static_cast<long>(half));
  const double upper = values[half];
  if (values.size() % 2 == 1) return upper;
  return (*std::max_element(values.begin(), values.begin() + static_cast<long>(half)) + upper) / 2;
}

double first_mean(const LogSeries& series) {
  const std::size_t count = std::min(kFirstWeeks, series.size());
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += series[i].value;
  return sum / static_cast<double>(count);
}

/// Precision-weighted mean of weeks.
struct Mean {
  double weight = 0;
  double value = 0;
};

Mean mean_of(std::span<const LogRate> weeks, double tau2) {
  Mean mean;
  for (const LogRate& week : weeks) {
    const double weight = 1 / (week.variance + tau2);
    mean.weight += weight;
    mean.value += weight * week.value;
  }
  mean.value /= mean.weight;
  return mean;
}

FatigueShift shift_between(const Mean& base, const Mean& current, double sign) {
  FatigueShift shift;
  shift.base = std::exp(base.value);
  shift.current = std::exp(current.value);
  shift.change = sign * (1 - std::exp(current.value - base.value));
  shift.z = sign * (base.value - current.value) / std::sqrt(1 / base.weight + 1 / current.weight);
  shift.p = stats::normal_sf(*shift.z);
  return shift;
}

}  // namespace

std::optional<double> AccountTrend::effect_of(std::int64_t week) const {
  const auto found = effects.find(week);
  return found == effects.end() ? std::nullopt : std::optional(found->second);
}

AccountTrend account_trend(std::vector<LogSeries> series) {
  AccountTrend trend;
  std::map<std::int64_t, std::vector<double>> deviations;
  for (const LogSeries& each : series) {
    if (each.empty()) continue;
    const double usual = first_mean(each);
    for (const LogRate& week : each) deviations[week.week].push_back(week.value - usual);
  }
  for (auto& [week, values] : deviations) {
    if (values.size() >= kLeastAds) trend.effects[week] = median(std::move(values));
  }
  std::vector<double> changes;
  std::vector<double> variances;
  for (LogSeries& each : series) {
    for (LogRate& week : each) week.value -= trend.effect_of(week.week).value_or(0);
    for (std::size_t i = 1; i < each.size(); ++i) {
      if (each[i].week != each[i - 1].week + 1) continue;
      changes.push_back(std::abs(each[i].value - each[i - 1].value));
      variances.push_back(each[i].variance + each[i - 1].variance);
    }
  }
  trend.series = std::move(series);
  if (changes.empty()) return trend;
  const double deviation = median(std::move(changes)) / kNormalQuartile;
  trend.tau2 = std::max(0.0, (deviation * deviation - median(std::move(variances))) / 2);
  return trend;
}

std::size_t earlier_weeks(const LogSeries& series) {
  const auto current = std::ranges::find_if(
      series, [&](const LogRate& rate) { return rate.week + 1 >= series.back().week; });
  return static_cast<std::size_t>(current - series.begin());
}

std::optional<FatigueShift> trend_shift(const LogSeries& series, double tau2, double sign) {
  const std::size_t earlier = earlier_weeks(series);
  if (earlier < kLeastEarlier) return std::nullopt;
  const std::span<const LogRate> weeks(series);
  return shift_between(mean_of(weeks.first(earlier), tau2), mean_of(weeks.subspan(earlier), tau2),
                       sign);
}

std::optional<FatigueShift> week_shift(const LogSeries& series, double tau2) {
  if (series.size() < 2) return std::nullopt;
  const std::span<const LogRate> weeks(series);
  if (weeks.back().week != weeks[weeks.size() - 2].week + 1) return std::nullopt;
  return shift_between(mean_of(weeks.last(2).first(1), tau2), mean_of(weeks.last(1), tau2), 1);
}

void adjust_shifts(std::span<FatigueShift* const> shifts) {
  std::vector<double> p_values;
  for (const FatigueShift* shift : shifts) p_values.push_back(*shift->p);
  const std::vector<double> q = stats::benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < q.size(); ++i) shifts[i]->q = q[i];
}

}  // namespace adgenome::learning
