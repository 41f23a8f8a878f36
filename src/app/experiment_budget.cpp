#include "experiment_budget.hpp"

#include <adgenome/app/experiment_power.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/stats/power.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using experiments::Metric;

constexpr double kPower = 0.8;

/// What every arm of a test needs.
struct Need {
  std::optional<double> baseline = {};     ///< of metrics that are rates
  std::optional<double> impressions = {};  ///< an arm
  std::optional<double> spend = {};        ///< an arm, in the brand's currency
};

/// Of a rate: units by the test of two proportions.
std::optional<double> units_of_rate(const NewExperiment& wanted, double baseline,
                                    std::optional<double> dispersion) {
  PowerRequest request;
  request.baseline = baseline;
  request.effect = wanted.effect;
  request.arms = static_cast<std::int64_t>(wanted.arms.size());
  request.dispersion = dispersion;
  const core::Json plan = plan_experiment(request, std::nullopt);
  if (plan.at("sample").is_null()) return std::nullopt;
  return plan.at("sample").get<double>();
}

std::optional<double> times(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(*a * *b) : std::nullopt;
}

std::optional<double> over(std::optional<double> a, std::optional<double> b) {
  return a && b && *b > 0 ? std::optional(*a / *b) : std::nullopt;
}

Need need_of_clicks(const NewExperiment& wanted, const BrandHistory& history) {
  Need need{.baseline = wanted.baseline ? wanted.baseline : history.link_ctr};
  if (!need.baseline) return need;
  need.impressions = units_of_rate(wanted, *need.baseline, history.dispersion);
  need.spend = times(need.impressions, over(history.cpm, 1000.0));
  return need;
}

Need need_of_conversions(const NewExperiment& wanted, const BrandHistory& history) {
  Need need{.baseline = wanted.baseline ? wanted.baseline : history.conversion_rate};
  if (!need.baseline) return need;
  const auto clicks = units_of_rate(wanted, *need.baseline, history.conversion_dispersion);
  need.impressions = over(clicks, history.link_ctr);
  need.spend = times(clicks, history.cpc);
  return need;
}

/// Of one event: by the rate that was stated where one was, else as it was in the past.
std::optional<double> price(std::optional<double> of_trial, std::optional<double> rate,
                            std::optional<double> of_event) {
  return rate ? over(of_trial, rate) : of_event;
}

/// Variance of ln(what is bought / spend) times the money spent: of counts the price of one times
/// the dispersion.
std::optional<double> variance_of(const NewExperiment& wanted, Metric metric,
                                  const BrandHistory& history) {
  const auto rate = [&](const char* primary) {
    return wanted.metric == primary ? wanted.baseline : std::nullopt;
  };
  switch (metric) {
    case Metric::kRoas:
      return history.roas_variance;
    case Metric::kClicksPerSpend:
      return times(price(over(history.cpm, 1000.0), rate("link_ctr"), history.cpc),
                   history.cpc_dispersion.value_or(1));
    default:
      return times(price(history.cpc, rate("conversion_rate"), history.cpa),
                   history.cpa_dispersion.value_or(1));
  }
}

/// Clicks, conversions or value for money: the money is the unit.
Need need_of_money(const NewExperiment& wanted, Metric metric, const BrandHistory& history) {
  Need need;
  const auto variance = variance_of(wanted, metric, history);
  if (!variance) return need;
  const double comparisons = static_cast<double>(wanted.arms.size() - 1);
  const double alpha = PowerRequest{}.alpha / comparisons;
  need.spend = stats::size_for_ratio(wanted.effect, *variance, alpha, kPower);
  need.impressions = times(over(need.spend, history.cpm), 1000.0);
  return need;
}

Need need_of(const NewExperiment& wanted, Metric metric, const BrandHistory& history) {
  switch (metric) {
    case Metric::kLinkCtr:
      return need_of_clicks(wanted, history);
    case Metric::kConversionRate:
      return need_of_conversions(wanted, history);
    default:
      return need_of_money(wanted, metric, history);
  }
}

/// By the metric that will decide; where the past does not say what money buys, by the rate.
Need need_of(const ExperimentRunner& runner, const NewExperiment& wanted,
             const store::Experiment& experiment, const BrandHistory& history) {
  const Metric primary = experiments::metric_named(wanted.metric);
  const Need of_primary = need_of(wanted, primary, history);
  Need need = need_of(wanted, planned_metric(runner, experiment), history);
  if (!need.spend) return of_primary;
  need.baseline = of_primary.baseline;
  return need;
}

}  // namespace

Metric planned_metric(const ExperimentRunner& runner, const store::Experiment& experiment) {
  const Metric primary = experiments::metric_named(*experiment.primary_metric);
  const bool are_equal =
      experiment.daily_budget_micros || experiment.assignment == "separate_ad_sets";
  return are_equal && !runner.is_classic ? experiments::per_spend(primary) : primary;
}

std::optional<std::string> plan_budget(const ExperimentRunner& runner, const NewExperiment& wanted,
                                       store::Experiment& experiment) {
  const BrandHistory history = brand_history(runner.session, runner.brand.id, runner.now);
  const Need need = need_of(runner, wanted, experiment, history);
  experiment.baseline = need.baseline;
  if (need.impressions) {
    const auto needed = static_cast<std::int64_t>(std::ceil(*need.impressions));
    if (!wanted.planned_n) experiment.planned_sample = needed;
    experiment.min_sample = std::max(experiment.min_sample, needed);
  }
  if (!wanted.daily_budget) return std::nullopt;
  if (!need.spend) {
    return "the brand's past does not say what a test of " + wanted.metric +
           " costs: nothing says whether this budget is enough";
  }
  if (wanted.currency && history.currency && *wanted.currency != *history.currency) {
    throw core::InvalidInput(
        "the budget is in " + *wanted.currency + " and the brand's spend in " + *history.currency,
        "", "/currency");
  }
  const auto arms = static_cast<double>(wanted.arms.size());
  const double required = *need.spend * arms;
  const double stated = *wanted.daily_budget * arms * static_cast<double>(wanted.days);
  if (stated >= required) return std::nullopt;
  const auto text = [&](double amount) {
    return core::format_micros(std::llround(std::ceil(amount * 100) * 1e4)) + " " +
           history.currency.value_or("");
  };
  std::string missing = "this test needs " + text(required) + " to find a lift of " +
                        core::format_double(wanted.effect * 100) + " % of " + wanted.metric +
                        ", and " + text(stated) + " are stated: " + text(required - stated) +
                        " are missing";
  if (wanted.is_forced) return missing;
  throw core::InvalidInput(std::move(missing),
                           "raise --daily-budget or --effect, or insist with --force",
                           "/daily_budget");
}

}  // namespace adgenome::app
