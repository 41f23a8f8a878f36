#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/stats/clusters.hpp>
#include <adgenome/stats/day_sums.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/stats/posteriors.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <adgenome/stats/ratios.hpp>
#include <adgenome/stats/sample.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::experiments {

/// One arm and all of its values. Names are unique within an analysis.
struct Arm {
  std::string name;
  stats::Sample sample;
  /// The same values by what was made together; empty: every value is a unit of its own.
  std::vector<stats::Cluster> clusters = {};
  /// The same values with their covariate, where they have one.
  std::optional<stats::PairedMoments> covariate = {};
};

/// One arm by day. All arms of an analysis hold the same days, ascending; a day without delivery
/// has a denominator of 0.
struct DayArm {
  std::string name;
  std::vector<stats::DayTotals> days;
  /// Impressions of the days; empty where the denominators are what the minimum is about.
  std::vector<double> impressions = {};
  /// Purchases of the days behind amounts of money; empty where they are not known.
  std::vector<double> events = {};
};

/// What ads are compared by, always as numerator over denominator with more being better:
/// clicks of impressions, conversions of clicks, conversions for spend, value for spend, clicks for
/// spend.
enum class Metric { kLinkCtr, kConversionRate, kCpa, kRoas, kClicksPerSpend };
std::string_view name_of(Metric metric);
Metric metric_named(std::string_view name);
/// What the same money buys of what a metric counts: arms of equal budgets are compared by it. The
/// platform chooses who sees an ad and at what price, so that clicks of impressions can rise where
/// fewer clicks are had for the money.
Metric per_spend(Metric metric);

/// The arms by one of several metrics of the same ads.
struct MetricArms {
  Metric metric = Metric::kLinkCtr;
  std::vector<DayArm> arms;
};

/// Which parts of a comparison are computed.
struct Parts {
  bool mann_whitney = true;
  /// Also beyond kMostShiftPairs.
  bool unlimited_hodges_lehmann = false;
  bool brunner_munzel = true;
  bool cliffs_delta = true;
  bool proportions = true;
  bool means = true;
  bool bayes = true;
  bool cluster = true;
  bool sequential = true;
};

/// The Hodges-Lehmann shift costs many passes over both arms; up to so many distinct pairs of
/// values it is always there.
inline constexpr double kMostShiftPairs = 1e6;

/// What earlier looks at the same experiment left behind.
struct PastLook {
  double p_value = 1;  ///< running minimum
  stats::Interval interval;
  double tau2 = 0;
};

struct AnalysisOptions {
  std::string control = "control";
  bool is_classic = false;
  double alpha = 0.05;                          ///< of the decision; intervals cover 1 - alpha
  std::optional<std::int64_t> min_sample = {};  ///< an arm; not given: 20 units, 1,000 impressions
  stats::RankMethod method = stats::RankMethod::kAuto;
  Parts parts = {};
  Metric metric = Metric::kLinkCtr;
  std::optional<std::int64_t> planned_n = {};  ///< units an arm
  std::optional<double> baseline = {};         ///< rate that was planned with
  std::optional<double> split = {};            ///< share of all variants together
  /// Units that were given to each arm, where some of them have no value yet.
  std::map<std::string, std::int64_t> assigned = {};
  double srm_min_deviation = 0.01;  ///< of the share
  /// The share of the control that a variant must reach at least.
  std::optional<double> non_inferiority = {};
  double non_inferiority_confidence = 0.9;  ///< one-sided
  std::int64_t monte_carlo = 0;             ///< draws of a cross-check of P(best)
  std::uint64_t seed = 0;                   ///< of arrangements, draws and simulations
  /// Variance of the brand's past effects; not known: what was planned with.
  std::optional<double> effect_variance = {};
  /// Units are runs, also where none has a value yet.
  bool has_runs = false;
  std::int64_t planned_days = 14;  ///< of ads
  std::int64_t look = 1;
  std::map<std::string, PastLook> past = {};  ///< by arm
};

struct ArmSummary {
  std::string name;
  double n = 0;                ///< values; of days the sum of the denominators
  std::optional<double> mean;  ///< absent for an arm without values
  double sum = 0;
  std::int64_t clusters = 0;
};

struct PairPosterior {
  double p_better = 0;  ///< P(variant > control)
  /// 95 % credible, of variant / control - 1.
  std::optional<stats::Interval> lift_interval;
};

/// The test that may be looked at continuously, of the raw difference.
struct Sequential {
  double difference = 0;
  double variance = 0;
  double p_value = 1;  ///< running minimum over the looks
  double log_lambda = 0;
  stats::Interval interval;  ///< running intersection
  double tau2 = 0;
};

/// What a comparison is judged by.
struct Evidence {
  std::string_view test;  ///< mann_whitney, cluster, day_sums, sequential, non_inferiority
  double p_value = 1;
  double log_p_value = 0;  ///< orders what is below the least double
  double effect = 0;       ///< above 0 where the variant is better
  double value_control = 0;
  double value_variant = 0;
  std::optional<double> q_value = {};       ///< Benjamini-Hochberg over the variants and metrics
  std::optional<double> holm_p_value = {};  ///< Holm over the variants
};

