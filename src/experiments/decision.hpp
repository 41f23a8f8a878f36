#pragma once

#include <adgenome/experiments/analysis.hpp>

namespace adgenome::experiments {

/// Fills decision, winner, reason, effect_size and mde_80 from the comparisons.
void decide(Analysis& analysis);

/// The same of ads: by the boundary of the look and Holm, or under classic rules by P(best).
void decide_days(const std::vector<DayArm>& arms, Analysis& analysis);

/// The rank-biserial correlation that Mann-Whitney finds with a power of 80 % at a two-sided
/// `alpha`: (z_(1 - alpha/2) + z_0.8) standard deviations under the null (Noether 1987), with the
/// ties as they are; at most 1.
double detectable_effect(const stats::MannWhitney& test, double alpha);

}  // namespace adgenome::experiments
