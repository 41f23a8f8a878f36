#include <adgenome/core/random.hpp>
#include <adgenome/stats/sequential.hpp>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include "arms.hpp"
#include "decision.hpp"

namespace adgenome::experiments {
namespace {

constexpr double kMinImpressions = 1000;
constexpr double kNaiveDispersion = 1.05;
constexpr std::size_t kClassicDays = 14;

constexpr std::array<std::size_t, 3> kLooks = {7, 10, 14};
/// Two-sided nominal levels at 0.05 overall, as obrien_fleming_levels gives them.
constexpr std::array<double, 3> kLevels = {0.00557, 0.01842, 0.0422};

/// The last look that these days reach.
std::optional<std::size_t> look_of(std::size_t days) {
  std::optional<std::size_t> look;
  for (std::size_t i = 0; i < kLooks.size(); ++i) {
    if (days >= kLooks[i]) look = i;
  }
  return look;
}

double level_at(std::size_t look, double alpha) {
  if (alpha == 0.05) return kLevels[look];
  const double last = static_cast<double>(kLooks.back());
  const std::array<double, 3> shares = {static_cast<double>(kLooks[0]) / last,
                                        static_cast<double>(kLooks[1]) / last, 1};
  return stats::obrien_fleming_levels(alpha, shares)[look];
}

stats::DayModel model_of(Metric metric) {
  switch (metric) {
    case Metric::kLinkCtr:
    case Metric::kConversionRate:
      return stats::DayModel::kShare;
    case Metric::kCpa:
    case Metric::kClicksPerSpend:
      return stats::DayModel::kCount;
    case Metric::kRoas:
      break;
  }
  return stats::DayModel::kAmount;
}

stats::DayTotals total_of(const std::vector<stats::DayTotals>& days) {
  stats::DayTotals total;
  for (const stats::DayTotals& day : days) {
    total.numerator += day.numerator;
    total.denominator += day.denominator;
  }
  return total;
}

bool is_whole(double value) {
  return value == std::floor(value) && value < 0x1p53;
}

/// Clicks of impressions as they are: Beta(1, 1) and the totals. Else a normal of the ratio.
std::optional<stats::Posterior> posterior_of(const DayArm& arm, stats::DayModel model) {
  const stats::DayTotals total = total_of(arm.days);
  if (!(total.denominator > 0)) return std::nullopt;
  if (model == stats::DayModel::kShare) {
    return stats::Posterior::beta(total.numerator + 1, total.denominator - total.numerator + 1);
  }
  const auto ratio = stats::ratio_over_days(arm.days);
  if (!ratio || !(ratio->error > 0)) return std::nullopt;
  return stats::Posterior::normal(ratio->ratio, ratio->error);
}

void cut(std::vector<double>& values, std::size_t days) {
  if (values.size() > days) values.resize(days);
}

class DayComparer {
 public:
  DayComparer(const std::vector<DayArm>& arms, const AnalysisOptions& options,
              std::optional<std::size_t> look)
      : arms_(arms), options_(options), look_(look), model_(model_of(options.metric)) {}

  Comparison compare(const DayArm& variant) const {
    Comparison result;
    result.arm = variant.name;
    const stats::DayTotals c = total_of(arms_.front().days);
    const stats::DayTotals v = total_of(variant.days);
    result.n_control = c.denominator;
    result.n_variant = v.denominator;
    for (const char* part :
         {"mann_whitney", "brunner_munzel", "cliffs_delta", "means", "cluster", "sequential"}) {
      result.not_computed.emplace_back(part, "of days only sums are known");
    }
    compare_days(variant, c, v, result);
    if (c.denominator > 0 && v.denominator > 0) compare_totals(variant, c, v, result);
    judge(c, v, result);
    return result;
  }

