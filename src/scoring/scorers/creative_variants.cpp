#include "ad_library.hpp"
#include "scorers.hpp"

namespace adgenome::scoring {
namespace {

/// Advertisers make variants of what works for them.
Score rule(const AdLibrary& ad) {
  if (ad.variants == 0) return {0.3, false};
  if (ad.variants == 1) return {0.3, true};
  if (ad.variants <= 3) return {0.6, true};
  return {ad.variants <= 7 ? 0.8 : 1.0, true};
}

}  // namespace

void creative_variants(const Pool& pool, const Setting&, Block block) {
  score_each_ad<rule>(pool, block);
}

}  // namespace adgenome::scoring
