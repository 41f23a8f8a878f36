#include <adgenome/learning/maturity_thresholds.hpp>

#include "read_thresholds.hpp"

namespace adgenome::learning {
namespace {

using Values = MaturityThresholds;

constexpr double kMostDays = 90;
constexpr double kMany = 1e9;
constexpr Threshold<Values> kThresholds[] = {
    {"ctr_days", &Values::ctr_days, 0, kMostDays, true},
    {"conversion_days", &Values::conversion_days, 0, kMostDays, true},
    {"roas_days", &Values::roas_days, 0, kMostDays, true},
    {"impressions", &Values::impressions, 1, kMany, true},
    {"classic_impressions", &Values::classic_impressions, 1, kMany, true},
    {"clicks", &Values::clicks, 0, kMany},
    {"conversions", &Values::conversions, 0, kMany},
    {"orders", &Values::orders, 0, kMany},
    {"coverage", &Values::coverage, 0, 1},
    {"revision", &Values::revision, 0, 1}};

}  // namespace

std::span<const Threshold<MaturityThresholds>> maturity_thresholds() {
  return kThresholds;
}

MaturityThresholds maturity_thresholds_from(const core::Json& settings) {
  return read_thresholds("maturity", maturity_thresholds(), settings);
}

core::Json changed_thresholds(const MaturityThresholds& thresholds) {
  return changed_of(maturity_thresholds(), thresholds);
}

}  // namespace adgenome::learning
