#pragma once

#include <optional>
#include <span>
#include <utility>

namespace adgenome::stats {

/// What an arm counted on one day, and of how much: clicks of impressions, conversions for money.
struct DayTotals {
  double numerator = 0;
  double denominator = 0;
};

/// How the scatter of the days is taken in.
enum class DayModel {
  kShare,   ///< counts out of trials: binomial, widened by the dispersion
  kCount,   ///< counts for money: Poisson, widened by the dispersion
  kAmount,  ///< amounts of money: the delta method over days
};

/// Variant against control on sums of days.
struct DaySums {
  /// Times that the days scatter more than counts would, at least 1; absent for amounts.
  std::optional<double> phi;
  double log_ratio = 0;  ///< ln of variant's ratio over control's
  double s = 0;          ///< its variance, before the dispersion
  double t = 0;
  double df = 0;
  double p_value = 1;  ///< two-sided
  double error = 0;    ///< standard error of log_ratio
};

/// Both arms hold the same days, two at least; a day without a denominator counts as none. Nothing
/// where an arm has no denominator at all, where amounts do not vary or add up to nothing, or where
/// two days are left to none.
std::optional<DaySums> compare_days(std::span<const DayTotals> control,
                                    std::span<const DayTotals> variant, DayModel model);

/// Pearson's chi-square of one arm's counts around its own rate, and its degrees of freedom;
/// nothing below two days, where the rate is 0 or, of shares, 1.
std::optional<std::pair<double, double>> pearson_scatter(std::span<const DayTotals> days,
                                                         DayModel model = DayModel::kShare);

/// An arm's ratio and its standard error by the delta method over days; nothing below two days or
/// without a denominator.
struct DayRatio {
  double ratio = 0;
  double error = 0;
};
std::optional<DayRatio> ratio_over_days(std::span<const DayTotals> days);

}  // namespace adgenome::stats
