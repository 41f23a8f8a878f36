#include <adgenome/learning/outcome.hpp>
#include <algorithm>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace adgenome::learning {
namespace {

constexpr double kMillion = 1e6;
constexpr double kOrderValuePriorOrders = 10;
constexpr std::int64_t kFewestAdsToFit = 5;
constexpr double kLeastShape = 0.5;
constexpr double kGreatestShape = 100;

/// What a prior is worth that is not fitted: what page 6.1 asks of a component for.
constexpr MaturityThresholds kUsual;

struct Moments {
  double mean = 0;
  double squares = 0;  ///< sum of exposure * (rate - mean)^2
  double spread = 0;   ///< exposure - sum of exposure^2 / exposure
  std::int64_t ads = 0;
};

Count total_of(const std::vector<Count>& counts) {
  Count total;
  for (const Count& count : counts) {
    total.events += count.events;
    total.exposure += count.exposure;
  }
  return total;
}

Moments moments_of(const std::vector<Count>& counts, double mean) {
  Moments moments{.mean = mean, .ads = static_cast<std::int64_t>(counts.size())};
  const double exposure = total_of(counts).exposure;
  double squared_exposure = 0;
  for (const Count& count : counts) {
    const double difference = count.events / count.exposure - mean;
    moments.squares += count.exposure * difference * difference;
    squared_exposure += count.exposure * count.exposure;
  }
  moments.spread = exposure > 0 ? exposure - squared_exposure / exposure : 0;
  return moments;
}

/// The shape that the moments ask for; infinite where the ads differ by less than chance.
double beta_shape(const Moments& moments) {
  const double degrees = static_cast<double>(moments.ads - 1);
  const double within = moments.mean * (1 - moments.mean);
  if (within <= 0 || moments.spread <= degrees) return kGreatestShape;
  const double rho = (moments.squares / within - degrees) / (moments.spread - degrees);
  return rho <= 0 ? kGreatestShape : moments.mean * (1 / std::min(rho, 1.0) - 1);
}

double gamma_shape(const Moments& moments) {
  const double degrees = static_cast<double>(moments.ads - 1);
  if (moments.spread <= 0) return kGreatestShape;
  const double variance = (moments.squares - degrees * moments.mean) / moments.spread;
  return variance <= 0 ? kGreatestShape : moments.mean * moments.mean / variance;
}

/// `old_enough` are the ads that are past the component's days, `all` every ad with exposure.
std::optional<RatePrior> fit(const std::vector<Count>& old_enough, const std::vector<Count>& all,
                             double default_shape, double (*shape_of)(const Moments&)) {
  const std::vector<Count>& pool = total_of(old_enough).events > 0 ? old_enough : all;
  const Count total = total_of(pool);
  if (total.events <= 0) return std::nullopt;
  RatePrior prior{.shape = default_shape,
                  .mean = total.events / total.exposure,
                  .ads = static_cast<std::int64_t>(pool.size())};
  if (&pool == &old_enough && prior.ads >= kFewestAdsToFit) {
    prior.shape = std::clamp(shape_of(moments_of(pool, prior.mean)), kLeastShape, kGreatestShape);
    prior.is_fitted = true;
  }
  return prior;
}

double in_units(std::int64_t millionths) {
  return static_cast<double>(millionths) / kMillion;
}

bool has_orders(const AdOutcome& outcome) {
  return outcome.conversions_millionths.value_or(0) > 0 && outcome.capped_value_micros;
}

/// The ad's order value, (10 * brand + sum of its capped values) / (10 + its orders).
double order_value_of(const AdOutcome& outcome, double brand_value) {
  if (!has_orders(outcome)) return brand_value;
  const double orders = in_units(*outcome.conversions_millionths);
  const double values = *outcome.capped_value_micros / kMillion;
  return (kOrderValuePriorOrders * brand_value + values) / (kOrderValuePriorOrders + orders);
}

/// What the component counts and over what; nothing where the ad has no such exposure.
std::optional<Count> count_of(Component component, const AdOutcome& outcome,
                              const BrandModel& model) {
  Count count;
  switch (component) {
    case Component::kCtr:
      if (!outcome.clicks) return std::nullopt;
      count = outcome.standardised_clicks.value_or(
          Count{static_cast<double>(*outcome.clicks), static_cast<double>(outcome.impressions)});
      break;
    case Component::kConversion:
      if (!outcome.clicks || !outcome.conversions_millionths) return std::nullopt;
      count = {in_units(*outcome.conversions_millionths), static_cast<double>(*outcome.clicks)};
      break;
    case Component::kRoas: {
      if (!outcome.conversions_millionths || !outcome.conversion_value_micros) return std::nullopt;
      const double value = order_value_of(outcome, model.order_value);
      if (value <= 0) return std::nullopt;
      count = {in_units(*outcome.conversions_millionths), in_units(outcome.spend_micros) / value};
      break;
    }
    case Component::kCpm:
      count = {in_units(outcome.spend_micros), static_cast<double>(outcome.impressions) / 1000};
      break;
  }
  return count.exposure > 0 ? std::optional(count) : std::nullopt;
}

std::optional<RatePrior> fit_component(Component component, std::span<const AdOutcome> outcomes,
                                       const BrandModel& model, core::Day today) {
  std::vector<Count> all;
  std::vector<Count> old_enough;
  for (const AdOutcome& outcome : outcomes) {
    const auto count = count_of(component, outcome, model);
    if (!count) continue;
    all.push_back(*count);
    if (outcome.first_delivery && final_from(component, outcome) <= today) {
      old_enough.push_back(*count);
    }
  }
  if (component == Component::kRoas) {
    auto prior = fit(old_enough, all, kUsual.orders, gamma_shape);
    if (prior) prior->rest = prior->shape / prior->mean;
    return prior;
  }
  const double default_shape = component == Component::kCtr ? kUsual.clicks : kUsual.conversions;
  auto prior = fit(old_enough, all, default_shape, beta_shape);
  // Where conversions without a click make the rate reach 1 the prior keeps a little room.
  if (prior) prior->rest = std::max(prior->shape * (1 / prior->mean - 1), kLeastShape);
  return prior;
}

struct Posterior {
  double mean = 0;
  double log_sd = 0;
};

Posterior proportion_posterior(const Count& count, const RatePrior& prior) {
  const double successes = prior.shape + count.events;
  const double failures = prior.rest + std::max(0.0, count.exposure - count.events);
  return {.mean = successes / (successes + failures),
          .log_sd = std::sqrt(boost::math::trigamma(successes) -
                              boost::math::trigamma(successes + failures))};
}

Posterior roas_posterior(const Count& count, const RatePrior& prior) {
  const double shape = prior.shape + count.events;
  return {.mean = shape / (prior.rest + count.exposure),
          .log_sd = std::sqrt(boost::math::trigamma(shape))};
}

/// The rate once everything is reported: of the exposure only the reported share has had its events
/// (Cape Cod; Buhlmann and Straub 1983), so that it is shrunk the more the less is there.
void estimate_final(const Count& count, const std::optional<ReportedShare>& reported,
                    const RatePrior& prior,
                    Posterior (*posterior_of)(const Count&, const RatePrior&), Rules rules,
                    RateEstimate& result) {
  if (!reported || !(reported->share > 0)) return;
  const Count seen{count.events, count.exposure * reported->share};
  Posterior posterior = posterior_of(seen, prior);
  if (rules == Rules::kClassic) {
    posterior.mean = *result.raw / reported->share;
    posterior.log_sd = 1 / std::sqrt(count.events + 0.5);
  }
  result.final_value = posterior.mean;
  result.final_log_sd = std::hypot(posterior.log_sd, reported->log_sd);
}

/// Whether there is enough for the component to mature.
bool has_evidence(Component component, const AdOutcome& outcome, const RateEstimate& rate,
                  Rules rules) {
  const MaturityThresholds& least = outcome.maturity;
  const auto impressions = static_cast<double>(outcome.impressions);
  if (rules == Rules::kClassic) return impressions >= least.classic_impressions;
  switch (component) {
    case Component::kCtr:
      return impressions >= least.impressions && *rate.expected_events >= least.clicks;
    case Component::kConversion:
      return *rate.expected_events >= least.conversions;
    case Component::kRoas:
      return *rate.expected_events >= least.orders;
    case Component::kCpm:
      break;
  }
  return impressions >= least.impressions;
}

}  // namespace

