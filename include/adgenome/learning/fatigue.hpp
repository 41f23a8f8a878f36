#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/fatigue_thresholds.hpp>
#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::learning {

/// What one ad delivered in one week; weeks are numbered, higher ones are later.
struct FatigueWeek {
  std::int64_t week = 0;
  std::int64_t impressions = 0;  ///< above 0
  std::optional<std::int64_t> clicks;
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> reach_sum;  ///< over the rows of the week, where all have one
  std::optional<std::int64_t> reach_max;
  /// Of a row that spans the week.
  std::optional<double> frequency;
};

/// An ad, or all ads of one combination of elements.
struct FatigueSeries {
  std::string account;             ///< whose ads are judged together
  std::vector<FatigueWeek> weeks;  ///< ascending
  FatigueThresholds thresholds;    ///< those of the account
};

enum class FatigueLevel { kHealthy, kWatch, kModerate, kHigh, kCritical };
std::string_view name_of(FatigueLevel level);
/// What to do: "pause now".
std::string_view words_of(FatigueLevel level);

/// A rule that fired, or would have.
struct FatigueRule {
  enum class Name { kFrequency, kClickRate, kCpm, kWeekOverWeek };
  enum class State {
    kFired,
    kUncertain,  ///< as far as that, but it may be chance
    kUnknown,    ///< the frequency is known too roughly
  };
  Name name = Name::kFrequency;
  State state = State::kFired;
  FatigueLevel level = FatigueLevel::kHealthy;
  double value = 0;
  double band = 0;
  std::optional<double> probability;  ///< q under robust rules, p under classic ones
  std::optional<double> limit;        ///< that the probability has to stay under to fire
};
std::string_view name_of(FatigueRule::Name name);
std::string_view name_of(FatigueRule::State state);

/// How a rate moved from the earlier weeks to now. Worse is positive: a click rate that fell, a CPM
/// that rose.
struct FatigueShift {
  double base = 0;     ///< the rate of the earlier weeks (classic: of the best one)
  double current = 0;  ///< of the last two calendar weeks (classic: of the last one)
  double change = 0;   ///< share of the base that was lost, or that came on top
  std::optional<double> z;
  std::optional<double> p;
  std::optional<double> q;
};

struct FatigueFrequency {
  bool is_window = false;  ///< a row spanned the week; else bounds from the reach of its days
  double lower = 0;
  double upper = 0;
};

/// An exponential decay of the click rate with impressions.
struct FatigueDecay {
  double k = 0;  ///< an impression
  double se = 0;
  double q = 0;
  bool is_found = false;  ///< k > 0 at a q under the threshold
  /// When the fitted click rate falls under the account's lower quartile.
  std::optional<core::Day> day;
  std::optional<core::Day> earliest;
  std::optional<core::Day> latest;
  bool is_under_already = false;
};

struct FatigueVerdict {
  bool is_active = false;  ///< delivered in the current week; the others are not judged
  FatigueLevel level = FatigueLevel::kHealthy;
  std::vector<FatigueRule> rules;  ///< the worst first
  std::optional<FatigueShift> click_rate;
  std::optional<FatigueShift> cpm;
  std::optional<FatigueShift> week_over_week;  ///< of the click rate
  std::optional<FatigueFrequency> frequency;
  std::optional<double> tau2;  ///< overdispersion of the account's click rates
  std::optional<double> cpm_tau2;
  std::optional<double> week_effect;  ///< of the current week, on the logarithm of the click rate
  std::int64_t impressions = 0;
  double decay_factor = 1;
  std::optional<FatigueDecay> decay;
  std::optional<double> baseline_click_rate;  ///< lower quartile of the account
  std::string reason;                         ///< why no trend was judged, else empty
};

struct FatigueOptions {
  bool is_classic = false;
  bool is_fitted = false;  ///< look for an exponential decay
  std::int64_t current_week = 0;
  core::Day last_day = {};  ///< of the current week
};

/// Judges the series of a brand (page 6.6), each among those of its account.
std::vector<FatigueVerdict> judge_fatigue(std::span<const FatigueSeries> series,
                                          const FatigueOptions& options);

}  // namespace adgenome::learning
