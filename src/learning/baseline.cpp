#include <adgenome/learning/baseline.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {
namespace {

constexpr std::size_t kFewestAds = 20;

/// Quartiles of page 6.1 for brands that have no history; CPM in the major unit.
ComponentBaseline constants(Component component) {
  switch (component) {
    case Component::kCtr:
      return {.p25 = 0.005, .p75 = 0.02};
    case Component::kConversion:
      return {.p25 = 0.005, .p75 = 0.03};
    case Component::kRoas:
      return {.p25 = 0.5, .p75 = 3.0};
    case Component::kCpm:
      break;
  }
  return {.p25 = 5, .p75 = 20};
}

/// Linear between order statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy).
double quantile(const std::vector<double>& sorted, double probability) {
  const double position = probability * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(std::floor(position));
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] +
         (position - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

ComponentBaseline quartiles(std::vector<double> rates, BaselineSource source) {
  std::sort(rates.begin(), rates.end());
  return {.p25 = quantile(rates, 0.25),
          .p75 = quantile(rates, 0.75),
          .source = source,
          .ads = static_cast<std::int64_t>(rates.size())};
}

}  // namespace

std::string_view name_of(BaselineSource source) {
  switch (source) {
    case BaselineSource::kBrand:
      return "brand";
    case BaselineSource::kOrganization:
      return "organization";
    case BaselineSource::kConstants:
      return "constants";
  }
  return "";
}

core::Day quarter_of(core::Day day) {
  const std::chrono::year_month_day date(day);
  const unsigned first_month = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
  return date.year() / std::chrono::month(first_month) / 1;
}

std::string quarter_name(core::Day quarter) {
  const std::chrono::year_month_day date(quarter);
  return std::to_string(static_cast<int>(date.year())) + "Q" +
         std::to_string((static_cast<unsigned>(date.month()) - 1) / 3 + 1);
}

std::string Baseline::version() const {
  std::string text = quarter_name(quarter);
  for (const Component component : kComponents) {
    const ComponentBaseline& from = components[component];
    text += ' ' + std::string(name_of(component)) + '=' + std::string(name_of(from.source));
    if (from.source != BaselineSource::kConstants) text += ':' + std::to_string(from.ads);
  }
  return text;
}

MaturedRates matured_rates(std::span<const AdOutcome> outcomes, const BrandModel& model,
                           core::Day day) {
  MaturedRates rates;
  for (const AdOutcome& outcome : outcomes) {
    if (!outcome.first_delivery) continue;
    for (const Component component : kComponents) {
      if (final_from(component, *outcome.first_delivery) > day) continue;
      const RateEstimate rate = estimate(component, outcome, model);
      // A price of nothing has no logarithm and says nothing of what ads cost.
      if (rate.has_evidence && *rate.shrunk > 0) rates[component].push_back(*rate.shrunk);
    }
  }
  return rates;
}

Baseline make_baseline(core::Day quarter, const MaturedRates& brand,
                       const MaturedRates& organization) {
  Baseline baseline{.quarter = quarter, .components = {}};
  for (const Component component : kComponents) {
    if (brand[component].size() >= kFewestAds) {
      baseline.components[component] = quartiles(brand[component], BaselineSource::kBrand);
    } else if (organization[component].size() >= kFewestAds) {
      baseline.components[component] =
          quartiles(organization[component], BaselineSource::kOrganization);
    } else {
      baseline.components[component] = constants(component);
    }
  }
  return baseline;
}

}  // namespace adgenome::learning
