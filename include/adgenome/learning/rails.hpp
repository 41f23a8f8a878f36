#pragma once

#include <cstdint>
#include <string_view>

namespace adgenome::learning {

/// How far a learned weight is trusted, by what it was learned from.
enum class Phase { kCold, kWarm, kHot };

/// What kept an effective weight from where it was going.
enum class Limit { kNone, kFloor, kCeiling, kStep };

std::string_view name_of(Phase phase);  ///< "cold", "warm", "hot"

/// Cold below 30 observations, hot from 100 on.
Phase phase_at(std::int64_t observations);

/// Static weight while cold, learned weight when hot, in between a blend that grows linearly.
double blended_weight(double static_weight, double learned_weight, std::int64_t observations);

/// Into [0.1, 2.0], where every effective weight stays.
double clamped_weight(double weight);

struct RailedWeight {
  double weight = 0;
  Limit limit = Limit::kNone;
};

/// The weight that takes effect: `target` clamped, and within 0.15 of the last effective one.
RailedWeight railed_weight(double target, double previous);

}  // namespace adgenome::learning
