#include <doctest/doctest.h>

#include <adgenome/learning/snapshot_maturity.hpp>
#include <vector>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const core::Day kFirst{std::chrono::days{20'000}};

SnapshotAd rewarded(double reward, double weight = 1) {
  return {.first_delivery = kFirst, .reward = FinalReward{.reward = reward, .weight = weight}};
}

SnapshotAd maturing() {
  return {.first_delivery = kFirst + std::chrono::days{3}, .reward = {}};
}

SnapshotAd judged(double reward) {
  return {.first_delivery = {}, .reward = FinalReward{.reward = reward, .is_from_review = true}};
}

core::Day after(int days) {
  return kFirst + std::chrono::days{days};
}

}  // namespace

TEST_CASE("a snapshot's reward is the mean over its ads that have one") {
  const auto found =
      maturity_of(std::vector<SnapshotAd>{rewarded(0.2, 0.5), rewarded(0.6, 0.9)}, after(10));
  REQUIRE(found.reward);
  CHECK(found.reward->reward == doctest::Approx(0.4));
  CHECK(found.reward->weight == doctest::Approx(0.7));
  CHECK(found.reason.empty());
}

TEST_CASE("a snapshot waits for the ads that run, but not for ever") {
  const std::vector<SnapshotAd> ads = {rewarded(0.8), maturing()};
  CHECK(maturity_of(ads, after(10)).reason == "maturing");
  CHECK(maturity_of(ads, after(27)).reason == "maturing");
  REQUIRE(maturity_of(ads, after(28)).reward);
  CHECK(maturity_of(ads, after(28)).reward->reward == 0.8);
  // Without any final reward there is nothing to learn however long it takes.
  CHECK(maturity_of(std::vector<SnapshotAd>{maturing()}, after(90)).reason == "maturing");
}

TEST_CASE("ads that were never delivered do not count") {
  const SnapshotAd idle{.awaits_verdict = true, .first_delivery = {}, .reward = {}};
  CHECK(maturity_of(std::vector<SnapshotAd>{rewarded(0.8), idle}, after(10)).reward);
  CHECK(maturity_of(std::vector<SnapshotAd>{idle}, after(10)).reason == "not_delivered");
  CHECK(maturity_of({}, after(10)).reason == "no_ads");
}

TEST_CASE("without a platform verdicts are the rewards, once every ad has one") {
  const SnapshotAd flagged{.first_delivery = {}, .reward = {}};
  const SnapshotAd pending{.awaits_verdict = true, .first_delivery = {}, .reward = {}};
  const auto found =
      maturity_of(std::vector<SnapshotAd>{judged(1), judged(0), judged(1), flagged}, after(0));
  REQUIRE(found.reward);
  CHECK(found.reward->reward == doctest::Approx(2.0 / 3));
  CHECK(maturity_of(std::vector<SnapshotAd>{judged(1), pending}, after(0)).reason == "no_verdict");
  // What was delivered speaks louder than a verdict.
  CHECK(maturity_of(std::vector<SnapshotAd>{judged(1), rewarded(0.3)}, after(10)).reward->reward ==
        0.3);
}
