#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <algorithm>

namespace adgenome::experiments {

/// The control first, the variants by name: the order of the rows does not matter.
template <class AnyArm>
void put_control_first(std::vector<AnyArm>& arms, const std::string& control) {
  std::sort(arms.begin(), arms.end(),
            [](const AnyArm& a, const AnyArm& b) { return a.name < b.name; });
  const auto found = std::find_if(arms.begin(), arms.end(),
                                  [&](const AnyArm& arm) { return arm.name == control; });
  if (found == arms.end()) {
    constexpr std::size_t kShown = 5;
    std::vector<std::string> names;
    for (const AnyArm& arm : arms) names.push_back(arm.name);
    const auto near = core::nearest(control, names);
    const bool is_cut = names.size() > kShown;
    if (is_cut) names.resize(kShown);
    throw core::InvalidInput("no arm \"" + control + "\" to compare with",
                             near ? "did you mean --control " + *near + "?"
                                  : "--control names it; the arms are " + core::join(names, ", ") +
                                        (is_cut ? ", ..." : ""));
  }
  std::rotate(arms.begin(), found, found + 1);
}

/// What an analysis has whatever it is of.
inline Analysis begin_analysis(const AnalysisOptions& options) {
  Analysis analysis;
  analysis.is_classic = options.is_classic;
  analysis.control = options.control;
  analysis.alpha = options.alpha;
  analysis.look = options.look;
  analysis.seed = options.seed;
  analysis.draws = options.monte_carlo;
  analysis.metric = options.metric;
  analysis.planned_days = options.planned_days;
  analysis.non_inferiority = options.non_inferiority;
  analysis.non_inferiority_level = 1 - options.non_inferiority_confidence;
  return analysis;
}

inline constexpr const char* kNotAsked = "not asked for (--only)";

/// P(best) of all arms by quadrature, and by drawing where that was asked for.
void compute_best(const std::vector<stats::Posterior>& posteriors, Analysis& analysis);

/// The p-values of all comparisons, adjusted for their number.
void adjust_for_several(std::vector<Comparison>& comparisons);

/// The q-values anew, over arms and metrics.
void adjust_over_metrics(Analysis& analysis);

}  // namespace adgenome::experiments
