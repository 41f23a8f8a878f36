#include <adgenome/experiments/analysis.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::experiments {
namespace {

using core::Json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json or_null(const std::optional<stats::Interval>& interval) {
  return interval ? Json::array({interval->lower, interval->upper}) : Json();
}

const char* method_name(const stats::MannWhitney& test) {
  return test.is_exact ? "exact" : "asymptotic";
}

Json reasons_json(const std::vector<std::pair<std::string, std::string>>& not_computed) {
  Json reasons = Json::object();
  for (const auto& [part, reason] : not_computed) reasons[part] = reason;
  return reasons;
}

/// Whether a test that takes every value as a unit of its own, at one look, holds here.
void mark(Json& block, const Comparison& comparison) {
  block["naive"] = comparison.is_naive;
  block["not_valid_after_peeking"] = comparison.is_peeking;
}

/// A count that may be an amount of money: whole ones as integers.
Json count_json(double value) {
  return value == std::floor(value) && std::abs(value) < 0x1p53
             ? Json(static_cast<std::int64_t>(value))
             : Json(value);
}

Json mann_whitney_json(const Comparison& comparison) {
  if (!comparison.mann_whitney) return nullptr;
  const stats::MannWhitney& test = *comparison.mann_whitney;
  const auto& shift = comparison.shift;
  Json block = {{"u_control", test.u_control},
                {"u_variant", test.u_variant},
                {"u_min", test.u_min},
                {"z", or_null(test.z)},
                {"p_value", test.p_value},
                {"log_p_value", test.log_p_value},
                {"method", method_name(test)},
                {"rank_biserial", test.rank_biserial},
                {"common_language_effect", test.common_language_effect},
                {"hodges_lehmann_shift", shift ? Json(shift->estimate) : Json()},
                {"hodges_lehmann_interval", shift ? or_null(shift->interval) : Json()}};
  mark(block, comparison);
  return block;
}

Json brunner_munzel_json(const Comparison& comparison) {
  if (!comparison.brunner_munzel) return nullptr;
  const stats::BrunnerMunzel& test = *comparison.brunner_munzel;
  Json larger;
  if (test.direction != 0) larger = test.direction > 0 ? "variant" : "control";
  Json block = {{"statistic", or_null(test.statistic)},
                {"df", or_null(test.df)},
                {"p_value", test.p_value},
                {"larger", std::move(larger)},
                {"degenerate", test.is_degenerate}};
  mark(block, comparison);
  return block;
}

Json proportions_json(const Comparison& comparison) {
  const auto& proportions = comparison.proportions;
  if (!proportions) return nullptr;
  Json block = {{"rate_control", proportions->rate_control},
                {"rate_variant", proportions->rate_variant},
                {"difference", proportions->difference},
                {"difference_interval", or_null(std::optional(proportions->difference_interval))},
                {"relative_lift", or_null(proportions->relative_lift)},
                {"relative_lift_interval", or_null(proportions->relative_lift_interval)},
                {"z", or_null(proportions->z)},
                {"p_value", proportions->p_value}};
  mark(block, comparison);
  return block;
}

Json means_json(const Comparison& comparison) {
  const auto& means = comparison.means;
  if (!means) return nullptr;
  Json block = {{"mean_control", means->mean_control},
                {"mean_variant", means->mean_variant},
                {"difference", means->difference},
                {"difference_interval", or_null(means->difference_interval)},
                {"t", or_null(means->t)},
                {"df", or_null(means->df)},
                {"p_value", or_null(means->p_value)},
                {"cuped", comparison.is_adjusted}};
  mark(block, comparison);
  return block;
}

Json bayes_json(const std::optional<PairPosterior>& bayes) {
  if (!bayes) return nullptr;
  return {{"p_better", bayes->p_better}, {"lift_interval", or_null(bayes->lift_interval)}};
}

Json cluster_json(const Comparison& comparison) {
  if (!comparison.cluster) return nullptr;
  const stats::ClusterTest& test = *comparison.cluster;
  return {{"clusters_control", test.clusters_control},
          {"clusters_variant", test.clusters_variant},
          {"difference", test.difference},
          {"p_value", test.p_value},
          {"method", stats::name_of(test.method)},
          {"interval", or_null(test.interval)},
          {"icc", or_null(test.icc)},
          {"design_effect", or_null(test.design_effect)},
          {"not_valid_after_peeking", comparison.is_peeking}};
}

Json day_sums_json(const Comparison& comparison) {
  if (!comparison.day_sums) return nullptr;
  const stats::DaySums& sums = *comparison.day_sums;
  return {{"phi", or_null(sums.phi)},
          {"log_ratio", sums.log_ratio},
          {"s", sums.s},
          {"t", sums.t},
          {"df", sums.df},
          {"p_value", sums.p_value},
          {"boundary", or_null(comparison.boundary)}};
}

Json sequential_json(const std::optional<Sequential>& test) {
  if (!test) return nullptr;
  return {{"p_value", test->p_value},
          {"log_lambda", test->log_lambda},
          {"interval", or_null(std::optional(test->interval))},
          {"tau2", test->tau2},
          {"difference", test->difference}};
}

Json non_inferiority_json(const Comparison& comparison, const Analysis& analysis) {
  if (!comparison.non_inferiority) return nullptr;
  const stats::NonInferiority& test = *comparison.non_inferiority;
  return {{"margin", *analysis.non_inferiority},
          {"ratio", test.ratio},
          {"interval", or_null(test.interval)},
          {"p_value", test.p_value}};
}

Json multiple_json(const Comparison& comparison) {
  if (!comparison.evidence || !comparison.evidence->q_value) return nullptr;
  return {{"of", comparison.evidence->test},
          {"q_value", *comparison.evidence->q_value},
          {"holm_p_value", or_null(comparison.evidence->holm_p_value)}};
}

Json comparison_json(const Comparison& comparison, const Analysis& analysis) {
  return {{"arm", comparison.arm},
          {"n_control", count_json(comparison.n_control)},
          {"n_variant", count_json(comparison.n_variant)},
          {"mann_whitney", mann_whitney_json(comparison)},
          {"brunner_munzel", brunner_munzel_json(comparison)},
          {"cliffs_delta", or_null(comparison.cliffs_delta)},
          {"proportions", proportions_json(comparison)},
          {"means", means_json(comparison)},
          {"bayes", bayes_json(comparison.bayes)},
          {"cluster", cluster_json(comparison)},
          {"day_sums", day_sums_json(comparison)},
          {"sequential", sequential_json(comparison.sequential)},
          {"non_inferiority", non_inferiority_json(comparison, analysis)},
          {"multiple", multiple_json(comparison)},
          {"effect_size", or_null(comparison.effect_size)},
          {"effect_shrunk", or_null(comparison.effect_shrunk)},
          {"mde_80", or_null(comparison.mde_80)},
          {"not_computed", reasons_json(comparison.not_computed)}};
}

/// Numbers by the name of the arm they belong to.
template <class Number>
Json by_arm(const Analysis& analysis, const std::vector<Number>& values) {
  Json named = Json::object();
  for (std::size_t i = 0; i < values.size(); ++i) named[analysis.arms[i].name] = values[i];
  return named;
}

Json best_json(const Analysis& analysis) {
  if (analysis.p_best.empty()) return nullptr;
  Json best = {{"p_best", by_arm(analysis, analysis.p_best)},
               {"expected_loss", by_arm(analysis, analysis.expected_loss)},
               {"monte_carlo", nullptr}};
  if (!analysis.p_best_drawn.empty()) {
    best["monte_carlo"] = {{"draws", analysis.draws},
                           {"p_best", by_arm(analysis, analysis.p_best_drawn)}};
  }
  return best;
}

Json sample_ratio_json(const Analysis& analysis) {
  if (!analysis.sample_ratio) return nullptr;
  const SampleRatio& ratio = *analysis.sample_ratio;
  return {{"observed", by_arm(analysis, ratio.observed)},
          {"expected", by_arm(analysis, ratio.expected)},
          {"chi_squared", ratio.chi_squared},
          {"df", ratio.df},
          {"p_value", ratio.p_value},
          {"exact_p_value", or_null(ratio.exact_p_value)},
          {"largest_deviation", ratio.largest_deviation},
          {"invalid", ratio.is_invalid}};
}

Json arms_json(const Analysis& analysis) {
  Json arms = Json::array();
  for (const ArmSummary& arm : analysis.arms) {
    arms.push_back({{"arm", arm.name},
                    {"n", count_json(arm.n)},
                    {"mean", or_null(arm.mean)},
                    {"sum", arm.sum}});
  }
  return arms;
}

Json comparisons_json(const Analysis& analysis) {
  Json comparisons = Json::array();
  for (const Comparison& comparison : analysis.comparisons) {
    comparisons.push_back(comparison_json(comparison, analysis));
  }
  return comparisons;
}

Json secondary_json(const Analysis& analysis) {
  Json metrics = Json::array();
  for (const Analysis& other : analysis.secondary) {
    metrics.push_back({{"metric", name_of(other.metric)},
                       {"arms", arms_json(other)},
                       {"comparisons", comparisons_json(other)}});
  }
  return metrics;
}

/// What only an analysis of days has.
void add_days(const Analysis& analysis, Json& document) {
  const bool is_here = analysis.is_of_days;
  document["metric"] = is_here ? Json(name_of(analysis.metric)) : Json();
  document["secondary_metrics"] = secondary_json(analysis);
  document["days"] = is_here ? Json(analysis.days) : Json();
  document["days_used"] = is_here ? Json(analysis.days_used) : Json();
  document["futile_arms"] = is_here ? Json(analysis.futile_arms) : Json();
  document["expected_false_winner_rate"] = or_null(analysis.expected_false_winner_rate);
  // One ad an arm says what these ads do, not what their element does.
  document["scope"] = is_here ? Json("these_ads") : Json();
}

}  // namespace