 private:
  void compare_days(const DayArm& variant, const stats::DayTotals& c, const stats::DayTotals& v,
                    Comparison& result) const {
    const auto leave_out = [&](std::string reason) {
      result.not_computed.emplace_back("day_sums", std::move(reason));
    };
    if (!look_ && !options_.is_classic) return leave_out("the first look is at day 7");
    if (!(c.denominator > 0 && v.denominator > 0)) return leave_out("an arm has no delivery");
    result.day_sums = stats::compare_days(arms_.front().days, variant.days, model_);
    if (!result.day_sums) {
      return leave_out(model_ == stats::DayModel::kAmount
                           ? "needs amounts that vary over two days an arm"
                           : "needs two days with delivery an arm");
    }
    if (look_) result.boundary = level_at(*look_, options_.alpha);
    result.is_naive = result.day_sums->phi && *result.day_sums->phi > kNaiveDispersion;
  }

  void compare_totals(const DayArm& variant, const stats::DayTotals& c, const stats::DayTotals& v,
                      Comparison& result) const {
    const bool is_counted = model_ == stats::DayModel::kShare && is_whole(c.numerator) &&
                            is_whole(v.numerator) && is_whole(c.denominator) &&
                            is_whole(v.denominator);
    if (is_counted && options_.parts.proportions) {
      const auto of = [](const stats::DayTotals& arm) {
        return stats::Successes{.successes = static_cast<std::int64_t>(arm.numerator),
                                .trials = static_cast<std::int64_t>(arm.denominator)};
      };
      result.proportions = stats::compare_proportions(of(c), of(v), 1 - options_.alpha);
    } else {
      result.not_computed.emplace_back("proportions", options_.parts.proportions
                                                          ? "the metric is no share of trials"
                                                          : kNotAsked);
    }
    const auto control = posterior_of(arms_.front(), model_);
    const auto posterior = posterior_of(variant, model_);
    if (!options_.parts.bayes || !control || !posterior) {
      result.not_computed.emplace_back(
          "bayes", options_.parts.bayes ? "an arm does not vary over its days" : kNotAsked);
      return;
    }
    result.bayes = PairPosterior{.p_better = stats::probability_greater(*posterior, *control),
                                 .lift_interval = stats::lift_interval(*control, *posterior)};
  }

  void judge(const stats::DayTotals& c, const stats::DayTotals& v, Comparison& result) const {
    if (options_.non_inferiority && result.day_sums) {
      const stats::DaySums& sums = *result.day_sums;
      const double away = sums.log_ratio - std::log(*options_.non_inferiority);
      const double half =
          -stats::student_t_quantile(1 - options_.non_inferiority_confidence, sums.df) * sums.error;
      result.non_inferiority = stats::NonInferiority{
          .ratio = std::exp(sums.log_ratio),
          .interval = stats::Interval{.lower = std::exp(sums.log_ratio - half),
                                      .upper = std::exp(sums.log_ratio + half)},
          .p_value = stats::student_t_sf(away / sums.error, sums.df)};
    }
    if (!result.day_sums) {
      for (const char* part : {"multiple", "effect_size", "mde_80"}) {
        result.not_computed.emplace_back(part, "there are no day_sums");
      }
      return;
    }
    const stats::DaySums& sums = *result.day_sums;
    const double p = result.non_inferiority ? result.non_inferiority->p_value : sums.p_value;
    result.evidence = Evidence{.test = result.non_inferiority ? "non_inferiority" : "day_sums",
                               .p_value = p,
                               .log_p_value = std::log(std::max(p, 1e-300)),
                               .effect = sums.log_ratio,
                               .value_control = c.numerator / c.denominator,
                               .value_variant = v.numerator / v.denominator};
    result.effect_size = sums.log_ratio;
    const double level = result.boundary.value_or(options_.alpha);
    result.mde_80 =
        (-stats::student_t_quantile(level / 2, sums.df) - stats::student_t_quantile(0.2, sums.df)) *
        sums.error;
    if (options_.effect_variance) {
      const double spread = *options_.effect_variance;
      result.effect_shrunk = sums.log_ratio * spread / (spread + sums.error * sums.error);
    } else {
      result.not_computed.emplace_back("effect_shrunk", "needs five past experiments of the brand");
    }
  }

