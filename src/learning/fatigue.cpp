#include <adgenome/learning/fatigue.hpp>
#include <adgenome/stats/multiple.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "fatigue_trend.hpp"

namespace adgenome::learning {
namespace {

using Level = FatigueLevel;
using State = FatigueRule::State;

struct Band {
  double from = 0;
  Level level = Level::kHealthy;
};
/// The worst first.
using Bands = std::vector<Band>;

constexpr std::size_t kManyAds = 20;
constexpr double kClassicSignificant = 0.05;
constexpr double kClassicDecay = 0.0001;
constexpr std::int64_t kBaselineImpressions = 1'000;
constexpr double kDaysAhead = 3'650;  ///< a forecast beyond says nothing

Bands frequency_bands(const FatigueThresholds& from) {
  return {{from.frequency_critical, Level::kCritical},
          {from.frequency_high, Level::kHigh},
          {from.frequency_moderate, Level::kModerate},
          {from.frequency_watch, Level::kWatch}};
}

Bands change_bands(double moderate, double critical) {
  return {{critical, Level::kCritical}, {moderate, Level::kModerate}};
}

const Band* band_of(const Bands& bands, double value) {
  const auto found =
      std::ranges::find_if(bands, [&](const Band& band) { return value >= band.from; });
  return found == bands.end() ? nullptr : &*found;
}

std::optional<FatigueFrequency> frequency_of(const FatigueWeek& week) {
  if (week.frequency) return FatigueFrequency{true, *week.frequency, *week.frequency};
  if (!week.reach_sum || !week.reach_max || *week.reach_max <= 0) return std::nullopt;
  const auto impressions = static_cast<double>(week.impressions);
  return FatigueFrequency{false, impressions / static_cast<double>(*week.reach_sum),
                          impressions / static_cast<double>(*week.reach_max)};
}

void judge_frequency(const Bands& bands, FatigueVerdict& verdict) {
  if (!verdict.frequency) return;
  const auto [is_window, lower, upper] = *verdict.frequency;
  const Band* sure = band_of(bands, lower);
  const Band* possible = band_of(bands, upper);
  const auto add = [&](const Band& band, State state, double value) {
    verdict.rules.push_back({.name = FatigueRule::Name::kFrequency,
                             .state = state,
                             .level = band.level,
                             .value = value,
                             .band = band.from,
                             .probability = {},
                             .limit = {}});
  };
  if (sure) add(*sure, State::kFired, lower);
  if (possible && possible != sure) add(*possible, State::kUnknown, upper);
}

/// What a rule needs to fire rather than to be uncertain. Where nothing is to be found q < 0.1
/// warns of an ad in one account of ten, whatever its size, and few ads tell the overdispersion
/// roughly: accounts of fewer than 20 are asked for more, so that at most one ad in 100 is warned
/// of wrongly.
struct Evidence {
  bool is_classic = false;
  std::size_t ads = 0;  ///< that the account judges together
  double q = 0;         ///< of the thresholds
  /// What q, under classic rules p, has to stay under.
  double limit() const {
    if (is_classic) return kClassicSignificant;
    const double share = static_cast<double>(std::clamp<std::size_t>(ads, 1, kManyAds)) /
                         static_cast<double>(kManyAds);
    return q * share * share;
  }
  bool is_sure(const FatigueShift& shift) const {
    if (is_classic && !shift.p) return true;
    return probability(shift).value_or(1) < limit();
  }
  std::optional<double> probability(const FatigueShift& shift) const {
    return is_classic ? shift.p : shift.q;
  }
};

void judge_shift(FatigueRule::Name name, const std::optional<FatigueShift>& shift,
                 const Bands& bands, const Evidence& evidence, FatigueVerdict& verdict) {
  if (!shift) return;
  const Band* band = band_of(bands, shift->change);
  if (!band) return;
  verdict.rules.push_back({.name = name,
                           .state = evidence.is_sure(*shift) ? State::kFired : State::kUncertain,
                           .level = band->level,
                           .value = shift->change,
                           .band = band->from,
                           .probability = evidence.probability(*shift),
                           .limit = evidence.limit()});
}

void judge_week_over_week(const FatigueThresholds& from, const Evidence& evidence,
                          FatigueVerdict& verdict) {
  if (!verdict.week_over_week || !verdict.frequency) return;
  const FatigueShift& shift = *verdict.week_over_week;
  if (!(shift.change > from.week_over_week_decline) ||
      !(verdict.frequency->upper > from.week_over_week_frequency)) {
    return;
  }
  const bool is_frequent = verdict.frequency->lower > from.week_over_week_frequency;
  verdict.rules.push_back({.name = FatigueRule::Name::kWeekOverWeek,
                           .state = !evidence.is_sure(shift) ? State::kUncertain
                                    : is_frequent            ? State::kFired
                                                             : State::kUnknown,
                           .level = Level::kHigh,
                           .value = shift.change,
                           .band = from.week_over_week_decline,
                           .probability = evidence.probability(shift),
                           .limit = evidence.limit()});
}

void conclude(const FatigueThresholds& from, const Evidence& evidence, FatigueVerdict& verdict) {
  judge_shift(FatigueRule::Name::kClickRate, verdict.click_rate,
              change_bands(from.ctr_decline_moderate, from.ctr_decline_critical), evidence,
              verdict);
  judge_shift(FatigueRule::Name::kCpm, verdict.cpm,
              change_bands(from.cpm_increase_moderate, from.cpm_increase_critical), evidence,
              verdict);
  judge_week_over_week(from, evidence, verdict);
  judge_frequency(frequency_bands(from), verdict);
  std::ranges::stable_sort(verdict.rules, [](const FatigueRule& a, const FatigueRule& b) {
    if ((a.state == State::kFired) != (b.state == State::kFired)) return a.state == State::kFired;
    return a.level > b.level;
  });
  if (!verdict.rules.empty() && verdict.rules.front().state == State::kFired) {
    verdict.level = verdict.rules.front().level;
  }
}

double cpm_of(const FatigueWeek& week) {
  return static_cast<double>(week.spend_micros) / 1000 / static_cast<double>(week.impressions);
}

// Classic rules: against the ad's own best earlier week.

/// One-sided test that the second rate is lower, both pooled.
double p_of_fall(const FatigueWeek& before, const FatigueWeek& now) {
  const auto y0 = static_cast<double>(*before.clicks);
  const auto n0 = static_cast<double>(before.impressions);
  const auto y1 = static_cast<double>(*now.clicks);
  const auto n1 = static_cast<double>(now.impressions);
  const double pooled = (y0 + y1) / (n0 + n1);
  const double variance = pooled * (1 - pooled) * (1 / n0 + 1 / n1);
  if (!(variance > 0)) return 1;
  return stats::normal_sf((y0 / n0 - y1 / n1) / std::sqrt(variance));
}

std::optional<FatigueShift> click_rate_fall(const FatigueWeek& before, const FatigueWeek& now) {
  if (!before.clicks || !now.clicks || *before.clicks <= 0) return std::nullopt;
  FatigueShift shift;
  shift.base = static_cast<double>(*before.clicks) / static_cast<double>(before.impressions);
  shift.current = static_cast<double>(*now.clicks) / static_cast<double>(now.impressions);
  shift.change = 1 - shift.current / shift.base;
  shift.p = p_of_fall(before, now);
  return shift;
}

void compare_with_best(std::span<const FatigueWeek> earlier, const FatigueWeek& now,
                       FatigueVerdict& verdict) {
  const auto rate = [](const FatigueWeek& week) {
    return static_cast<double>(week.clicks.value_or(0)) / static_cast<double>(week.impressions);
  };
  verdict.click_rate = click_rate_fall(*std::ranges::max_element(earlier, {}, rate), now);
  const double cheapest = cpm_of(*std::ranges::min_element(earlier, {}, cpm_of));
  if (cheapest > 0) {
    FatigueShift shift;
    shift.base = cheapest;
    shift.current = cpm_of(now);
    shift.change = shift.current / shift.base - 1;
    verdict.cpm = shift;
  }
  if (earlier.back().week + 1 == now.week) {
    verdict.week_over_week = click_rate_fall(earlier.back(), now);
  }
}

void judge_classic(const FatigueSeries& series, FatigueVerdict& verdict) {
  const FatigueWeek& now = series.weeks.back();
  verdict.decay_factor = std::exp(-kClassicDecay * static_cast<double>(verdict.impressions));
  const std::span<const FatigueWeek> earlier(series.weeks.data(), series.weeks.size() - 1);
  if (earlier.empty()) {
    verdict.reason = "not_enough_weeks";
  } else {
    compare_with_best(earlier, now, verdict);
  }
  conclude(series.thresholds, {.is_classic = true, .ads = 0, .q = 0}, verdict);
}

// Robust rules: against all earlier weeks, less what moved the whole account.

LogSeries click_rates(const FatigueSeries& series) {
  LogSeries logs;
  for (const FatigueWeek& week : series.weeks) {
    if (!week.clicks) continue;
    const double y = static_cast<double>(*week.clicks) + 0.5;
    logs.push_back({.week = week.week,
                    .value = std::log(y / (static_cast<double>(week.impressions) + 1)),
                    .variance = 1 / y});
  }
  return logs;
}

/// Prices are exact but for how many impressions were bought.
LogSeries cpms(const FatigueSeries& series) {
  LogSeries logs;
  for (const FatigueWeek& week : series.weeks) {
    if (week.spend_micros <= 0) continue;
    logs.push_back({.week = week.week,
                    .value = std::log(cpm_of(week)),
                    .variance = 1 / (static_cast<double>(week.impressions) + 0.5)});
  }
  return logs;
}

bool is_current(const LogSeries& series, const FatigueOptions& options) {
  return !series.empty() && series.back().week == options.current_week;
}

/// Weighted regression of the log click rate on the impressions shown so far.
struct Line {
  double intercept = 0;
  double slope = 0;
  double se = 0;
};

Line fit_line(const std::vector<double>& x, const LogSeries& y, double tau2) {
  double weight = 0;
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double w = 1 / (y[i].variance + tau2);
    weight += w;
    mean_x += w * x[i];
    mean_y += w * y[i].value;
  }
  mean_x /= weight;
  mean_y /= weight;
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double w = 1 / (y[i].variance + tau2);
    xx += w * (x[i] - mean_x) * (x[i] - mean_x);
    xy += w * (x[i] - mean_x) * (y[i].value - mean_y);
  }
  const double slope = xy / xx;
  return {.intercept = mean_y - slope * mean_x, .slope = slope, .se = 1 / std::sqrt(xx)};
}

