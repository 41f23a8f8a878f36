#include "reward_baseline.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>

#include "reward_document.hpp"

namespace adgenome::app {

using learning::AdOutcome;
using learning::Component;

Known::Known(core::Time now, const store::KnownAt& known_at)
    : performance(std::min(now, known_at.inputs)),
      attribution(known_at.inputs),
      own(known_at.own) {}

std::vector<store::AdSums> Known::sums(store::Session& session, const std::string& brand_id,
                                       core::Day end) const {
  return store::ad_sums(session, brand_id, end, performance, attribution);
}

std::vector<AdOutcome> outcomes_of(const std::vector<store::AdSums>& sums,
                                   MaturitySettings& maturity) {
  std::vector<AdOutcome> outcomes;
  outcomes.reserve(sums.size());
  for (const store::AdSums& ad : sums) {
    outcomes.push_back({.ad_id = ad.ad_id,
                        .objective = ad.objective,
                        .first_delivery = ad.first_delivery,
                        .impressions = ad.impressions,
                        .clicks = ad.clicks,
                        .spend_micros = ad.spend_micros,
                        .conversions_millionths = ad.conversions_millionths,
                        .conversion_value_micros = ad.conversion_value_micros,
                        .capped_value_micros = ad.capped_value_micros,
                        .maturity = maturity.of(ad.platform, ad.account)});
    auto& is_deliverable = outcomes.back().is_deliverable;
    is_deliverable[Component::kCtr] = ad.has_clicks;
    is_deliverable[Component::kConversion] = ad.has_conversions;
    is_deliverable[Component::kRoas] = ad.has_conversions && ad.has_value;
    is_deliverable[Component::kCpm] = ad.has_spend;
  }
  return outcomes;
}

std::string currency_of(const std::vector<store::AdSums>& sums, const store::Brand& brand) {
  std::string currency;
  for (const store::AdSums& ad : sums) {
    if (!currency.empty() && ad.currency != currency) {
      throw core::InvalidInput("two currencies in brand " + brand.id + ": " +
                                   std::min(currency, ad.currency) + " and " +
                                   std::max(currency, ad.currency),
                               "keep the accounts of one currency in a brand of their own");
    }
    currency = ad.currency;
  }
  return currency;
}

namespace {

constexpr std::size_t kEnoughForBaseline = 20;

learning::MaturedRates rates_at(store::Session& session, const store::Brand& brand,
                                const std::vector<store::AdSums>& sums, core::Day day,
                                const Known& known, learning::Rules rules) {
  MaturitySettings maturity(session, brand, known.attribution);
  const std::vector<AdOutcome> outcomes = outcomes_of(sums, maturity);
  return learning::matured_rates(outcomes, learning::fit_brand(outcomes, day), day, rules);
}

bool suffices(const learning::MaturedRates& rates) {
  return std::ranges::all_of(rates.values,
                             [](const auto& list) { return list.size() >= kEnoughForBaseline; });
}

/// What all other brands of the organization had matured; prices of the same currency only.
learning::MaturedRates organization_rates(store::Session& session, const store::Brand& brand,
                                          const std::string& currency, core::Day day, core::Day end,
                                          const Known& known, learning::Rules rules) {
  learning::MaturedRates all;
  for (const store::Brand& other : store::brands(session)) {
    if (other.organization_id != brand.organization_id || other.id == brand.id) continue;
    const auto sums = known.sums(session, other.id, end);
    const bool is_mixed = std::ranges::any_of(
        sums, [&](const store::AdSums& ad) { return ad.currency != sums.front().currency; });
    if (sums.empty() || is_mixed) continue;
    const learning::MaturedRates rates = rates_at(session, other, sums, day, known, rules);
    for (const Component component : learning::kComponents) {
      if (component == Component::kCpm && sums.front().currency != currency) continue;
      all[component].insert(all[component].end(), rates[component].begin(), rates[component].end());
    }
  }
  return all;
}

}  // namespace

learning::Baseline baseline_of(store::Session& session, const store::Brand& brand,
                               const std::string& currency, core::Day today, const Known& known,
                               learning::Rules rules) {
  const bool is_classic = rules == learning::Rules::kClassic;
  const core::Day since = is_classic ? today : learning::quarter_of(today);
  const core::Day end = is_classic ? today + std::chrono::days(1) : since;
  if (!is_classic) {
    if (const auto kept = store::find_baseline(session, brand.id,
                                               learning::version_prefix(rules, since), known.own)) {
      return baseline_from_json(kept->document, since, rules);
    }
  }
  const learning::MaturedRates own =
      rates_at(session, brand, known.sums(session, brand.id, end), since, known, rules);
  return learning::make_baseline(
      since, own,
      suffices(own) ? learning::MaturedRates{}
                    : organization_rates(session, brand, currency, since, end, known, rules),
      rules);
}

}  // namespace adgenome::app