/// One variant against the control. What is absent stands in `not_computed`, with why.
struct Comparison {
  std::string arm;
  double n_control = 0;
  double n_variant = 0;
  std::optional<stats::MannWhitney> mann_whitney;
  std::optional<stats::Shift> shift;
  std::optional<stats::BrunnerMunzel> brunner_munzel;
  std::optional<double> cliffs_delta;
  std::optional<stats::Proportions> proportions;  ///< where all values are 0 or 1
  std::optional<stats::Means> means;  ///< where they are not, or where they have a covariate
  bool is_adjusted = false;           ///< means by the covariate
  std::optional<PairPosterior> bayes;
  std::optional<stats::ClusterTest> cluster;
  std::optional<stats::DaySums> day_sums;
  std::optional<double> boundary;  ///< nominal level of the look that day_sums are of
  std::optional<Sequential> sequential;
  std::optional<stats::NonInferiority> non_inferiority;
  /// Units are not independent: tests that take each value as one are too sure.
  bool is_naive = false;
  /// A look before the planned sample that is not the first: fixed-horizon tests do not hold.
  bool is_peeking = false;
  std::optional<Evidence> evidence;
  std::optional<double> effect_size;  ///< of the deciding test, see decided_by
  /// The same, drawn towards 0 by what effects usually are.
  std::optional<double> effect_shrunk;
  /// The effect size that the test finds in 80 of 100 cases at these sizes.
  std::optional<double> mde_80;
  std::vector<std::pair<std::string, std::string>> not_computed;
};

enum class Decision { kWinner, kInconclusive, kInsufficientData, kFutile, kInvalidSplit };
std::string_view name_of(Decision decision);

/// Whether units went to the arms as planned.
struct SampleRatio {
  std::vector<std::int64_t> observed;  ///< in the order of the arms
  std::vector<double> expected;
  double chi_squared = 0;
  double df = 0;
  double p_value = 1;  ///< of chi-square
  /// By the binomial law; absent where there are several variants.
  std::optional<double> exact_p_value;
  double largest_deviation = 0;  ///< of a share, as a part of it
  bool is_invalid = false;
};

struct Analysis {
  bool is_of_days = false;
  bool is_classic = false;
  std::string control;
  std::vector<ArmSummary> arms;  ///< the control, then the variants by name
  std::vector<Comparison> comparisons;
  std::vector<double> p_best;         ///< in the order of `arms`; empty where not computed
  std::vector<double> expected_loss;  ///< likewise
  std::vector<double> p_best_drawn;   ///< the cross-check, likewise
  /// P(best) of days by which an arm is futile, likewise: under robust rules of counts divided by
  /// their dispersion, because days that vary make P(best) too sure.
  std::vector<double> p_best_dispersed;
  std::optional<SampleRatio> sample_ratio;
  std::vector<double> delivery;  ///< shares of what was delivered, where it is not what was split
  std::vector<std::pair<std::string, std::string>> not_computed;  ///< what is absent, and why
  std::optional<Decision> decision;  ///< absent where the deciding test was left out
  std::optional<std::string> winner;
  std::string reason;
  /// Of the comparison that the decision rests on.
  std::optional<std::string_view> decided_by;
  std::optional<double> effect_size;
  std::optional<double> effect_shrunk;
  std::optional<double> mde_80;
  bool assumes_independent_units = true;
  bool is_matched = false;  ///< each variant with values of the control that match its own
  double alpha = 0.05;
  std::int64_t min_sample = 20;
  std::int64_t look = 1;
  std::uint64_t seed = 0;
  std::int64_t draws = 0;  ///< of the cross-check
  // Of days:
  Metric metric = Metric::kLinkCtr;
  std::int64_t days = 0;       ///< that there are
  std::int64_t days_used = 0;  ///< that decide
  std::int64_t planned_days = 14;
  std::vector<std::string> futile_arms;
  /// How often the classic rule names a winner among equal ads of this size.
  std::optional<double> expected_false_winner_rate;
  std::optional<double> non_inferiority;
  double non_inferiority_level = 0.1;  ///< one-sided
  /// The other metrics of the same ads: compared, and not what decides.
  std::vector<Analysis> secondary = {};
};

/// Compares every arm to the control and decides: by the test over clusters where there are some
/// (by Mann-Whitney under classic rules), else by Mann-Whitney; with several variants by the
/// Benjamini-Hochberg q; at later looks before the planned sample by the sequential test. Throws
/// InvalidInput where there are arms but no control among them.
Analysis analyze(std::vector<Arm> arms, const AnalysisOptions& options);

/// A variant's values and the control's by what both were used for.
struct MatchedArms {
  std::string variant;
  std::vector<stats::ClusterStratum> strata;
};

/// The same of what was not randomised: the arms as they are for their summary, and each variant
/// compared to the control within the strata that the two share, by clusters. A match of fewer
/// values than the minimum sample on a side decides nothing. Non-inferiority takes the control's
/// mean as known: as it is part of the difference, that errs to the safe side. What does not look
/// within strata is not computed.
Analysis analyze_matched(std::vector<Arm> arms, const std::vector<MatchedArms>& matches,
                         const AnalysisOptions& options);

/// The same of ads, by sums of days: under robust rules at days 7, 10 and 14 only, under classic
/// ones by P(best) of all days.
Analysis analyze_days(std::vector<DayArm> arms, const AnalysisOptions& options);

/// The same by several metrics of which the first decides; its other options are those given. The
/// q-values are over arms and metrics, but not where non-inferiority is tested, which is of the
/// first alone.
Analysis analyze_metrics(std::vector<MetricArms> metrics, const AnalysisOptions& options);

/// The members of adgenome/analysis/v1, without those of the input.
core::Json to_json(const Analysis& analysis);

/// How often P(best) over 0.90, looked at daily for 14 days, finds a winner among `arms` equal ads
/// of which each gets `daily_units` a day and needs `min_units`.
double false_winner_rate(std::size_t arms, double daily_units, double min_units,
                         std::uint64_t seed);

}  // namespace adgenome::experiments