/// What a decay is fitted to and where it leads.
struct DecayFit {
  FatigueDecay decay;
  double p = 1;
  double limit = 0;       ///< that q stays under where a decay is found
  double at_end = 0;      ///< fitted log click rate after all impressions
  double since_base = 0;  ///< impressions from the middle of the earlier weeks on
  double impressions_a_day = 0;
};

std::optional<DecayFit> fit_decay(const FatigueSeries& series, const LogSeries& logs, double tau2) {
  if (logs.size() < 4) return std::nullopt;
  std::vector<double> shown;  // to the middle of each week
  double total = 0;
  std::size_t next = 0;
  for (const FatigueWeek& week : series.weeks) {
    const auto impressions = static_cast<double>(week.impressions);
    if (next < logs.size() && logs[next].week == week.week) {
      shown.push_back(total + impressions / 2);
      ++next;
    }
    total += impressions;
  }
  const Line line = fit_line(shown, logs, tau2);
  double base = 0;
  double weight = 0;
  for (std::size_t i = 0; i < earlier_weeks(logs); ++i) {
    const double w = 1 / (logs[i].variance + tau2);
    weight += w;
    base += w * shown[i];
  }
  DecayFit fit;
  fit.decay.k = -line.slope;
  fit.decay.se = line.se;
  fit.p = stats::normal_sf(fit.decay.k / line.se);
  fit.at_end = line.intercept + line.slope * total;
  fit.since_base = total - base / weight;
  fit.impressions_a_day = static_cast<double>(series.weeks.back().impressions) / 7;
  return fit;
}