std::string_view name_of(Component component) {
  switch (component) {
    case Component::kCtr:
      return "ctr";
    case Component::kConversion:
      return "conv";
    case Component::kRoas:
      return "roas";
    case Component::kCpm:
      return "cpm";
  }
  return "";
}

core::Day final_from(Component component, const AdOutcome& outcome) {
  const MaturityThresholds& maturity = outcome.maturity;
  const double days = component == Component::kConversion ? maturity.conversion_days
                      : component == Component::kRoas     ? maturity.roas_days
                                                          : maturity.ctr_days;
  return *outcome.first_delivery + std::chrono::days(static_cast<int>(days));
}

bool BrandModel::delivers(Component component) const {
  switch (component) {
    case Component::kCtr:
      return ctr.has_value();
    case Component::kConversion:
      return conversion.has_value();
    case Component::kRoas:
      return roas.has_value();
    case Component::kCpm:
      return has_cpm;
  }
  return false;
}

BrandModel fit_brand(std::span<const AdOutcome> given, core::Day today) {
  // Sums of doubles are taken in the order of the ids, whatever order the ads came in.
  std::vector<AdOutcome> outcomes(given.begin(), given.end());
  std::sort(outcomes.begin(), outcomes.end(),
            [](const AdOutcome& a, const AdOutcome& b) { return a.ad_id < b.ad_id; });
  BrandModel model;
  double values = 0;
  double orders = 0;
  for (const AdOutcome& outcome : outcomes) {
    model.has_cpm = model.has_cpm || (outcome.spend_micros > 0 && outcome.impressions > 0);
    if (!has_orders(outcome)) continue;
    orders += in_units(*outcome.conversions_millionths);
    values += *outcome.capped_value_micros / kMillion;
  }
  model.order_value = orders > 0 ? values / orders : 0;
  model.ctr = fit_component(Component::kCtr, outcomes, model, today);
  model.conversion = fit_component(Component::kConversion, outcomes, model, today);
  model.roas = fit_component(Component::kRoas, outcomes, model, today);
  return model;
}

