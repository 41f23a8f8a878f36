#include <algorithm>
#include <cmath>

#include "ad_library.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

constexpr double kHalfLifeDays = 30;

/// How high the ad stands now, the more so the younger it is: a place won in days is worth more
/// than one held for months.
Score rule(const AdLibrary& ad) {
  if (ad.latest_position == 0 || ad.age_days == AdLibrary::kUnknownAge) return {0.5, false};
  double place = ad.latest_position == 1 ? 1.0 : 0.5;
  if (ad.total > 1) place = 1 - (ad.latest_position - 1.0) / (ad.total - 1.0);
  const double freshness = std::exp2(-std::max(ad.age_days, 1.0) / kHalfLifeDays);
  return {std::clamp(place * (0.4 + 0.6 * freshness), 0.0, 1.0), true};
}

}  // namespace

void impression_velocity(const Pool& pool, const Setting&, Block block) {
  score_each_ad<rule>(pool, block);
}

}  // namespace adgenome::scoring
