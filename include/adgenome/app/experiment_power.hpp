#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace adgenome::app {

/// What is known of an experiment to come; what is not given comes from the brand's past where
/// there is one.
struct PowerRequest {
  std::string test = "proportions";  ///< proportions, means, mann_whitney
  /// Of proportions: which rate of the brand's past is meant, link_ctr of impressions or approval
  /// of ads, which are made in runs.
  std::string metric = "link_ctr";
  std::optional<double> baseline;  ///< of proportions: the control's rate
  /// Relative lift of a rate, difference in standard deviations, or P(variant > control).
  std::optional<double> effect;
  std::optional<std::int64_t> sample;  ///< units an arm
  std::optional<double> power;
  double alpha = 0.05;
  std::int64_t arms = 2;
  std::string correction = "bonferroni";  ///< or dunnett
  std::optional<double> icc;
  std::optional<double> cluster_size;
  std::optional<double> dispersion;
  std::optional<double> daily_impressions;  ///< of an arm
  std::optional<double> cpm;                ///< in the major unit
  std::optional<std::string> currency;
};

/// What the brand's past says of the above. A figure that it does not tell is absent.
struct BrandHistory {
  std::optional<double> link_ctr;
  std::optional<double> approval;
  std::optional<double> dispersion;
  std::optional<double> icc;
  std::optional<double> cluster_size;
  std::optional<double> daily_impressions;  ///< of an ad that delivers
  std::optional<double> cpm;
  std::optional<std::string> currency;
  std::optional<double> conversion_rate;  ///< of link clicks
  std::optional<double> conversion_dispersion;
  std::optional<double> cpc;  ///< price of a link click
  std::optional<double> cpc_dispersion;
  std::optional<double> cpa;  ///< spend for a conversion
  std::optional<double> cpa_dispersion;
  /// Variance of ln(value / spend) of an ad by its days, times the money spent.
  std::optional<double> roas_variance;
};

BrandHistory brand_history(store::Session& session, const std::string& brand_id, core::Time now);

/// The document adgenome/power/v1 (without `schema`). Exactly one of effect, sample and power is
/// worked out, power being 0.8 where only one is given. Throws InvalidInput where too little or too
/// much is given.
core::Json plan_experiment(PowerRequest request, const std::optional<BrandHistory>& history);

}  // namespace adgenome::app