void predict(DecayFit& fit, double baseline, core::Day last_day) {
  const double above = fit.at_end - std::log(baseline);
  if (above <= 0) {
    fit.decay.is_under_already = true;
    return;
  }
  const auto day_at = [&](double k) -> std::optional<core::Day> {
    if (!(k > 0)) return std::nullopt;
    const double days = std::ceil(above / (k * fit.impressions_a_day));
    if (!(days <= kDaysAhead)) return std::nullopt;
    return last_day + std::chrono::days(static_cast<int>(days));
  };
  const double half = stats::normal_quantile(0.975) * fit.decay.se;
  fit.decay.day = day_at(fit.decay.k);
  fit.decay.earliest = day_at(fit.decay.k + half);
  fit.decay.latest = day_at(fit.decay.k - half);
}

/// The click rate that a quarter of the account's ads stay under.
std::optional<double> lower_quartile(std::span<const FatigueSeries* const> account) {
  std::vector<double> rates;
  for (const FatigueSeries* series : account) {
    double clicks = 0;
    std::int64_t impressions = 0;
    for (const FatigueWeek& week : series->weeks) {
      if (!week.clicks) continue;
      clicks += static_cast<double>(*week.clicks);
      impressions += week.impressions;
    }
    if (impressions >= kBaselineImpressions && clicks > 0) {
      rates.push_back(clicks / static_cast<double>(impressions));
    }
  }
  if (rates.empty()) return std::nullopt;
  std::ranges::sort(rates);
  return rates[(rates.size() - 1) / 4];
}

