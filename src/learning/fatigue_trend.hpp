#pragma once

#include <adgenome/learning/fatigue.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace adgenome::learning {

/// The logarithm of a rate in one week, and the variance that its counts give it.
struct LogRate {
  std::int64_t week = 0;
  double value = 0;
  double variance = 0;
};
using LogSeries = std::vector<LogRate>;

/// What the ads of an account have in common, and what is left of each without it.
struct AccountTrend {
  std::vector<LogSeries> series;           ///< less the week's effect
  std::map<std::int64_t, double> effects;  ///< of weeks in which enough ads ran
  double tau2 = 0;

  std::optional<double> effect_of(std::int64_t week) const;
};

/// Week effect: the median over the ads of l less the mean of the ad's first three weeks, from
/// three ads on (of fewer it would be the ads' own trend). tau2 from the median of the changes
/// between following weeks: max(0, ((median|dl| / 0.6745)^2 - median(v + v')) / 2).
AccountTrend account_trend(std::vector<LogSeries> series);

/// How many weeks of the series lie before the last one and the calendar week before that: after a
/// pause the weeks before it are no part of what is now.
std::size_t earlier_weeks(const LogSeries& series);
/// The last two calendar weeks against all earlier ones, of which there are at least two. `sign` is
/// 1 where a fall is worse and -1 where a rise is; z is above 0 where it became worse. No p yet of
/// the account.
std::optional<FatigueShift> trend_shift(const LogSeries& series, double tau2, double sign);
/// The last week against the one before it, where those follow one another.
std::optional<FatigueShift> week_shift(const LogSeries& series, double tau2);

/// Sets q over all shifts that have a p.
void adjust_shifts(std::span<FatigueShift* const> shifts);

}  // namespace adgenome::learning
