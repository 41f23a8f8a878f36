#pragma once

#include <adgenome/core/time.hpp>
#include <optional>
#include <span>
#include <string_view>

namespace adgenome::learning {

/// The final reward of an ad.
struct FinalReward {
  double reward = 0;
  double weight = 1;
  bool is_from_review = false;  ///< of a brand without a platform: a verdict, not a delivery
};

/// An ad that was made from a selection item.
struct SnapshotAd {
  bool awaits_verdict = false;  ///< neither reviewed, flagged, failed nor decided by a person
  std::optional<core::Day> first_delivery;
  std::optional<FinalReward> reward;
};

/// What a selection item teaches, or why it does not yet.
struct Maturity {
  std::optional<FinalReward> reward;  ///< mean reward and mean weight of its ads
  std::string_view reason;            ///< of the absence; else empty
};

/// A selection item matures when one of its ads has a final reward and none that was delivered
/// waits for one, at the latest 28 days after its first delivery; ads never delivered do not count.
/// Without a platform it matures when no ad waits for a verdict.
///
/// Reasons: no_ads, not_delivered, maturing, no_verdict.
Maturity maturity_of(std::span<const SnapshotAd> ads, core::Day today);

}  // namespace adgenome::learning
