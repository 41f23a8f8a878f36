#include <adgenome/learning/snapshot_maturity.hpp>
#include <algorithm>

namespace adgenome::learning {
namespace {

constexpr std::chrono::days kLongestWait{28};

/// The mean over the ads whose reward comes from where it should; nothing where there is none.
std::optional<FinalReward> mean_reward(std::span<const SnapshotAd> ads, bool from_review) {
  FinalReward mean{.reward = 0, .weight = 0, .is_from_review = from_review};
  double count = 0;
  for (const SnapshotAd& ad : ads) {
    if (!ad.reward || ad.reward->is_from_review != from_review) continue;
    mean.reward += ad.reward->reward;
    mean.weight += ad.reward->weight;
    ++count;
  }
  if (count == 0) return std::nullopt;
  mean.reward /= count;
  mean.weight /= count;
  return mean;
}

}  // namespace

Maturity maturity_of(std::span<const SnapshotAd> ads, core::Day today) {
  if (ads.empty()) return {.reward = {}, .reason = "no_ads"};
  std::optional<core::Day> first_delivery;
  bool is_one_maturing = false;
  for (const SnapshotAd& ad : ads) {
    if (!ad.first_delivery) continue;
    first_delivery = std::min(first_delivery.value_or(*ad.first_delivery), *ad.first_delivery);
    is_one_maturing = is_one_maturing || !ad.reward || ad.reward->is_from_review;
  }
  if (const auto delivered = mean_reward(ads, false)) {
    const bool waits = is_one_maturing && first_delivery && today < *first_delivery + kLongestWait;
    if (waits) return {.reward = {}, .reason = "maturing"};
    return {.reward = delivered, .reason = ""};
  }
  if (first_delivery) return {.reward = {}, .reason = "maturing"};

  const bool awaits_verdict =
      std::any_of(ads.begin(), ads.end(), [](const SnapshotAd& ad) { return ad.awaits_verdict; });
  const auto reviewed = mean_reward(ads, true);
  if (reviewed && !awaits_verdict) return {.reward = reviewed, .reason = ""};
  return {.reward = {}, .reason = reviewed ? "no_verdict" : "not_delivered"};
}

}  // namespace adgenome::learning
