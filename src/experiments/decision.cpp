#include "decision.hpp"

#include <algorithm>
#include <cstdio>

namespace adgenome::experiments {
namespace {

/// For a sentence: three significant digits.
std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string quoted(const std::string& name) {
  return "\"" + name + "\"";
}

const ArmSummary& arm_of(const Analysis& analysis, const Comparison& comparison) {
  return *std::find_if(analysis.arms.begin(), analysis.arms.end(),
                       [&](const ArmSummary& arm) { return arm.name == comparison.arm; });
}

/// "0.62 on average against 0.48"
std::string averages(const ArmSummary& better, const ArmSummary& worse) {
  return short_number(*better.mean) + " on average against " + short_number(*worse.mean);
}

std::string evidence(const Analysis& analysis, const Comparison& comparison) {
  const bool is_single = analysis.comparisons.size() == 1;
  const std::string name = is_single ? "p" : "q";
  return *comparison.q_value > 0 ? name + " = " + short_number(*comparison.q_value)
                                 : name + " below 1e-300";
}

void rest_on(Analysis& analysis, const Comparison& comparison) {
  analysis.effect_size = comparison.effect_size;
  analysis.mde_80 = comparison.mde_80;
}

bool says_insufficient(Analysis& analysis) {
  const auto insufficient = [&](std::string reason) {
    analysis.decision = Decision::kInsufficientData;
    analysis.reason = std::move(reason);
    return true;
  };
  if (analysis.arms.empty()) return insufficient("there are no rows");
  if (analysis.comparisons.empty()) {
    return insufficient("there is only the arm " + quoted(analysis.control) +
                        ": nothing to compare it with");
  }
  const auto smallest =
      std::min_element(analysis.arms.begin(), analysis.arms.end(),
                       [](const ArmSummary& a, const ArmSummary& b) { return a.n < b.n; });
  if (smallest->n >= analysis.min_sample) return false;
  return insufficient("arm " + quoted(smallest->name) + " has " + std::to_string(smallest->n) +
                      (smallest->n == 1 ? " value" : " values") + ", and " +
                      std::to_string(analysis.min_sample) + " an arm are needed");
}

}  // namespace

void decide(Analysis& analysis) {
  const std::vector<Comparison>& comparisons = analysis.comparisons;
  // The strongest evidence first; among equals the larger effect, then the name.
  const auto strongest = std::min_element(
      comparisons.begin(), comparisons.end(), [](const Comparison& a, const Comparison& b) {
        return a.mann_whitney && b.mann_whitney &&
               a.mann_whitney->log_p_value < b.mann_whitney->log_p_value;
      });
  if (strongest != comparisons.end()) rest_on(analysis, *strongest);
  if (says_insufficient(analysis)) return;
  if (!strongest->mann_whitney) {
    analysis.reason = "mann_whitney decides, and --only left it out";
    return;
  }

  const auto is_settled = [&](const Comparison& c) { return *c.q_value < analysis.alpha; };
  const Comparison* best = nullptr;
  bool all_below = true;
  for (const Comparison& comparison : comparisons) {
    const bool is_above = is_settled(comparison) && *comparison.effect_size > 0;
    all_below = all_below && is_settled(comparison) && *comparison.effect_size < 0;
    if (is_above && (!best || *comparison.effect_size > *best->effect_size)) best = &comparison;
  }
  const ArmSummary& control = analysis.arms.front();
  if (best) {
    rest_on(analysis, *best);
    analysis.decision = Decision::kWinner;
    analysis.winner = best->arm;
    analysis.reason = quoted(best->arm) + " does better than " + quoted(control.name) + ": " +
                      averages(arm_of(analysis, *best), control) + " (" +
                      evidence(analysis, *best) + ")";
  } else if (all_below) {
    analysis.decision = Decision::kWinner;
    analysis.winner = control.name;
    analysis.reason = quoted(control.name) + " does better than " +
                      (comparisons.size() == 1 ? quoted(strongest->arm) : "every variant") + ": " +
                      averages(control, arm_of(analysis, *strongest)) + " (" +
                      evidence(analysis, *strongest) + ")";
  } else {
    analysis.decision = Decision::kInconclusive;
    analysis.reason = "no difference is settled at " + short_number(analysis.alpha) + ": " +
                      quoted(strongest->arm) + " has " +
                      averages(arm_of(analysis, *strongest), control) + " of " +
                      quoted(control.name) + " (" + evidence(analysis, *strongest) + ")";
  }
}

double detectable_effect(const stats::MannWhitney& test, double alpha) {
  const double deviations = -stats::normal_quantile(alpha / 2) - stats::normal_quantile(0.2);
  return std::min(1.0, 2 * deviations * test.null_deviation);
}

}  // namespace adgenome::experiments