class AccountJudge {
 public:
  AccountJudge(std::vector<const FatigueSeries*> series, std::vector<FatigueVerdict*> verdicts,
               const FatigueOptions& options)
      : series_(std::move(series)), verdicts_(std::move(verdicts)), options_(options) {}

  void judge() {
    std::vector<LogSeries> clicks;
    std::vector<LogSeries> prices;
    for (const FatigueSeries* each : series_) {
      clicks.push_back(click_rates(*each));
      prices.push_back(cpms(*each));
    }
    const AccountTrend click_trend = account_trend(std::move(clicks));
    const AccountTrend price_trend = account_trend(std::move(prices));
    const std::optional<double> baseline = lower_quartile(series_);
    std::vector<FatigueShift*> falls;
    std::vector<FatigueShift*> rises;
    std::vector<FatigueShift*> week_falls;
    std::vector<std::pair<FatigueVerdict*, DecayFit>> fits;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      FatigueVerdict& verdict = *verdicts_[i];
      if (!verdict.is_active) continue;
      verdict.baseline_click_rate = baseline;
      const LogSeries& click = click_trend.series[i];
      const LogSeries& price = price_trend.series[i];
      if (is_current(click, options_)) {
        verdict.tau2 = click_trend.tau2;
        verdict.week_effect = click_trend.effect_of(options_.current_week);
        verdict.click_rate = trend_shift(click, click_trend.tau2, 1);
        verdict.week_over_week = week_shift(click, click_trend.tau2);
        if (verdict.click_rate) falls.push_back(&*verdict.click_rate);
        if (verdict.week_over_week) week_falls.push_back(&*verdict.week_over_week);
        auto fit =
            options_.is_fitted ? fit_decay(*series_[i], click, click_trend.tau2) : std::nullopt;
        if (fit) {
          fit->limit = series_[i]->thresholds.q;
          fits.emplace_back(&verdict, *fit);
        }
      }
      if (is_current(price, options_)) {
        verdict.cpm_tau2 = price_trend.tau2;
        verdict.cpm = trend_shift(price, price_trend.tau2, -1);
        if (verdict.cpm) rises.push_back(&*verdict.cpm);
      }
      if (!verdict.click_rate) {
        verdict.reason = is_current(click, options_) ? "not_enough_weeks" : "no_clicks_reported";
      }
    }
    adjust_shifts(falls);
    adjust_shifts(rises);
    adjust_shifts(week_falls);
    conclude_decays(fits, baseline);
    const auto active = static_cast<std::size_t>(std::ranges::count_if(
        verdicts_, [](const FatigueVerdict* verdict) { return verdict->is_active; }));
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (!verdicts_[i]->is_active) continue;
      const FatigueThresholds& from = series_[i]->thresholds;
      conclude(from, {.is_classic = false, .ads = active, .q = from.q}, *verdicts_[i]);
    }
  }

 private:
  void conclude_decays(std::vector<std::pair<FatigueVerdict*, DecayFit>>& fits,
                       const std::optional<double>& baseline) const {
    std::vector<double> p_values;
    for (const auto& [verdict, fit] : fits) p_values.push_back(fit.p);
    const std::vector<double> q = stats::benjamini_hochberg(p_values);
    for (std::size_t i = 0; i < fits.size(); ++i) {
      auto& [verdict, fit] = fits[i];
      fit.decay.q = q[i];
      fit.decay.is_found = fit.decay.k > 0 && q[i] < fit.limit;
      if (fit.decay.is_found) {
        verdict->decay_factor = std::exp(-fit.decay.k * fit.since_base);
        if (baseline) predict(fit, *baseline, options_.last_day);
      }
      verdict->decay = fit.decay;
    }
  }

  std::vector<const FatigueSeries*> series_;
  std::vector<FatigueVerdict*> verdicts_;
  const FatigueOptions& options_;
};

}  // namespace

