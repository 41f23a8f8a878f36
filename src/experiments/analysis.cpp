#include <cmath>
#include <cstddef>

#include "arms.hpp"
#include "decision.hpp"
#include "looks.hpp"

namespace adgenome::experiments {
namespace {

constexpr double kWorthMentioning = 1.05;  // a design effect over it makes tests of units naive

ArmSummary summary_of(const Arm& arm) {
  const stats::Moments moments = stats::moments(arm.sample);
  ArmSummary summary{.name = arm.name,
                     .n = static_cast<double>(arm.sample.size),
                     .mean = {},
                     .sum = moments.sum,
                     .clusters = static_cast<std::int64_t>(arm.clusters.size())};
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
    const Arm& control_arm = arms_[0];
    const Arm& variant_arm = arms_[variant];
    const stats::Sample& c = control_arm.sample;
    const stats::Sample& v = variant_arm.sample;
    result.arm = variant_arm.name;
    result.n_control = static_cast<double>(c.size);
    result.n_variant = static_cast<double>(v.size);
    if (c.size == 0 || v.size == 0) {
      const std::string& empty = c.size == 0 ? control_arm.name : result.arm;
      for (const char* part :
           {"mann_whitney", "brunner_munzel", "cliffs_delta", "proportions", "means", "bayes",
            "cluster", "sequential", "multiple", "effect_size", "mde_80"}) {
        result.not_computed.emplace_back(part, "arm \"" + empty + "\" has no values");
      }
      return result;
    }
    const auto asked = [&](bool is_asked, const std::string& part) {
      if (!is_asked) result.not_computed.emplace_back(part, kNotAsked);
      return is_asked;
    };
    rank_tests(c, v, asked, result);
    values(control_arm, variant_arm, asked, result);
    if (asked(options_.parts.bayes, "bayes")) bayes(variant, result);
    if (asked(options_.parts.cluster, "cluster")) clusters(control_arm, variant_arm, result);
    if (asked(options_.parts.sequential, "sequential")) {
      look_at(control_arm, variant_arm, binary_, options_, result);
    }
    if (options_.non_inferiority) {
      test_non_inferiority(control_arm, variant_arm, binary_, options_, result);
    }
    judge(control_arm, variant_arm, result);
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
    compute_best(known, analysis);
  }

