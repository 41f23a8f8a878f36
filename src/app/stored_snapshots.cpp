#include "stored_snapshots.hpp"

#include <vector>

namespace adgenome::app {

learning::Maturity maturity_of(const store::SnapshotRow& item, core::Day today) {
  std::vector<learning::SnapshotAd> ads;
  for (const store::SnapshotAdRow& row : item.ads) {
    learning::SnapshotAd ad{.awaits_verdict = row.status == "pending" && !row.human_decision,
                            .first_delivery = row.first_delivery,
                            .reward = std::nullopt};
    if (row.reward) {
      ad.reward = {.reward = *row.reward,
                   .weight = row.weight.value_or(1),
                   .is_from_review = row.is_from_review};
    }
    ads.push_back(ad);
  }
  return learning::maturity_of(ads, today);
}

}  // namespace adgenome::app
