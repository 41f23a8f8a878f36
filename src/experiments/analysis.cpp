#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/stats/multiple.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "decision.hpp"

namespace adgenome::experiments {
namespace {

/// The control first, the variants by name: the order of the rows does not matter.
void put_control_first(std::vector<Arm>& arms, const std::string& control) {
  std::sort(arms.begin(), arms.end(), [](const Arm& a, const Arm& b) { return a.name < b.name; });
  const auto found =
      std::find_if(arms.begin(), arms.end(), [&](const Arm& arm) { return arm.name == control; });
  if (found == arms.end()) {
    constexpr std::size_t kShown = 5;
    std::vector<std::string> names;
    for (const Arm& arm : arms) names.push_back(arm.name);
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

ArmSummary summary_of(const Arm& arm) {
  const stats::Moments moments = stats::moments(arm.sample);
  ArmSummary summary{.name = arm.name, .n = arm.sample.size, .mean = {}, .sum = moments.sum};
  if (arm.sample.size > 0) summary.mean = moments.mean;
  return summary;
}

stats::Successes successes_of(const stats::Sample& sample) {
  return {.successes = stats::successes(sample), .trials = sample.size};
}

/// What is believed of the arm's rate under a uniform prior, or of its mean under a flat one;
/// nothing where its values do not say how far they scatter.
std::optional<stats::Posterior> posterior_of(const stats::Sample& sample, bool binary) {
  if (binary) {
    const auto [successes, trials] = successes_of(sample);
    return stats::Posterior::beta(static_cast<double>(successes + 1),
                                  static_cast<double>(trials - successes + 1));
  }
  const stats::Moments moments = stats::moments(sample);
  const double variance_of_mean = moments.variance / static_cast<double>(sample.size);
  if (!(variance_of_mean > 0)) return std::nullopt;
  return stats::Posterior::normal(moments.mean, std::sqrt(variance_of_mean));
}

class Comparer {
 public:
  Comparer(const std::vector<Arm>& arms, const AnalysisOptions& options)
      : arms_(arms), options_(options) {
    binary_ = std::all_of(arms.begin(), arms.end(),
                          [](const Arm& arm) { return stats::is_binary(arm.sample); });
    for (const Arm& arm : arms) {
      posteriors_.push_back(arm.sample.size > 0 ? posterior_of(arm.sample, binary_) : std::nullopt);
    }
  }

  Comparison compare(std::size_t variant) const {
    Comparison result;
    const stats::Sample& c = arms_[0].sample;
    const stats::Sample& v = arms_[variant].sample;
    result.arm = arms_[variant].name;
    result.n_control = c.size;
    result.n_variant = v.size;
    if (c.size == 0 || v.size == 0) {
      const std::string& empty = c.size == 0 ? arms_[0].name : result.arm;
      for (const char* part : {"mann_whitney", "brunner_munzel", "cliffs_delta", "proportions",
                               "means", "bayes", "multiple", "effect_size", "mde_80"}) {
        result.not_computed.emplace_back(part, "arm \"" + empty + "\" has no values");
      }
      return result;
    }
    const auto asked = [&](bool is_asked, const std::string& part) {
      if (!is_asked) result.not_computed.emplace_back(part, kNotAsked);
      return is_asked;
    };
    rank_tests(c, v, asked, result);
    values(c, v, asked, result);
    if (asked(options_.parts.bayes, "bayes")) bayes(variant, result);
    return result;
  }

  /// P(best) of all arms together.
  void best(Analysis& analysis) const {
    const auto leave_out = [&](std::string reason) {
      analysis.not_computed.emplace_back("bayes", std::move(reason));
    };
    if (arms_.size() < 2) return leave_out("there is only one arm");
    if (!options_.parts.bayes) return leave_out(kNotAsked);
    std::vector<stats::Posterior> known;
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      if (!posteriors_[i]) {
        return leave_out("arm \"" + arms_[i].name + "\" " +
                         (arms_[i].sample.size == 0   ? "has no values"
                          : arms_[i].sample.size == 1 ? "has one value only"
                                                      : "does not vary"));
      }
      known.push_back(*posteriors_[i]);
    }
    stats::BestArm best = stats::best_arm(known);
    analysis.p_best = std::move(best.p_best);
    analysis.expected_loss = std::move(best.expected_loss);
  }

 private:
  static constexpr const char* kNotAsked = "not asked for (--only)";

  template <class Asked>
  void rank_tests(const stats::Sample& c, const stats::Sample& v, const Asked& asked,
                  Comparison& result) const {
    if (asked(options_.parts.mann_whitney, "mann_whitney")) {
      result.mann_whitney = stats::mann_whitney(c, v, options_.method);
      const stats::MannWhitney& test = *result.mann_whitney;
      result.effect_size = test.rank_biserial;
      if (test.null_deviation > 0) {
        result.mde_80 = detectable_effect(test, options_.alpha);
      } else {
        result.not_computed.emplace_back("mann_whitney.z", "all values are equal");
        result.not_computed.emplace_back("mde_80", "all values are equal");
      }
      const double pairs =
          static_cast<double>(c.values.size()) * static_cast<double>(v.values.size());
      if (pairs <= kMostShiftPairs || options_.parts.unlimited_hodges_lehmann) {
        result.shift = stats::hodges_lehmann(c, v, 1 - options_.alpha);
        if (!result.shift->interval) {
          result.not_computed.emplace_back("mann_whitney.hodges_lehmann_interval",
                                           "too few values for this confidence");
        }
      } else {
        result.not_computed.emplace_back(
            "mann_whitney.hodges_lehmann_shift",
            "more than 1000000 distinct pairs of values (--only hodges_lehmann)");
      }
    } else {
      for (const char* part : {"multiple", "effect_size", "mde_80"}) {
        result.not_computed.emplace_back(part, kNotAsked);
      }
    }
    if (asked(options_.parts.brunner_munzel, "brunner_munzel")) {
      result.brunner_munzel = stats::brunner_munzel(c, v);
      if (!result.brunner_munzel) {
        result.not_computed.emplace_back("brunner_munzel", "needs two values an arm");
      } else if (result.brunner_munzel->is_degenerate) {
        result.not_computed.emplace_back("brunner_munzel.statistic",
                                         result.brunner_munzel->p_value == 0
                                             ? "the arms do not overlap"
                                             : "all values are equal");
      }
    }
    if (asked(options_.parts.cliffs_delta, "cliffs_delta")) {
      // Cliff (1993): P(variant > control) - P(variant < control), which is the rank-biserial
      // correlation under another name.
      result.cliffs_delta =
          result.mann_whitney
              ? result.mann_whitney->rank_biserial
              : stats::mann_whitney(c, v, stats::RankMethod::kAsymptotic).rank_biserial;
    }
  }

  template <class Asked>
  void values(const stats::Sample& c, const stats::Sample& v, const Asked& asked,
              Comparison& result) const {
    if (asked(options_.parts.proportions, "proportions")) {
      if (binary_) {
        result.proportions =
            stats::compare_proportions(successes_of(c), successes_of(v), 1 - options_.alpha);
        if (!result.proportions->relative_lift) {
          result.not_computed.emplace_back("proportions.relative_lift",
                                           "the control has no success");
        }
        if (!result.proportions->z) {
          result.not_computed.emplace_back("proportions.z", "all values are equal");
        }
      } else {
        result.not_computed.emplace_back("proportions", "the values are not all 0 or 1");
      }
    }
    if (asked(options_.parts.means, "means")) {
      if (binary_) {
        result.not_computed.emplace_back("means", "all values are 0 or 1: see proportions");
      } else {
        result.means = stats::compare_means(c, v, 1 - options_.alpha);
        if (!result.means->t) {
          result.not_computed.emplace_back(
              "means.t", c.size < 2 || v.size < 2 ? "needs two values an arm" : "no arm varies");
        }
      }
    }
  }

  void bayes(std::size_t variant, Comparison& result) const {
    const auto& control = posteriors_[0];
    const auto& posterior = posteriors_[variant];
    if (!control || !posterior) {
      result.not_computed.emplace_back("bayes", "an arm does not vary or has one value only");
      return;
    }
    result.bayes = PairPosterior{.p_better = stats::probability_greater(*posterior, *control),
                                 .lift_interval = stats::lift_interval(*control, *posterior)};
    if (!result.bayes->lift_interval) {
      result.not_computed.emplace_back("bayes.lift_interval",
                                       "the control's mean is not clearly above 0");
    }
  }

  const std::vector<Arm>& arms_;
  const AnalysisOptions& options_;
  std::vector<std::optional<stats::Posterior>> posteriors_;
  bool binary_ = false;
};

/// Over the variants, as far as they were tested.
void adjust_for_several(std::vector<Comparison>& comparisons) {
  std::vector<double> p_values;
  for (const Comparison& comparison : comparisons) {
    if (comparison.mann_whitney) p_values.push_back(comparison.mann_whitney->p_value);
  }
  const std::vector<double> q_values = stats::benjamini_hochberg(p_values);
  const std::vector<double> holm = stats::holm(p_values);
  std::size_t i = 0;
  for (Comparison& comparison : comparisons) {
    if (!comparison.mann_whitney) continue;
    comparison.q_value = q_values[i];
    comparison.holm_p_value = holm[i];
    ++i;
  }
}

}  // namespace

Analysis analyze(std::vector<Arm> arms, const AnalysisOptions& options) {
  Analysis analysis;
  analysis.control = options.control;
  analysis.alpha = options.alpha;
  analysis.min_sample = options.min_sample;
  if (!arms.empty()) {
    put_control_first(arms, options.control);
    const Comparer comparer(arms, options);
    for (std::size_t i = 0; i < arms.size(); ++i) {
      analysis.arms.push_back(summary_of(arms[i]));
      if (i > 0) analysis.comparisons.push_back(comparer.compare(i));
    }
    comparer.best(analysis);
    adjust_for_several(analysis.comparisons);
  } else {
    analysis.not_computed.emplace_back("bayes", "there are no rows");
  }
  decide(analysis);
  return analysis;
}

}  // namespace adgenome::experiments