 private:
  template <class Asked>
  void rank_tests(const stats::Sample& c, const stats::Sample& v, const Asked& asked,
                  Comparison& result) const {
    if (asked(options_.parts.mann_whitney, "mann_whitney")) {
      result.mann_whitney = stats::mann_whitney(c, v, options_.method);
      const stats::MannWhitney& test = *result.mann_whitney;
      if (!(test.null_deviation > 0)) {
        result.not_computed.emplace_back("mann_whitney.z", "all values are equal");
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
  void values(const Arm& control, const Arm& variant, const Asked& asked,
              Comparison& result) const {
    const stats::Sample& c = control.sample;
    const stats::Sample& v = variant.sample;
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
    if (!asked(options_.parts.means, "means")) return;
    result.is_adjusted = control.covariate && variant.covariate;
    if (binary_ && !result.is_adjusted) {
      result.not_computed.emplace_back("means", "all values are 0 or 1: see proportions");
      return;
    }
    result.means = result.is_adjusted
                       ? stats::compare_adjusted_means(*control.covariate, *variant.covariate,
                                                       1 - options_.alpha)
                       : stats::compare_means(c, v, 1 - options_.alpha);
    if (!result.means->t) {
      result.not_computed.emplace_back(
          "means.t", c.size < 2 || v.size < 2 ? "needs two values an arm" : "no arm varies");
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

  void clusters(const Arm& control, const Arm& variant, Comparison& result) const {
    if (control.clusters.empty()) {
      result.not_computed.emplace_back("cluster", "the rows have no cluster");
      return;
    }
    result.cluster = stats::compare_clusters(control.clusters, variant.clusters, 1 - options_.alpha,
                                             options_.seed);
    result.is_naive =
        result.cluster->design_effect && *result.cluster->design_effect > kWorthMentioning;
    if (!result.cluster->icc) {
      result.not_computed.emplace_back("cluster.icc",
                                       "needs clusters of several values, and values that vary");
    }
    if (!result.cluster->interval) {
      result.not_computed.emplace_back("cluster.interval",
                                       "needs two clusters an arm, and means that vary");
    }
  }

  /// What the comparison is judged by.
  void judge(const Arm& control, const Arm& variant, Comparison& result) const {
    const bool by_cluster = !control.clusters.empty() && !options_.is_classic;
    if (options_.non_inferiority) {
      if (result.non_inferiority) {
        const double p = result.non_inferiority->p_value;
        result.evidence = Evidence{.test = "non_inferiority",
                                   .p_value = p,
                                   .log_p_value = std::log(std::max(p, 1e-300)),
                                   .effect = result.non_inferiority->ratio};
        result.effect_size = result.non_inferiority->ratio;
      }
    } else if (by_cluster && result.cluster) {
      const stats::ClusterTest& test = *result.cluster;
      result.evidence = Evidence{.test = "cluster",
                                 .p_value = test.p_value,
                                 .log_p_value = std::log(test.p_value),
                                 .effect = test.difference,
                                 .value_control = test.mean_control,
                                 .value_variant = test.mean_variant};
      if (test.error) {
        result.mde_80 = (-stats::student_t_quantile(options_.alpha / 2, *test.df) -
                         stats::student_t_quantile(0.2, *test.df)) *
                        *test.error;
      } else {
        result.not_computed.emplace_back("mde_80",
                                         "needs two clusters an arm, and means that vary");
      }
    } else if (!by_cluster && result.mann_whitney) {
      const stats::MannWhitney& test = *result.mann_whitney;
      result.evidence = Evidence{.test = "mann_whitney",
                                 .p_value = test.p_value,
                                 .log_p_value = test.log_p_value,
                                 .effect = test.rank_biserial,
                                 .value_control = stats::moments(control.sample).mean,
                                 .value_variant = stats::moments(variant.sample).mean};
      if (test.null_deviation > 0) {
        result.mde_80 = detectable_effect(test, options_.alpha);
      } else {
        result.not_computed.emplace_back("mde_80", "all values are equal");
      }
    } else {
      for (const char* part : {"multiple", "effect_size", "mde_80"}) {
        result.not_computed.emplace_back(part, kNotAsked);
      }
      return;
    }
    if (!result.evidence) return;
    if (!options_.non_inferiority) result.effect_size = result.evidence->effect;
    if (result.is_peeking && !options_.is_classic && !options_.non_inferiority) {
      // A later look: only the test that may be looked at continuously holds.
      const double p = result.sequential ? result.sequential->p_value : 1;
      result.evidence->test = "sequential";
      result.evidence->p_value = p;
      result.evidence->log_p_value = std::log(std::max(p, 1e-300));
    }
  }

  const std::vector<Arm>& arms_;
  const AnalysisOptions& options_;
  std::vector<std::optional<stats::Posterior>> posteriors_;
  bool binary_ = false;
};

constexpr const char* kWithinStrata = "the arms are compared within strata only";

/// One-sided, of ratios to the control's mean.
std::optional<stats::NonInferiority> non_inferior_within(const stats::ClusterTest& test,
                                                         const AnalysisOptions& options) {
  if (!test.error || !(test.mean_control > 0)) return std::nullopt;
  const double control = test.mean_control;
  const double away = test.difference + (1 - *options.non_inferiority) * control;
  const double half =
      -stats::student_t_quantile(1 - options.non_inferiority_confidence, *test.df) * *test.error;
  return stats::NonInferiority{
      .ratio = test.mean_variant / control,
      .interval = stats::Interval{.lower = (test.mean_variant - half) / control,
                                  .upper = (test.mean_variant + half) / control},
      .p_value = stats::student_t_sf(away / *test.error, *test.df)};
}

Comparison compare_matched(const MatchedArms& match, std::int64_t least,
                           const AnalysisOptions& options) {
  Comparison result;
  result.arm = match.variant;
  for (const stats::ClusterStratum& stratum : match.strata) {
    for (const stats::Cluster& cluster : stratum.control) {
      result.n_control += static_cast<double>(cluster.size);
    }
    for (const stats::Cluster& cluster : stratum.variant) {
      result.n_variant += static_cast<double>(cluster.size);
    }
  }
  for (const char* part : {"mann_whitney", "brunner_munzel", "cliffs_delta", "proportions", "means",
                           "bayes", "sequential"}) {
    result.not_computed.emplace_back(part, kWithinStrata);
  }
  const auto leave_out = [&](const std::string& reason) {
    for (const char* part : {"multiple", "effect_size", "mde_80"}) {
      result.not_computed.emplace_back(part, reason);
    }
    return result;
  };
  if (match.strata.empty()) {
    result.not_computed.emplace_back("cluster", "the two share no stratum");
    return leave_out("the two share no stratum");
  }
  result.cluster = stats::compare_clusters_within(match.strata, 1 - options.alpha, options.seed);
  const stats::ClusterTest& test = *result.cluster;
  if (options.non_inferiority) result.non_inferiority = non_inferior_within(test, options);
  if (std::min(result.n_control, result.n_variant) < static_cast<double>(least)) {
    return leave_out("under " + std::to_string(least) + " a side are shared");
  }
  if (options.non_inferiority && !result.non_inferiority) {
    return leave_out("needs means that vary above 0");
  }
  const bool is_of_ratio = result.non_inferiority.has_value();
  const double p = is_of_ratio ? result.non_inferiority->p_value : test.p_value;
  result.effect_size = is_of_ratio ? result.non_inferiority->ratio : test.difference;
  result.evidence = Evidence{.test = is_of_ratio ? "non_inferiority" : "cluster",
                             .p_value = p,
                             .log_p_value = std::log(std::max(p, 1e-300)),
                             .effect = *result.effect_size,
                             .value_control = test.mean_control,
                             .value_variant = test.mean_variant};
  if (test.error) {
    result.mde_80 = (-stats::student_t_quantile(options.alpha / 2, *test.df) -
                     stats::student_t_quantile(0.2, *test.df)) *
                    *test.error;
  } else {
    result.not_computed.emplace_back("mde_80", "needs means that vary");
  }
  return result;
}

/// On assigned units: runs where there are some, else values.
void check_split(const std::vector<Arm>& arms, const AnalysisOptions& options, Analysis& analysis) {
  const bool is_clustered = !arms.front().clusters.empty();
  double delivered = 0;
  for (const Arm& arm : arms) delivered += static_cast<double>(arm.sample.size);
  if (is_clustered && delivered > 0) {
    for (const Arm& arm : arms) {
      analysis.delivery.push_back(static_cast<double>(arm.sample.size) / delivered);
    }
  }
  if (!options.split || arms.size() < 2) return;
  std::vector<std::int64_t> observed;
  for (const Arm& arm : arms) {
    const auto assigned = options.assigned.find(arm.name);
    observed.push_back(assigned != options.assigned.end() ? assigned->second
                       : is_clustered ? static_cast<std::int64_t>(arm.clusters.size())
                                      : arm.sample.size);
  }
  analysis.sample_ratio = sample_ratio(observed, *options.split, options.srm_min_deviation);
}

}  // namespace

Analysis analyze(std::vector<Arm> arms, const AnalysisOptions& options) {
  Analysis analysis = begin_analysis(options);
  analysis.min_sample = options.min_sample.value_or(20);
  if (!arms.empty()) {
    put_control_first(arms, options.control);
    const Comparer comparer(arms, options);
    for (std::size_t i = 0; i < arms.size(); ++i) {
      analysis.arms.push_back(summary_of(arms[i]));
      if (i > 0) analysis.comparisons.push_back(comparer.compare(i));
    }
    comparer.best(analysis);
    check_split(arms, options, analysis);
    adjust_for_several(analysis.comparisons);
    analysis.assumes_independent_units =
        (arms.front().clusters.empty() && !options.has_runs) || options.is_classic;
  } else {
    analysis.not_computed.emplace_back("bayes", "there are no rows");
  }
  decide(analysis);
  return analysis;
}

Analysis analyze_matched(std::vector<Arm> arms, const std::vector<MatchedArms>& matches,
                         const AnalysisOptions& options) {
  Analysis analysis = begin_analysis(options);
  analysis.is_matched = true;
  analysis.assumes_independent_units = options.is_classic;
  analysis.min_sample = options.min_sample.value_or(20);
  analysis.not_computed.emplace_back("bayes", kWithinStrata);
  if (!arms.empty()) put_control_first(arms, options.control);
  for (const Arm& arm : arms) analysis.arms.push_back(summary_of(arm));
  for (const MatchedArms& match : matches) {
    analysis.comparisons.push_back(compare_matched(match, analysis.min_sample, options));
  }
  adjust_for_several(analysis.comparisons);
  decide(analysis);
  return analysis;
}

}  // namespace adgenome::experiments