core::Json to_json(const Analysis& analysis) {
  Json document = {{"kind", analysis.is_of_days ? "ads" : "generation"},
                   {"rules", analysis.is_classic ? "classic" : "robust"},
                   {"control", analysis.control},
                   {"arms", arms_json(analysis)},
                   {"comparisons", comparisons_json(analysis)},
                   {"bayes", best_json(analysis)},
                   {"srm", sample_ratio_json(analysis)},
                   {"delivery_imbalance",
                    analysis.delivery.empty() ? Json() : by_arm(analysis, analysis.delivery)},
                   {"decision", analysis.decision ? Json(name_of(*analysis.decision)) : Json()},
                   {"winner", or_null(analysis.winner)},
                   {"reason", analysis.reason},
                   {"decided_by", or_null(analysis.decided_by)},
                   {"effect_size", or_null(analysis.effect_size)},
                   {"effect_shrunk", or_null(analysis.effect_shrunk)},
                   {"mde_80", or_null(analysis.mde_80)},
                   {"assumes_independent_units", analysis.assumes_independent_units},
                   {"not_computed", reasons_json(analysis.not_computed)},
                   {"alpha", analysis.alpha},
                   {"min_sample", analysis.min_sample},
                   {"look", analysis.look}};
  add_days(analysis, document);
  document["seed"] = core::wide_integer(analysis.seed);
  return document;
}

}  // namespace adgenome::experiments
