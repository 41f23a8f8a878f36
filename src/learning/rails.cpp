#include <adgenome/learning/rails.hpp>
#include <algorithm>

namespace adgenome::learning {
namespace {

constexpr std::int64_t kWarmFrom = 30;
constexpr std::int64_t kHotFrom = 100;
constexpr double kFloor = 0.1;
constexpr double kCeiling = 2.0;
constexpr double kStep = 0.15;

}  // namespace

std::string_view name_of(Phase phase) {
  constexpr std::string_view kNames[] = {"cold", "warm", "hot"};
  return kNames[static_cast<int>(phase)];
}

Phase phase_at(std::int64_t observations) {
  if (observations < kWarmFrom) return Phase::kCold;
  return observations < kHotFrom ? Phase::kWarm : Phase::kHot;
}

double blended_weight(double static_weight, double learned_weight, std::int64_t observations) {
  switch (phase_at(observations)) {
    case Phase::kCold:
      return static_weight;
    case Phase::kHot:
      return learned_weight;
    case Phase::kWarm:
      break;
  }
  const double share = static_cast<double>(observations - kWarmFrom) / (kHotFrom - kWarmFrom);
  return (1 - share) * static_weight + share * learned_weight;
}

double clamped_weight(double weight) {
  return std::clamp(weight, kFloor, kCeiling);
}

RailedWeight railed_weight(double target, double previous) {
  RailedWeight railed{.weight = clamped_weight(target)};
  if (target < kFloor) railed.limit = Limit::kFloor;
  if (target > kCeiling) railed.limit = Limit::kCeiling;
  const double stepped = std::clamp(railed.weight, previous - kStep, previous + kStep);
  if (stepped != railed.weight) railed = {.weight = stepped, .limit = Limit::kStep};
  return railed;
}

}  // namespace adgenome::learning
