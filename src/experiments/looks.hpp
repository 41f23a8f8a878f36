#pragma once

#include <adgenome/experiments/analysis.hpp>

namespace adgenome::experiments {

// The tests of a comparison that need more than the values: what was planned, what was seen before.

/// The sequential test of one variant, with the running minimum and intersection over the looks;
/// where it does not apply, `not_computed` says why.
void look_at(const Arm& control, const Arm& variant, bool is_binary, const AnalysisOptions& options,
             Comparison& result);

/// The test of `non_inferiority`, by cluster where there are some.
void test_non_inferiority(const Arm& control, const Arm& variant, bool is_binary,
                          const AnalysisOptions& options, Comparison& result);

/// Of units that were assigned at random: one variant or several that share `split` evenly.
SampleRatio sample_ratio(const std::vector<std::int64_t>& observed, double split,
                         double min_deviation);

}  // namespace adgenome::experiments
