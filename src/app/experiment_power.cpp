#include <adgenome/app/experiment_power.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/stats/power.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::app {
namespace {

using core::Json;
using stats::PowerQuestion;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

/// The effect as the test takes it: the variant's rate, or what was given.
double test_effect(const PowerRequest& request, double effect) {
  return request.test == "proportions" ? *request.baseline * (1 + effect) : effect;
}

/// The other way round.
double shown_effect(const PowerRequest& request, double effect) {
  return request.test == "proportions" ? effect / *request.baseline - 1 : effect;
}

void fill_in(PowerRequest& request, const BrandHistory& history) {
  const auto fill = [](auto& wanted, const auto& known) {
    if (!wanted) wanted = known;
  };
  const bool is_of_ads = request.test == "proportions" && request.metric == "approval";
  if (request.test == "proportions" && !is_of_ads) {
    fill(request.daily_impressions, history.daily_impressions);
    fill(request.cpm, history.cpm);
    fill(request.currency, history.currency);
  }
  if (is_of_ads) {
    // Ads are made in runs and are alike within them.
    fill(request.baseline, history.approval);
    fill(request.cluster_size, history.cluster_size);
    fill(request.icc, history.icc);
  } else if (request.test == "proportions") {
    // The scatter of days belongs to clicks.
    fill(request.baseline, history.link_ctr);
    fill(request.dispersion, history.dispersion);
  }
  if (request.cluster_size) fill(request.icc, history.icc);
  if (request.icc) fill(request.cluster_size, history.cluster_size);
}

void check(const PowerRequest& request) {
  if (request.test == "proportions" && !request.baseline) {
    throw core::InvalidInput("the control's rate is not known",
                             "give --baseline, or --brand of a brand with a past",
                             "option --baseline");
  }
  if (request.icc && !request.cluster_size) {
    throw core::InvalidInput("--icc needs --cluster-size", "", "option --icc");
  }
  const int given =
      request.effect.has_value() + request.sample.has_value() + request.power.has_value();
  if (given == 3 || (!request.effect && !request.sample)) {
    throw core::InvalidInput("give two of --effect, --sample and --power",
                             "--power is 0.8 where only one of the others is given");
  }
  if (!request.effect) return;
  const double effect = *request.effect;
  if (request.test == "mann_whitney" && !(effect > 0 && effect < 1)) {
    throw core::InvalidInput("expected a probability between 0 and 1",
                             "of mann_whitney the effect is P(variant > control)",
                             "option --effect");
  }
  const double variant = test_effect(request, effect);
  if (request.test == "proportions" && !(variant > 0 && variant < 1)) {
    throw core::InvalidInput("a rate of " + Json(*request.baseline).dump() +
                                 " and this lift make " + Json(variant).dump() +
                                 ", which is no rate",
                             "", "option --effect");
  }
}

PowerQuestion::Test test_of(const std::string& name) {
  if (name == "means") return PowerQuestion::Test::kMeans;
  return name == "proportions" ? PowerQuestion::Test::kRates : PowerQuestion::Test::kRanks;
}

const char* method_of(const PowerRequest& request, std::optional<std::int64_t> sample) {
  if (request.test == "means") return "noncentral_t";
  if (request.test == "mann_whitney") return "noether";
  return sample && *sample < stats::kMostEnumerated ? "binomial_enumeration" : "normal";
}

}  // namespace

core::Json plan_experiment(PowerRequest request, const std::optional<BrandHistory>& history) {
  if (history) fill_in(request, *history);
  if (!history && request.metric != PowerRequest{}.metric) {
    throw core::InvalidInput("--metric needs a brand whose past it is of", "give --brand",
                             "option --metric");
  }
  check(request);
  const double comparisons = static_cast<double>(request.arms - 1);
  PowerQuestion question{.test = test_of(request.test)};
  question.baseline = request.baseline.value_or(0);
  question.alpha = request.correction == "dunnett"
                       ? stats::dunnett_level(request.alpha, request.arms - 1)
                       : request.alpha / comparisons;
  const double design_effect = request.icc ? 1 + (*request.cluster_size - 1) * *request.icc : 1;
  question.inflation = std::max(1.0, design_effect) * request.dispersion.value_or(1);

  std::string solved_for;
  Json reason;
  if (!request.sample) {
    solved_for = "sample";
    request.power = request.power.value_or(0.8);
    request.sample =
        stats::size_for(question, test_effect(request, *request.effect), *request.power);
    if (!request.sample) reason = "no sample that could be had finds so small an effect";
  } else if (!request.effect) {
    solved_for = "effect";
    request.power = request.power.value_or(0.8);
    const auto effect = stats::effect_for(question, *request.sample, *request.power);
    if (effect) request.effect = shown_effect(request, *effect);
    if (!effect) reason = "no effect is found with this power at this size";
  } else {
    solved_for = "power";
    request.power =
        stats::power_at(question, test_effect(request, *request.effect), *request.sample);
  }

  Json days;
  Json spend;
  if (request.sample && request.daily_impressions && *request.daily_impressions > 0) {
    days = std::ceil(static_cast<double>(*request.sample) / *request.daily_impressions);
    days = static_cast<std::int64_t>(days.get<double>());
  }
  if (request.sample && request.cpm) {
    const double impressions =
        static_cast<double>(*request.sample) * static_cast<double>(request.arms);
    spend = core::money_number(std::llround(impressions * *request.cpm * 1000));
  }
  const auto baseline = request.test == "proportions" ? request.baseline : std::nullopt;
  return {{"test", request.test},
          {"metric", history && request.test == "proportions" ? Json(request.metric) : Json()},
          {"solved_for", solved_for},
          {"baseline", or_null(baseline)},
          {"effect", or_null(request.effect)},
          {"variant_rate",
           baseline && request.effect ? Json(test_effect(request, *request.effect)) : Json()},
          {"sample", or_null(request.sample)},
          {"units", request.sample ? Json(*request.sample * request.arms) : Json()},
          {"power", or_null(request.power)},
          {"alpha", request.alpha},
          {"alpha_each", question.alpha},
          {"arms", request.arms},
          {"correction", request.arms > 2 ? Json(request.correction) : Json()},
          {"icc", or_null(request.icc)},
          {"cluster_size", or_null(request.cluster_size)},
          {"clusters", request.sample && request.cluster_size
                           ? Json(static_cast<std::int64_t>(std::ceil(
                                 static_cast<double>(*request.sample) / *request.cluster_size)))
                           : Json()},
          {"design_effect", design_effect},
          {"dispersion", or_null(request.dispersion)},
          {"daily_impressions", or_null(request.daily_impressions)},
          {"days", days},
          {"cpm", or_null(request.cpm)},
          {"spend", spend},
          {"currency", or_null(request.currency)},
          {"method", method_of(request, request.sample)},
          {"from_history", history.has_value()},
          {"reason", reason}};
}

}  // namespace adgenome::app
