#pragma once

#include <adgenome/learning/calibration.hpp>
#include <vector>

namespace adgenome::learning {

/// Approved, flagged, rejected: what people said of them.
std::vector<VerdictRates> verdict_rates(std::span<const JudgedAd> ads);

/// Every check of the settings, in their order; it passes an ad from `approve_from` on and fails
/// it under `flag_from`.
std::vector<CheckRates> check_rates(const CalibrationSettings& settings,
                                    std::span<const JudgedAd> ads);

}  // namespace adgenome::learning
