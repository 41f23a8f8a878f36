#pragma once

#include <adgenome/core/time.hpp>
#include <adgenome/learning/maturity_thresholds.hpp>
#include <adgenome/learning/rules.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace adgenome::learning {

/// Events over what they could come of, in fractions where they are estimates.
struct Count {
  double events = 0;
  double exposure = 0;
};

/// How much of an ad's events of one kind is reported yet, as a share of what will be, and how well
/// that is known.
struct ReportedShare {
  double share = 1;
  double log_sd = 0;
};

/// What a reward is made of.
enum class Component { kCtr, kConversion, kRoas, kCpm };
inline constexpr std::array kComponents = {Component::kCtr, Component::kConversion,
                                           Component::kRoas, Component::kCpm};
std::string_view name_of(Component component);

template <class T>
struct PerComponent {
  std::array<T, kComponents.size()> values{};
  T& operator[](Component component) { return values[static_cast<std::size_t>(component)]; }
  const T& operator[](Component component) const {
    return values[static_cast<std::size_t>(component)];
  }
};

/// What one ad delivered, as sums over its rows. A sum is absent where the source reports none.
struct AdOutcome {
  std::string ad_id;
  std::string objective;  ///< as the platform names it; empty: not known
  std::optional<core::Day> first_delivery;
  std::int64_t impressions = 0;
  std::optional<std::int64_t> clicks;  ///< link clicks where the source has them
  std::int64_t spend_micros = 0;
  std::optional<std::int64_t> conversions_millionths;
  std::optional<std::int64_t> conversion_value_micros;
  /// The value of its orders, each row's mean order value capped at the p99 of the brand: the
  /// smallest that 99 % of the brand's orders do not exceed, where each order is worth the mean of
  /// its row (single ones are not kept). Absent where the value is.
  std::optional<double> capped_value_micros = {};
  /// Whether an event of the component was ever counted in the account that the ad runs in (in
  /// every one where it runs in several): nobody waits for what the account never delivers.
  PerComponent<bool> is_deliverable{{true, true, true, true}};
  /// Clicks of impressions as they would be over the brand's own mix of places and people; counted
  /// in the place of those delivered.
  std::optional<Count> standardised_clicks = {};
  std::optional<ReportedShare> reported_clicks = {};  ///< where what is late is to be estimated
  std::optional<ReportedShare> reported_conversions = {};  ///< likewise
  MaturityThresholds maturity = {};                        ///< those of its account
};

/// The day from which late data no longer moves a component of an ad that delivered much.
core::Day final_from(Component component, const AdOutcome& outcome);

/// What a brand's ads have in common: a distribution of their true rates for each component.
///
/// CTR and conversion rate are Beta(shape, rest) with mean shape / (shape + rest); orders are
/// Poisson with mean (ROAS * spend / order value) and ROAS is Gamma(shape, rest) with mean
/// shape / rest. `shape` is therefore what the prior is worth in events. Fitted by moments (see
/// fit_brand); absent where the brand never had such an event.
struct RatePrior {
  double shape = 0;
  double rest = 0;
  double mean = 0;
  std::int64_t ads = 0;    ///< on which it rests
  bool is_fitted = false;  ///< otherwise `shape` is the default
};

struct BrandModel {
  std::optional<RatePrior> ctr;
  std::optional<RatePrior> conversion;
  std::optional<RatePrior> roas;
  bool has_cpm = false;
  double order_value = 0;  ///< mean capped value of an order in the major unit

  bool delivers(Component component) const;
};

/// Fits the priors over the brand's ads, in the order of their ids.
///
/// Mean: events over exposure of the ads that are old enough for the component (of all ads where
/// those have no event). Spread: method of moments on the weighted sum of squares
/// S = sum w (rate - mean)^2 with w the exposure, k ads, W = sum w and V = W - sum w^2 / W:
///   beta-binomial  rho = (S / (mean (1 - mean)) - (k - 1)) / (V - (k - 1)),
///                  shape + rest = 1 / rho - 1                       (Kleinman 1973)
///   gamma-Poisson  variance = (S - (k - 1) mean) / V, shape = mean^2 / variance
/// `shape` is kept in [0.5, 100]: ads differ by at least a tenth of their mean. Below five ads
/// that are old enough it is what maturity asks for in events: 10 clicks, 3 conversions, 3 orders.
BrandModel fit_brand(std::span<const AdOutcome> outcomes, core::Day today);

/// What an ad's own numbers and the brand's prior say of one component.
struct RateEstimate {
  std::optional<double> raw;     ///< as delivered
  std::optional<double> shrunk;  ///< mean of the posterior; nothing under classic rules
  std::optional<double> value;   ///< what counts: the shrunk rate, under classic rules the raw one
  double log_sd = 0;             ///< standard deviation of ln rate under the posterior
  std::optional<double> expected_events;  ///< at the brand's rate, given the ad's exposure
  bool has_evidence = false;              ///< enough exposure for the component to mature
  /// The rate once everything is reported, where the ad's reported share is known, and the standard
  /// deviation of its logarithm.
  std::optional<double> final_value;
  double final_log_sd = 0;
};

/// Nothing is known where the ad has no exposure or its account no such event. CPM (spend over a
/// thousand impressions in the major unit) is what was paid: neither shrunk nor uncertain.
RateEstimate estimate(Component component, const AdOutcome& outcome, const BrandModel& model,
                      Rules rules = Rules::kRobust);

}  // namespace adgenome::learning