  const std::vector<DayArm>& arms_;
  const AnalysisOptions& options_;
  std::optional<std::size_t> look_;
  stats::DayModel model_;
};

/// P(best) of counts as many as they are worth, after the greatest dispersion of a comparison.
std::vector<double> best_of_dispersed(const std::vector<DayArm>& arms, Metric metric,
                                      const Analysis& analysis) {
  double phi = 1;
  for (const Comparison& comparison : analysis.comparisons) {
    if (comparison.day_sums) phi = std::max(phi, comparison.day_sums->phi.value_or(1));
  }
  if (model_of(metric) != stats::DayModel::kShare || phi == 1) return analysis.p_best;
  std::vector<stats::Posterior> worth;
  for (const DayArm& arm : arms) {
    const stats::DayTotals total = total_of(arm.days);
    worth.push_back(
        stats::Posterior::beta(std::round(total.numerator / phi) + 1,
                               std::round((total.denominator - total.numerator) / phi) + 1));
  }
  return stats::best_arm(worth).p_best;
}

void compute_best_of_days(const std::vector<DayArm>& arms, const AnalysisOptions& options,
                          Analysis& analysis) {
  const auto leave_out = [&](std::string reason) {
    analysis.not_computed.emplace_back("bayes", std::move(reason));
  };
  if (arms.size() < 2) return leave_out("there is only one arm");
  if (!options.parts.bayes) return leave_out(kNotAsked);
  std::vector<stats::Posterior> known;
  for (const DayArm& arm : arms) {
    const auto posterior = posterior_of(arm, model_of(options.metric));
    if (!posterior) return leave_out("arm \"" + arm.name + "\" does not vary over its days");
    known.push_back(*posterior);
  }
  compute_best(known, analysis);
  analysis.p_best_dispersed =
      options.is_classic ? analysis.p_best : best_of_dispersed(arms, options.metric, analysis);
}

/// All but the decision. The arms are put in order and cut to the days that count.
Analysis compare_arms(std::vector<DayArm>& arms, const AnalysisOptions& options) {
  Analysis analysis = begin_analysis(options);
  analysis.is_of_days = true;
  analysis.assumes_independent_units = false;
  analysis.min_sample = options.min_sample.value_or(static_cast<std::int64_t>(kMinImpressions));
  if (arms.empty()) {
    analysis.not_computed.emplace_back("bayes", "there are no rows");
    return analysis;
  }
  put_control_first(arms, options.control);
  const std::size_t days = arms.front().days.size();
  const auto look = look_of(days);
  const std::size_t used =
      options.is_classic ? std::min(days, kClassicDays) : (look ? kLooks[*look] : days);
  for (DayArm& arm : arms) {
    arm.days.resize(used);
    cut(arm.impressions, used);
    cut(arm.events, used);
    // What was had for nothing is of no day that is compared.
    for (std::size_t day = 0; day < used; ++day) {
      if (arm.days[day].denominator > 0) continue;
      arm.days[day].numerator = 0;
      if (day < arm.events.size()) arm.events[day] = 0;
    }
  }
  analysis.days = static_cast<std::int64_t>(days);
  analysis.days_used = static_cast<std::int64_t>(used);

  const DayComparer comparer(arms, options, look);
  double delivered = 0;
  for (const DayArm& arm : arms) {
    const stats::DayTotals total = total_of(arm.days);
    ArmSummary summary{
        .name = arm.name, .n = total.denominator, .mean = {}, .sum = total.numerator};
    if (total.denominator > 0) summary.mean = total.numerator / total.denominator;
    delivered += total.denominator;
    if (&arm != &arms.front()) analysis.comparisons.push_back(comparer.compare(arm));
    analysis.arms.push_back(std::move(summary));
  }
  for (const ArmSummary& arm : analysis.arms) {
    if (delivered > 0) analysis.delivery.push_back(arm.n / delivered);
  }
  compute_best_of_days(arms, options, analysis);
  adjust_for_several(analysis.comparisons);
  return analysis;
}

}  // namespace

std::string_view name_of(Metric metric) {
  switch (metric) {
    case Metric::kLinkCtr:
      return "link_ctr";
    case Metric::kConversionRate:
      return "conversion_rate";
    case Metric::kCpa:
      return "cpa";
    case Metric::kClicksPerSpend:
      return "clicks_per_spend";
    case Metric::kRoas:
      break;
  }
  return "roas";
}

Metric metric_named(std::string_view name) {
  for (const Metric metric : {Metric::kLinkCtr, Metric::kConversionRate, Metric::kCpa,
                              Metric::kRoas, Metric::kClicksPerSpend}) {
    if (name == name_of(metric)) return metric;
  }
  throw core::InvalidInput("there is no metric \"" + std::string(name) + "\"");
}

Metric per_spend(Metric metric) {
  switch (metric) {
    case Metric::kLinkCtr:
      return Metric::kClicksPerSpend;
    case Metric::kConversionRate:
      return Metric::kCpa;
    case Metric::kCpa:
    case Metric::kRoas:
    case Metric::kClicksPerSpend:
      break;
  }
  return metric;
}

Analysis analyze_days(std::vector<DayArm> arms, const AnalysisOptions& options) {
  Analysis analysis = compare_arms(arms, options);
  if (options.is_classic && arms.size() > 1) {
    double delivered = 0;
    for (const ArmSummary& arm : analysis.arms) delivered += arm.n;
    const double daily =
        delivered / static_cast<double>(arms.size()) / static_cast<double>(analysis.days_used);
    if (delivered > 0) {
      analysis.expected_false_winner_rate = false_winner_rate(
          arms.size(), daily, static_cast<double>(analysis.min_sample), options.seed);
    }
  }
  decide_days(arms, analysis);
  return analysis;
}

Analysis analyze_metrics(std::vector<MetricArms> metrics, const AnalysisOptions& options) {
  AnalysisOptions own = options;
  own.metric = metrics.front().metric;
  Analysis analysis = analyze_days(std::move(metrics.front().arms), own);
  own.non_inferiority.reset();
  own.effect_variance.reset();  // that of the past is of the metric that decides
  for (std::size_t i = 1; i < metrics.size(); ++i) {
    own.metric = metrics[i].metric;
    analysis.secondary.push_back(compare_arms(metrics[i].arms, own));
  }
  if (!options.non_inferiority) adjust_over_metrics(analysis);
  return analysis;
}

double false_winner_rate(std::size_t arms, double daily_units, double min_units,
                         std::uint64_t seed) {
  constexpr int kRepetitions = 4000;
  constexpr int kNodes = 41;
  constexpr double kReach = 6;
  constexpr double kEnough = 0.90;
  core::RandomStream random(seed, "false_winners");
  // P(the highest of normals with one deviation is the largest), by the trapezoidal rule.
  const auto leads = [&](const std::vector<double>& sums, double deviation) {
    const auto best = std::max_element(sums.begin(), sums.end());
    double p = 0;
    for (int k = 0; k < kNodes; ++k) {
      const double u = kReach * (2.0 * k / (kNodes - 1) - 1);
      double inside = std::exp(-0.5 * u * u);
      for (auto other = sums.begin(); other != sums.end(); ++other) {
        if (other != best) inside *= stats::normal_cdf(u + (*best - *other) / deviation);
      }
      p += inside;
    }
    return p * 2 * kReach / (kNodes - 1) / std::sqrt(2 * std::numbers::pi) > kEnough;
  };
  int found = 0;
  std::vector<double> sums(arms);
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    std::fill(sums.begin(), sums.end(), 0);
    for (std::size_t day = 1; day <= kClassicDays; ++day) {
      for (double& sum : sums) sum += stats::normal_quantile(random.next_uniform());
      const auto passed = static_cast<double>(day);
      if (passed * daily_units < min_units || !leads(sums, std::sqrt(passed))) continue;
      ++found;
      break;
    }
  }
  return static_cast<double>(found) / kRepetitions;
}

}  // namespace adgenome::experiments
