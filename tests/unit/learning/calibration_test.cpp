#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/learning/calibration.hpp>
#include <adgenome/stats/binary_fit.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

constexpr std::size_t kChecks = 6;
constexpr double kRight =
    6.96;  // where two thirds of the ads are good: a pass costs least from here

/// A world in which people approve by one score; all checks say the same, with some noise.
struct World {
  double approve_from = 7;
  double steepness = 1.6;
  std::vector<double> worth = std::vector<double>(kChecks, 1.0);  ///< of a check to people

  std::vector<JudgedAd> make(std::size_t count, std::uint64_t seed) const {
    core::RandomStream random(seed, "world");
    const auto normal = [&] { return stats::normal_quantile(random.next_uniform()); };
    std::vector<JudgedAd> ads;
    for (std::size_t i = 0; i < count; ++i) {
      JudgedAd ad{.ad_id = "a" + std::to_string(100000 + i), .verdict = "", .checks = {}};
      const double quality = 7 + 1.2 * normal();
      double sum = 0;
      double seen = 0;
      double worths = 0;
      for (std::size_t check = 0; check < kChecks; ++check) {
        const double score = std::min(10.0, std::max(0.0, quality + 0.6 * normal()));
        ad.checks.emplace_back(score);
        sum += score;
        seen += worth[check] * score;
        worths += worth[check];
      }
      const double score = sum / kChecks;
      const double odds = std::log(2.0) + steepness * (seen / worths - kRight);
      ad.verdict = score >= approve_from ? "approved" : score >= 5 ? "flagged" : "rejected";
      ad.is_by_score = true;
      ad.is_approved = random.next_uniform() < stats::logistic(odds);
      ads.push_back(std::move(ad));
    }
    return ads;
  }
};

CalibrationSettings settings_at(double approve_from) {
  CalibrationSettings settings;
  for (std::size_t i = 0; i < kChecks; ++i) settings.check_ids.push_back("V" + std::to_string(i));
  settings.weights.assign(kChecks, 1.0);
  settings.approve_from = approve_from;
  settings.bootstrap_draws = 500;
  return settings;
}

/// A random share of all, as audits are.
std::vector<JudgedAd> audited(const std::vector<JudgedAd>& all, double rate, std::uint64_t seed) {
  std::vector<JudgedAd> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (core::RandomStream(seed, "audit").uniform_at(i) >= rate) continue;
    kept.push_back(all[i]);
    kept.back().probability = rate;
  }
  return kept;
}

/// Overrides are made where people disagree: half of the bad ads among the approved are found, and
/// of everything else one in seven is looked at.
std::vector<JudgedAd> overridden(const std::vector<JudgedAd>& all, std::uint64_t seed) {
  std::vector<JudgedAd> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_bad_pass = all[i].verdict == "approved" && !all[i].is_approved;
    if (core::RandomStream(seed, "override").uniform_at(i) < (is_bad_pass ? 0.5 : 0.145)) {
      kept.push_back(all[i]);
    }
  }
  return kept;
}

}  // namespace

TEST_CASE("audits find the threshold of least cost where overrides mislead") {
  const std::vector<JudgedAd> all = World{}.make(40000, 1);
  const CalibrationSettings settings = settings_at(7);
  const Calibration random = calibrate(settings, audited(all, 0.15, 2), 3);
  const Calibration chosen = calibrate(settings, overridden(all, 2), 3);
  REQUIRE(random.approve_from);
  REQUIRE(chosen.approve_from);
  CHECK(*random.unbounded_approve_from == doctest::Approx(kRight).epsilon(0.015));
  // As page 5.4 has it: 7.61 where 6.96 is right.
  CHECK(*chosen.unbounded_approve_from == doctest::Approx(7.61).epsilon(0.015));
}

TEST_CASE("a threshold that is far off is moved towards the right one, by 1 at most") {
  const std::vector<JudgedAd> ads = audited(World{}.make(2000, 4), 0.5, 5);
  const Calibration high = calibrate(settings_at(8.5), ads, 6);
  CHECK(high.outcome == CalibrationOutcome::kProposal);
  CHECK(*high.approve_from == doctest::Approx(7.5));
  CHECK(*high.flag_from == doctest::Approx(4.0));
  CHECK(high.interval->upper < 0);
  CHECK(*high.difference < 0);
  CHECK(*high.new_cost < *high.old_cost);
  const Calibration low = calibrate(settings_at(6.2), ads, 6);
  CHECK(low.outcome == CalibrationOutcome::kProposal);
  CHECK(*low.approve_from > 6.5);
}