RateEstimate estimate(Component component, const AdOutcome& outcome, const BrandModel& model,
                      Rules rules) {
  const auto count = count_of(component, outcome, model);
  if (!count || !model.delivers(component) || !outcome.is_deliverable[component]) return {};
  RateEstimate result;
  Posterior posterior;
  switch (component) {
    case Component::kCtr:
      result.raw = static_cast<double>(*outcome.clicks) / static_cast<double>(outcome.impressions);
      result.expected_events = count->exposure * model.ctr->mean;
      posterior = proportion_posterior(*count, *model.ctr);
      estimate_final(*count, outcome.reported_clicks, *model.ctr, proportion_posterior, rules,
                     result);
      break;
    case Component::kConversion:
      result.raw = count->events / count->exposure;
      result.expected_events = count->exposure * model.conversion->mean;
      posterior = proportion_posterior(*count, *model.conversion);
      estimate_final(*count, outcome.reported_conversions, *model.conversion, proportion_posterior,
                     rules, result);
      break;
    case Component::kRoas: {
      const double spend = in_units(outcome.spend_micros);
      result.raw = in_units(*outcome.conversion_value_micros) / spend;
      result.expected_events = spend / model.order_value * model.roas->mean;
      posterior = roas_posterior(*count, *model.roas);
      estimate_final(*count, outcome.reported_conversions, *model.roas, roas_posterior, rules,
                     result);
      break;
    }
    case Component::kCpm:
      result.raw = posterior.mean = count->events / count->exposure;
      break;
  }
  if (rules == Rules::kRobust) {
    result.value = result.shrunk = posterior.mean;
    result.log_sd = posterior.log_sd;
  } else {
    const bool is_standardised = component == Component::kCtr && outcome.standardised_clicks;
    result.value = is_standardised ? count->events / count->exposure : *result.raw;
  }
  result.has_evidence = has_evidence(component, outcome, result, rules);
  return result;
}

}  // namespace adgenome::learning
