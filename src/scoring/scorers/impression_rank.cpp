#include <algorithm>

#include "ad_library.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

constexpr std::int32_t kShortList = 10;

/// The best position that the competitor's ad had in the library: lists are in order of
/// impressions. In a short list even the last place says little against an ad.
Score rule(const AdLibrary& ad) {
  if (ad.best_position == 0) return {0.5, false};
  const double behind = ad.best_position - 1;
  if (ad.total > 0 && ad.total <= kShortList) {
    const double place = 1 - behind / std::max(ad.total - 1, 1);
    return {std::clamp(0.4 + 0.2 * place, 0.0, 1.0), true};
  }
  return {std::max(0.2, 1 - 0.016 * behind), true};
}

}  // namespace

void impression_rank(const Pool& pool, const Setting&, Block block) {
  score_each_ad<rule>(pool, block);
}

}  // namespace adgenome::scoring
