#include <adgenome/experiments/analysis.hpp>
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

Json mann_whitney_json(const Comparison& comparison) {
  if (!comparison.mann_whitney) return nullptr;
  const stats::MannWhitney& test = *comparison.mann_whitney;
  const auto& shift = comparison.shift;
  return {{"u_control", test.u_control},
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
}

Json brunner_munzel_json(const Comparison& comparison) {
  if (!comparison.brunner_munzel) return nullptr;
  const stats::BrunnerMunzel& test = *comparison.brunner_munzel;
  Json larger;
  if (test.direction != 0) larger = test.direction > 0 ? "variant" : "control";
  return {{"statistic", or_null(test.statistic)},
          {"df", or_null(test.df)},
          {"p_value", test.p_value},
          {"larger", std::move(larger)},
          {"degenerate", test.is_degenerate}};
}

Json proportions_json(const std::optional<stats::Proportions>& proportions) {
  if (!proportions) return nullptr;
  return {{"rate_control", proportions->rate_control},
          {"rate_variant", proportions->rate_variant},
          {"difference", proportions->difference},
          {"difference_interval", or_null(std::optional(proportions->difference_interval))},
          {"relative_lift", or_null(proportions->relative_lift)},
          {"relative_lift_interval", or_null(proportions->relative_lift_interval)},
          {"z", or_null(proportions->z)},
          {"p_value", proportions->p_value}};
}

Json means_json(const std::optional<stats::Means>& means) {
  if (!means) return nullptr;
  return {{"mean_control", means->mean_control},
          {"mean_variant", means->mean_variant},
          {"difference", means->difference},
          {"difference_interval", or_null(means->difference_interval)},
          {"t", or_null(means->t)},
          {"df", or_null(means->df)},
          {"p_value", or_null(means->p_value)},
          {"cuped", false}};
}

Json bayes_json(const std::optional<PairPosterior>& bayes) {
  if (!bayes) return nullptr;
  return {{"p_better", bayes->p_better}, {"lift_interval", or_null(bayes->lift_interval)}};
}

Json multiple_json(const Comparison& comparison) {
  if (!comparison.q_value) return nullptr;
  return {{"q_value", *comparison.q_value}, {"holm_p_value", or_null(comparison.holm_p_value)}};
}

Json comparison_json(const Comparison& comparison) {
  return {{"arm", comparison.arm},
          {"n_control", comparison.n_control},
          {"n_variant", comparison.n_variant},
          {"mann_whitney", mann_whitney_json(comparison)},
          {"brunner_munzel", brunner_munzel_json(comparison)},
          {"cliffs_delta", or_null(comparison.cliffs_delta)},
          {"proportions", proportions_json(comparison.proportions)},
          {"means", means_json(comparison.means)},
          {"bayes", bayes_json(comparison.bayes)},
          {"cluster", nullptr},
          {"day_sums", nullptr},
          {"sequential", nullptr},
          {"multiple", multiple_json(comparison)},
          {"effect_size", or_null(comparison.effect_size)},
          {"mde_80", or_null(comparison.mde_80)},
          {"not_computed", reasons_json(comparison.not_computed)}};
}

Json decision_json(const std::optional<Decision>& decision) {
  if (!decision) return nullptr;
  switch (*decision) {
    case Decision::kWinner:
      return "winner";
    case Decision::kInconclusive:
      return "inconclusive";
    case Decision::kInsufficientData:
      return "insufficient_data";
  }
  return nullptr;
}

/// P(best) and expected loss by the name of the arm.
Json best_json(const Analysis& analysis) {
  if (analysis.p_best.empty()) return nullptr;
  Json p_best = Json::object();
  Json expected_loss = Json::object();
  for (std::size_t i = 0; i < analysis.arms.size(); ++i) {
    p_best[analysis.arms[i].name] = analysis.p_best[i];
    expected_loss[analysis.arms[i].name] = analysis.expected_loss[i];
  }
  return {{"p_best", std::move(p_best)}, {"expected_loss", std::move(expected_loss)}};
}

}  // namespace

core::Json to_json(const Analysis& analysis) {
  Json arms = Json::array();
  for (const ArmSummary& arm : analysis.arms) {
    arms.push_back(
        {{"arm", arm.name}, {"n", arm.n}, {"mean", or_null(arm.mean)}, {"sum", arm.sum}});
  }
  Json comparisons = Json::array();
  for (const Comparison& comparison : analysis.comparisons) {
    comparisons.push_back(comparison_json(comparison));
  }
  return {{"control", analysis.control},
          {"arms", std::move(arms)},
          {"comparisons", std::move(comparisons)},
          {"bayes", best_json(analysis)},
          {"srm", nullptr},
          {"decision", decision_json(analysis.decision)},
          {"winner", or_null(analysis.winner)},
          {"reason", analysis.reason},
          {"effect_size", or_null(analysis.effect_size)},
          {"mde_80", or_null(analysis.mde_80)},
          {"assumes_independent_units", true},
          {"not_computed", reasons_json(analysis.not_computed)},
          {"alpha", analysis.alpha},
          {"min_sample", analysis.min_sample}};
}

}  // namespace adgenome::experiments
