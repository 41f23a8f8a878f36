#include <adgenome/learning/baseline.hpp>
#include <algorithm>
#include <cmath>
#include <utility>

namespace adgenome::learning {
namespace {

constexpr std::size_t kFewestAds = 20;
constexpr std::string_view kClassicPrefix = "classic ";

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

std::string version_prefix(Rules rules, core::Day since) {
  if (rules == Rules::kClassic) return std::string(kClassicPrefix) + core::format_day(since) + ' ';
  return quarter_name(since) + ' ';
}

Rules rules_of_version(std::string_view version) {
  return version.starts_with(kClassicPrefix) ? Rules::kClassic : Rules::kRobust;
}

std::string Baseline::version() const {
  std::string text = version_prefix(rules, since);
  text.pop_back();
  for (const Component component : kComponents) {
    const ComponentBaseline& from = components[component];
    text += ' ' + std::string(name_of(component)) + '=' + std::string(name_of(from.source));
    if (from.source != BaselineSource::kConstants) text += ':' + std::to_string(from.ads);
  }
  return text;
}

MaturedRates matured_rates(std::span<const AdOutcome> outcomes, const BrandModel& model,
                           core::Day day, Rules rules) {
  MaturedRates rates;
  for (const AdOutcome& outcome : outcomes) {
    if (!outcome.first_delivery) continue;
    for (const Component component : kComponents) {
      if (final_from(component, outcome) > day) continue;
      const RateEstimate rate = estimate(component, outcome, model, rules);
      if (!rate.has_evidence) continue;
      // Robust: a price of nothing has no logarithm and says nothing of what ads cost.
      if (rules == Rules::kRobust && !(*rate.value > 0)) continue;
      rates[component].push_back(*rate.value);
    }
  }
  return rates;
}

std::optional<ComponentBaseline> quartiles_of(std::vector<double> figures, BaselineSource source) {
  if (figures.size() < kFewestAds) return std::nullopt;
  return quartiles(std::move(figures), source);
}

Baseline make_baseline(core::Day since, const MaturedRates& brand, const MaturedRates& organization,
                       Rules rules) {
  Baseline baseline{.since = since, .components = {}, .rules = rules};
  for (const Component component : kComponents) {
    auto found = quartiles_of(brand[component], BaselineSource::kBrand);
    if (!found) found = quartiles_of(organization[component], BaselineSource::kOrganization);
    baseline.components[component] = found.value_or(constants(component));
  }
  return baseline;
}

}  // namespace adgenome::learning