std::string_view name_of(FatigueLevel level) {
  constexpr std::string_view kNames[] = {"healthy", "watch", "moderate", "high", "critical"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string_view words_of(FatigueLevel level) {
  constexpr std::string_view kWords[] = {"healthy", "watch closely", "replace within a week",
                                         "replace soon", "pause now"};
  return kWords[static_cast<std::size_t>(level)];
}

std::string_view name_of(FatigueRule::Name name) {
  constexpr std::string_view kNames[] = {"frequency", "ctr_decline", "cpm_increase",
                                         "week_over_week"};
  return kNames[static_cast<std::size_t>(name)];
}

std::string_view name_of(FatigueRule::State state) {
  constexpr std::string_view kNames[] = {"fired", "uncertain", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<FatigueVerdict> judge_fatigue(std::span<const FatigueSeries> series,
                                          const FatigueOptions& options) {
  std::vector<FatigueVerdict> verdicts(series.size());
  std::map<std::string, std::pair<std::vector<const FatigueSeries*>, std::vector<FatigueVerdict*>>>
      accounts;
  for (std::size_t i = 0; i < series.size(); ++i) {
    FatigueVerdict& verdict = verdicts[i];
    for (const FatigueWeek& week : series[i].weeks) verdict.impressions += week.impressions;
    verdict.is_active =
        !series[i].weeks.empty() && series[i].weeks.back().week == options.current_week;
    if (verdict.is_active) verdict.frequency = frequency_of(series[i].weeks.back());
    auto& [list, judged] = accounts[series[i].account];
    list.push_back(&series[i]);
    judged.push_back(&verdict);
  }
  for (auto& [account, members] : accounts) {
    auto& [list, judged] = members;
    if (options.is_classic) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (judged[i]->is_active) judge_classic(*list[i], *judged[i]);
      }
    } else {
      AccountJudge(std::move(list), std::move(judged), options).judge();
    }
  }
  return verdicts;
}

}  // namespace adgenome::learning
