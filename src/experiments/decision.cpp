#include "decision.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

namespace adgenome::experiments {
namespace {

constexpr double kEnoughToWin = 0.90;   // P(best), classic rule of ads
constexpr double kFutile = 0.05;        // P(best)
constexpr double kLeastEvents = 25;     // an arm, robust rule of ads
constexpr std::int64_t kFirstLook = 7;  // days
constexpr std::int64_t kSecondLook = 10;
constexpr std::int64_t kLastLook = 14;

/// For a sentence: three significant digits.
std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string quoted(const std::string& name) {
  return "\"" + name + "\"";
}

/// "0.62 on average against 0.48", of the variant and the control or the other way round.
std::string averages(const Analysis& analysis, const Comparison& comparison, bool variant_first) {
  const Evidence& evidence = *comparison.evidence;
  double variant = evidence.value_variant;
  double control = evidence.value_control;
  std::string what = " on average";
  if (evidence.test == "day_sums") {
    what = analysis.metric == Metric::kClicksPerSpend ? " clicks for one of the currency"
                                                      : " " + std::string(name_of(analysis.metric));
    if (analysis.metric == Metric::kCpa) {
      // Conversions for money are compared, and their price is what people know.
      variant = variant > 0 ? 1 / variant : 0;
      control = control > 0 ? 1 / control : 0;
    }
  } else if (comparison.cluster && !analysis.is_classic) {
    what = " on average of its runs";
  }
  if (!variant_first) std::swap(variant, control);
  return short_number(variant) + what + " against " + short_number(control);
}

std::string level_of(double p) {
  return p > 0 ? " = " + short_number(p) : " below 1e-300";
}

/// The p-value, or with several variants the q-value.
std::string adjusted(const Analysis& analysis, const Comparison& comparison) {
  return (analysis.comparisons.size() == 1 ? "p" : "q") + level_of(*comparison.evidence->q_value);
}

std::string evidence(const Analysis& analysis, const Comparison& comparison) {
  const Evidence& found = *comparison.evidence;
  const bool by_holm = found.test == "day_sums";
  std::string text = by_holm ? "p" + level_of(*found.holm_p_value) : adjusted(analysis, comparison);
  if (found.test == "sequential") text += ", valid at every look";
  if (comparison.boundary && by_holm) {
    text += ", " + short_number(*comparison.boundary) + " needed on day " +
            std::to_string(analysis.days_used);
  }
  return text;
}

void rest_on(Analysis& analysis, const Comparison& comparison) {
  analysis.effect_size = comparison.effect_size;
  analysis.effect_shrunk = comparison.effect_shrunk;
  analysis.mde_80 = comparison.mde_80;
  if (comparison.evidence) analysis.decided_by = comparison.evidence->test;
}

void conclude(Analysis& analysis, Decision decision, std::string reason) {
  analysis.decision = decision;
  analysis.reason = std::move(reason);
}

bool insufficient(Analysis& analysis, std::string reason) {
  conclude(analysis, Decision::kInsufficientData, std::move(reason));
  return true;
}

bool has_nothing_to_compare(Analysis& analysis) {
  if (analysis.arms.empty()) return insufficient(analysis, "there are no rows");
  if (analysis.comparisons.empty()) {
    return insufficient(analysis, "there is only the arm " + quoted(analysis.control) +
                                      ": nothing to compare it with");
  }
  return false;
}

/// Where no variant has enough in common with the control.
bool lacks_matches(Analysis& analysis) {
  const auto fewest = [](const Comparison& comparison) {
    return std::min(comparison.n_control, comparison.n_variant);
  };
  const auto most = std::max_element(
      analysis.comparisons.begin(), analysis.comparisons.end(),
      [&](const Comparison& a, const Comparison& b) { return fewest(a) < fewest(b); });
  if (fewest(*most) >= static_cast<double>(analysis.min_sample)) return false;
  return insufficient(analysis, quoted(most->arm) + " and " + quoted(analysis.control) + " have " +
                                    short_number(most->n_variant) + " and " +
                                    short_number(most->n_control) + " of what both were used for" +
                                    ", and " + std::to_string(analysis.min_sample) +
                                    " a side are needed");
}

/// Under the minimum sample, which counts runs where they decide.
bool says_insufficient(Analysis& analysis) {
  if (analysis.is_matched) return lacks_matches(analysis);
  const bool counts_runs = !analysis.assumes_independent_units;
  const auto units = [&](const ArmSummary& arm) {
    return counts_runs ? static_cast<double>(arm.clusters) : arm.n;
  };
  const auto smallest = std::min_element(
      analysis.arms.begin(), analysis.arms.end(),
      [&](const ArmSummary& a, const ArmSummary& b) { return units(a) < units(b); });
  const auto count = static_cast<std::int64_t>(units(*smallest));
  if (count >= analysis.min_sample) return false;
  const std::string unit = counts_runs ? " run" : " value";
  return insufficient(analysis, "arm " + quoted(smallest->name) + " has " + std::to_string(count) +
                                    unit + (count == 1 ? "" : "s") + ", and " +
                                    std::to_string(analysis.min_sample) + " an arm are needed");
}

bool says_invalid(Analysis& analysis) {
  if (!analysis.sample_ratio || !analysis.sample_ratio->is_invalid) return false;
  const SampleRatio& ratio = *analysis.sample_ratio;
  conclude(analysis, Decision::kInvalidSplit,
           quoted(analysis.control) + " got " + std::to_string(ratio.observed.front()) +
               " units where " + short_number(ratio.expected.front()) +
               " were planned (p = " + short_number(ratio.p_value) +
               "): something else than chance divides the units, so no arm can win");
  return true;
}

const Comparison& strongest_of(const std::vector<Comparison>& comparisons) {
  // The strongest evidence first; among equals the one that comes first by name.
  const auto log_p = [](const Comparison& comparison) {
    return comparison.evidence ? comparison.evidence->log_p_value
                               : std::numeric_limits<double>::infinity();
  };
  return *std::min_element(
      comparisons.begin(), comparisons.end(),
      [&](const Comparison& a, const Comparison& b) { return log_p(a) < log_p(b); });
}

/// Variants that are settled to be better and worse than the control.
struct Settled {
  const Comparison* best = nullptr;
  std::vector<const Comparison*> below;
  const Comparison* open = nullptr;  ///< the strongest of those that are neither
  bool all_below = true;
};

template <class IsSettled>
Settled settled(const std::vector<Comparison>& comparisons, IsSettled is_settled) {
  Settled result;
  for (const Comparison& comparison : comparisons) {
    const bool is_clear = comparison.evidence && is_settled(comparison);
    const double effect = is_clear ? comparison.evidence->effect : 0;
    result.all_below = result.all_below && effect < 0;
    if (effect < 0) result.below.push_back(&comparison);
    if (effect > 0 && (!result.best || effect > result.best->evidence->effect)) {
      result.best = &comparison;
    }
    if (effect == 0 && comparison.evidence &&
        (!result.open || comparison.evidence->log_p_value < result.open->evidence->log_p_value)) {
      result.open = &comparison;
    }
  }
  return result;
}

void name_winner(Analysis& analysis, const Settled& found, const Comparison& strongest) {
  const bool is_variant = found.best != nullptr;
  const Comparison& comparison = is_variant ? *found.best : strongest;
  rest_on(analysis, comparison);
  analysis.winner = is_variant ? comparison.arm : analysis.control;
  const std::string loser = is_variant                         ? quoted(analysis.control)
                            : analysis.comparisons.size() == 1 ? quoted(comparison.arm)
                                                               : "every variant";
  conclude(analysis, Decision::kWinner,
           quoted(*analysis.winner) + " does better than " + loser + ": " +
               averages(analysis, comparison, is_variant) + " (" + evidence(analysis, comparison) +
               ")");
}

void say_inconclusive(Analysis& analysis, const Settled& found, const std::string& until) {
  const auto shown = [&](const Comparison& comparison) {
    return quoted(comparison.arm) + " has " + averages(analysis, comparison, true) + " of " +
           quoted(analysis.control) + " (" + evidence(analysis, comparison) + ")";
  };
  std::string text = "no difference is settled at " + short_number(analysis.alpha);
  if (!found.below.empty()) {
    text = "no variant is settled to be better at " + short_number(analysis.alpha);
    for (const Comparison* worse : found.below) text += ", " + quoted(worse->arm) + " to be worse";
  }
  if (found.open) text += ": " + shown(*found.open);
  conclude(analysis, Decision::kInconclusive, text + until);
}

/// Whether a variant may take the control's place: one is enough, the best of them wins.
void decide_non_inferiority(Analysis& analysis, const Comparison& strongest) {
  const std::string wanted =
      "at least " + short_number(*analysis.non_inferiority) + " times " + quoted(analysis.control);
  if (!strongest.evidence) {
    conclude(analysis, Decision::kInconclusive,
             "whether a variant is " + wanted +
                 " cannot be said: " + strongest.not_computed.back().second);
    return;
  }
  const Comparison* best = nullptr;
  for (const Comparison& comparison : analysis.comparisons) {
    const bool is_settled =
        comparison.evidence && *comparison.evidence->q_value < analysis.non_inferiority_level;
    if (is_settled && (!best || comparison.non_inferiority->ratio > best->non_inferiority->ratio)) {
      best = &comparison;
    }
  }
  const Comparison& shown = best ? *best : strongest;
  rest_on(analysis, shown);
  const std::string found = short_number(shown.non_inferiority->ratio) + " times, " +
                            adjusted(analysis, shown) + ", one-sided";
  if (best) {
    analysis.winner = best->arm;
    conclude(analysis, Decision::kWinner, quoted(best->arm) + " is " + wanted + ": " + found);
  } else {
    conclude(analysis, Decision::kInconclusive,
             "it is not settled that " + quoted(shown.arm) + " is " + wanted + ": " + found);
  }
}

double events_of(const DayArm& arm, Metric metric) {
  if (metric == Metric::kRoas) return std::accumulate(arm.events.begin(), arm.events.end(), 0.0);
  double events = 0;
  for (const stats::DayTotals& day : arm.days) events += day.numerator;
  return events;
}

const char* event_name(Metric metric) {
  const bool is_of_clicks = metric == Metric::kLinkCtr || metric == Metric::kClicksPerSpend;
  return is_of_clicks ? " clicks" : " conversions";
}

/// Under the minimum of impressions; where only the money is known there is none.
bool lacks_impressions(const std::vector<DayArm>& arms, Analysis& analysis) {
  for (const DayArm& arm : arms) {
    double impressions = std::accumulate(arm.impressions.begin(), arm.impressions.end(), 0.0);
    if (arm.impressions.empty()) {
      if (analysis.metric != Metric::kLinkCtr) continue;
      for (const stats::DayTotals& day : arm.days) impressions += day.denominator;
    }
    if (impressions >= static_cast<double>(analysis.min_sample)) continue;
    return insufficient(analysis, "arm " + quoted(arm.name) + " has " + short_number(impressions) +
                                      " impressions, and " + std::to_string(analysis.min_sample) +
                                      " an arm are needed");
  }
  return false;
}

bool lacks_events(const std::vector<DayArm>& arms, Analysis& analysis) {
  for (const DayArm& arm : arms) {
    if (analysis.metric == Metric::kRoas && arm.events.empty()) continue;
    const double events = events_of(arm, analysis.metric);
    if (events >= kLeastEvents) continue;
    return insufficient(analysis, "arm " + quoted(arm.name) + " has " + short_number(events) +
                                      event_name(analysis.metric) + ", and " +
                                      short_number(kLeastEvents) + " an arm are needed");
  }
  return false;
}

void decide_by_best(Analysis& analysis) {
  if (analysis.p_best.empty()) {
    conclude(analysis, Decision::kInsufficientData,
             "P(best) decides, and it could not be had: " + analysis.not_computed.back().second);
    return;
  }
  analysis.decided_by = "p_best";
  const auto best = static_cast<std::size_t>(
      std::max_element(analysis.p_best.begin(), analysis.p_best.end()) - analysis.p_best.begin());
  const std::string chance = "P(best) = " + short_number(analysis.p_best[best]);
  const std::string doubt = analysis.expected_false_winner_rate
                                ? "; among equal ads this rule names a winner in " +
                                      short_number(100 * *analysis.expected_false_winner_rate) +
                                      " of 100 tests"
                                : "";
  if (analysis.p_best[best] > kEnoughToWin) {
    analysis.winner = analysis.arms[best].name;
    conclude(analysis, Decision::kWinner,
             quoted(*analysis.winner) + " is most likely the best (" + chance + ")" + doubt);
  } else if (analysis.futile_arms.size() == analysis.comparisons.size()) {
    conclude(analysis, Decision::kFutile,
             "no variant has a chance of 5 % to be the best (" + chance + " for the control)");
  } else {
    conclude(analysis, Decision::kInconclusive,
             quoted(analysis.arms[best].name) + " leads without being likely enough the best (" +
                 chance + ", " + short_number(kEnoughToWin) + " needed) on day " +
                 std::to_string(analysis.days_used) +
                 (analysis.days < kLastLook ? " of 14" : ", the last one"));
  }
}

}  // namespace

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::kWinner:
      return "winner";
    case Decision::kInconclusive:
      return "inconclusive";
    case Decision::kInsufficientData:
      return "insufficient_data";
    case Decision::kFutile:
      return "futile";
    case Decision::kInvalidSplit:
      break;
  }
  return "invalid_split";
}

