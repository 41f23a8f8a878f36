#include <adgenome/stats/day_sums.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>

#include "compensated.hpp"

namespace adgenome::stats {
namespace {

struct ArmTotals {
  double numerator = 0;
  double denominator = 0;
  double days = 0;  ///< with a denominator
};

ArmTotals totals_of(std::span<const DayTotals> days) {
  CompensatedSum numerator;
  CompensatedSum denominator;
  ArmTotals totals;
  for (const DayTotals& day : days) {
    if (!(day.denominator > 0)) continue;
    numerator.add(day.numerator);
    denominator.add(day.denominator);
    ++totals.days;
  }
  totals.numerator = numerator.value();
  totals.denominator = denominator.value();
  return totals;
}

/// Sum over days of (y - n p)^2 over the variance that a count would have.
double scatter(std::span<const DayTotals> days, const ArmTotals& arm, DayModel model) {
  const double p = arm.numerator / arm.denominator;
  const double unit = model == DayModel::kShare ? p * (1 - p) : p;
  if (!(unit > 0)) return 0;
  CompensatedSum sum;
  for (const DayTotals& day : days) {
    if (!(day.denominator > 0)) continue;
    const double away = day.numerator - day.denominator * p;
    sum.add(away * away / (day.denominator * unit));
  }
  return sum.value();
}

/// Cochran (1977, 6.4): of the ratio of two sums over days.
double delta_variance(std::span<const DayTotals> days, const ArmTotals& arm) {
  constexpr double kRounding = 1e-13;  // of an amount
  const double ratio = arm.numerator / arm.denominator;
  CompensatedSum squares;
  CompensatedSum amounts;
  for (const DayTotals& day : days) {
    if (!(day.denominator > 0)) continue;
    const double away = day.numerator - ratio * day.denominator;
    squares.add(away * away);
    amounts.add(day.numerator * day.numerator);
  }
  if (squares.value() <= kRounding * kRounding * amounts.value()) return 0;
  return squares.value() * arm.days / (arm.days - 1) / (arm.denominator * arm.denominator);
}

}  // namespace

std::optional<DaySums> compare_days(std::span<const DayTotals> control,
                                    std::span<const DayTotals> variant, DayModel model) {
  const ArmTotals c = totals_of(control);
  const ArmTotals v = totals_of(variant);
  if (c.days < 2 || v.days < 2) return std::nullopt;
  DaySums result;
  result.df = c.days + v.days - 2;
  double variance = 0;
  if (model == DayModel::kAmount) {
    if (!(c.numerator > 0 && v.numerator > 0)) return std::nullopt;
    const double ratio_c = c.numerator / c.denominator;
    const double ratio_v = v.numerator / v.denominator;
    result.log_ratio = std::log(ratio_v) - std::log(ratio_c);
    result.s = delta_variance(control, c) / (ratio_c * ratio_c) +
               delta_variance(variant, v) / (ratio_v * ratio_v);
    variance = result.s;
    if (!(variance > 0)) return std::nullopt;
  } else {
    result.log_ratio = std::log((v.numerator + 0.5) / v.denominator) -
                       std::log((c.numerator + 0.5) / c.denominator);
    result.s = 1 / (v.numerator + 0.5) + 1 / (c.numerator + 0.5);
    result.phi =
        std::max(1.0, (scatter(control, c, model) + scatter(variant, v, model)) / result.df);
    variance = *result.phi * result.s;
  }
  result.error = std::sqrt(variance);
  result.t = result.log_ratio / result.error;
  result.p_value = student_t_two_sided(result.t, result.df);
  return result;
}

std::optional<std::pair<double, double>> pearson_scatter(std::span<const DayTotals> days,
                                                         DayModel model) {
  const ArmTotals arm = totals_of(days);
  const bool varies =
      arm.numerator > 0 && (model == DayModel::kCount || arm.numerator < arm.denominator);
  if (arm.days < 2 || !varies) return std::nullopt;
  return std::pair(scatter(days, arm, model), arm.days - 1);
}

std::optional<DayRatio> ratio_over_days(std::span<const DayTotals> days) {
  const ArmTotals arm = totals_of(days);
  if (arm.days < 2) return std::nullopt;
  return DayRatio{.ratio = arm.numerator / arm.denominator,
                  .error = std::sqrt(delta_variance(days, arm))};
}

}  // namespace adgenome::stats