TEST_CASE("numbers that are right already are left alone") {
  int proposals = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto ads = audited(World{}.make(400, 100 + seed), 0.5, seed);
    const Calibration found = calibrate(settings_at(kRight), ads, seed);
    proposals += found.outcome == CalibrationOutcome::kProposal;
  }
  // The bound is one-sided at 90 %: chance proposes in a tenth of the weeks at most.
  CHECK(proposals <= 6);
}

TEST_CASE("a check that people do not look at loses weight, one that they look at gains") {
  World world;
  world.worth = {3, 1, 1, 1, 1, 0};
  world.steepness = 3;
  const Calibration found = calibrate(settings_at(7.6), world.make(3000, 7), 8);
  REQUIRE(found.weights.size() == kChecks);
  CHECK(found.outcome == CalibrationOutcome::kProposal);
  CHECK(found.weights[0] > 1.2);
  CHECK(found.weights[5] < 0.8);
  for (const double weight : found.weights) {
    CHECK(weight >= 0.5);
    CHECK(weight <= 1.5);
  }
}

TEST_CASE("few judged ads, or all judged alike, say nothing") {
  const auto ads = World{}.make(29, 9);
  const Calibration few = calibrate(settings_at(7), ads, 1);
  CHECK(few.outcome == CalibrationOutcome::kInsufficientEvidence);
  CHECK(few.ads == 29);
  CHECK_FALSE(few.approve_from);
  auto alike = World{}.make(60, 9);
  for (JudgedAd& ad : alike) ad.is_approved = true;
  CHECK(calibrate(settings_at(7), alike, 1).outcome == CalibrationOutcome::kInsufficientEvidence);
  auto by_defect = World{}.make(60, 9);
  for (std::size_t i = 0; i < 40; ++i) by_defect[i].is_by_score = false;
  const Calibration defects = calibrate(settings_at(7), by_defect, 1);
  CHECK(defects.outcome == CalibrationOutcome::kInsufficientEvidence);
  CHECK(defects.ads == 60);
  CHECK(defects.by_score == 20);
}

TEST_CASE("a score that says nothing of people's decisions is not calibrated") {
  auto ads = World{}.make(300, 10);
  core::RandomStream random(1, "coin");
  for (JudgedAd& ad : ads) {
    ad.is_approved = (*score_of(ad, settings_at(7).weights) < 7) == (random.next_uniform() < 0.9);
  }
  CHECK(calibrate(settings_at(7), ads, 1).outcome == CalibrationOutcome::kNoImprovement);
}

TEST_CASE("the order of the ads does not matter, and the same seed gives the same") {
  auto ads = World{}.make(200, 11);
  const Calibration one = calibrate(settings_at(7.8), ads, 12);
  std::reverse(ads.begin(), ads.end());
  const Calibration other = calibrate(settings_at(7.8), ads, 12);
  CHECK(*one.approve_from == *other.approve_from);
  CHECK(*one.difference == *other.difference);
  CHECK(one.interval->upper == other.interval->upper);
}

TEST_CASE("rates by verdict and check count an ad for the inverse of its probability") {
  std::vector<JudgedAd> ads;
  const auto add = [&](const char* verdict, double score, bool is_approved, double probability) {
    ads.push_back({.ad_id = std::to_string(ads.size()),
                   .verdict = verdict,
                   .checks = std::vector<std::optional<double>>(kChecks, score),
                   .is_by_score = true,
                   .is_approved = is_approved,
                   .probability = probability});
  };
  add("approved", 8, true, 0.5);
  add("approved", 8, false, 0.25);
  add("rejected", 4, true, 0.5);
  const Calibration found = calibrate(settings_at(7), ads, 1);
  CHECK(*found.verdicts[0].approved.share == doctest::Approx(2.0 / 6));
  CHECK(found.verdicts[0].approved.ads == 2);
  CHECK_FALSE(found.verdicts[1].approved.share);
  CHECK(*found.verdicts[2].approved.share == doctest::Approx(1));
  CHECK(*found.checks[0].false_approvals.share == doctest::Approx(4.0 / 6));
  CHECK(*found.checks[0].false_rejections.share == doctest::Approx(1));
  CHECK(*found.checks[0].approved_mean == doctest::Approx((2 * 8 + 2 * 4) / 4.0));
}