void decide(Analysis& analysis) {
  if (has_nothing_to_compare(analysis)) return;
  const Comparison& strongest = strongest_of(analysis.comparisons);
  rest_on(analysis, strongest);
  if (says_invalid(analysis) || says_insufficient(analysis)) return;
  if (analysis.non_inferiority) return decide_non_inferiority(analysis, strongest);
  if (!strongest.evidence) {
    analysis.reason = std::string(analysis.assumes_independent_units ? "mann_whitney" : "cluster") +
                      " decides, and --only left it out";
    return;
  }
  const Settled found = settled(analysis.comparisons, [&](const Comparison& comparison) {
    return *comparison.evidence->q_value < analysis.alpha;
  });
  if (found.best || found.all_below) return name_winner(analysis, found, strongest);
  say_inconclusive(analysis, found, "");
}

void decide_days(const std::vector<DayArm>& arms, Analysis& analysis) {
  if (has_nothing_to_compare(analysis)) return;
  const Comparison& strongest = strongest_of(analysis.comparisons);
  rest_on(analysis, strongest);
  const bool may_be_futile = analysis.is_classic || analysis.days >= kFirstLook;
  for (std::size_t i = 1; i < analysis.p_best_dispersed.size() && may_be_futile; ++i) {
    if (analysis.p_best_dispersed[i] < kFutile) {
      analysis.futile_arms.push_back(analysis.arms[i].name);
    }
  }
  if (lacks_impressions(arms, analysis)) return;
  if (analysis.non_inferiority && strongest.evidence) {
    return decide_non_inferiority(analysis, strongest);
  }
  if (analysis.is_classic) return decide_by_best(analysis);
  if (analysis.days < kFirstLook) {
    conclude(
        analysis, Decision::kInsufficientData,
        "there are " + std::to_string(analysis.days) + " days, and the first look is on day 7");
    return;
  }
  if (lacks_events(arms, analysis)) return;
  if (!strongest.evidence) {
    const auto& reasons = strongest.not_computed;
    const auto why = std::find_if(reasons.begin(), reasons.end(),
                                  [](const auto& each) { return each.first == "day_sums"; });
    insufficient(analysis, "day_sums decides, and it could not be had" +
                               (why == reasons.end() ? "" : ": " + why->second));
    return;
  }
  const Settled found = settled(analysis.comparisons, [](const Comparison& comparison) {
    return *comparison.evidence->holm_p_value < *comparison.boundary;
  });
  if (found.best || found.all_below) return name_winner(analysis, found, strongest);
  if (analysis.futile_arms.size() == analysis.comparisons.size()) {
    conclude(analysis, Decision::kFutile,
             "no variant has a chance of 5 % to be the best, and none is settled to be worse: " +
                 quoted(strongest.arm) + " has " + averages(analysis, strongest, true) + " of " +
                 quoted(analysis.control) + " (" + evidence(analysis, strongest) + ")");
    return;
  }
  const std::int64_t next = analysis.days_used == kFirstLook ? kSecondLook : kLastLook;
  const bool has_next = analysis.days_used < next && next <= analysis.planned_days;
  say_inconclusive(analysis, found,
                   has_next ? "; the next look is on day " + std::to_string(next) : "");
}

double detectable_effect(const stats::MannWhitney& test, double alpha) {
  const double deviations = -stats::normal_quantile(alpha / 2) - stats::normal_quantile(0.2);
  return std::min(1.0, 2 * deviations * test.null_deviation);
}

}  // namespace adgenome::experiments
