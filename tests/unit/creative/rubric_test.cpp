#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/creative/verdict.hpp>

using namespace adgenome::creative;

namespace {

ReviewStage clear_scan() {
  ReviewStage scan{.stage = 1, .reviewer = "local"};
  for (const DefectRule& rule : defect_kinds()) {
    scan.defects.push_back({std::string(rule.kind), DefectState::kClear, {}});
  }
  return scan;
}

ReviewStage all_at(double score) {
  ReviewStage full{.stage = 2, .reviewer = "local"};
  for (const CheckRule& rule : rubric()) full.checks.push_back({std::string(rule.id), score, {}});
  return full;
}

CheckScore& check(ReviewStage& stage, std::string_view id) {
  for (CheckScore& each : stage.checks) {
    if (each.id == id) return each;
  }
  FAIL("no check " << id);
  return stage.checks.front();
}

Verdict verdict_at(double score) {
  return decide({clear_scan(), all_at(score)}, {}).verdict;
}

}  // namespace

TEST_CASE("the verdict follows the weighted score") {
  CHECK(verdict_at(10) == Verdict::kApproved);
  CHECK(verdict_at(7.0) == Verdict::kApproved);
  CHECK(verdict_at(6.999) == Verdict::kFlagged);
  CHECK(verdict_at(5.0) == Verdict::kFlagged);
  CHECK(verdict_at(4.999) == Verdict::kRejected);
  CHECK(verdict_at(0) == Verdict::kRejected);
}

TEST_CASE("the score is a mean by weight over what was assessed") {
  ReviewStage full = all_at(8);
  check(full, "V1").score = 4;  // weight 1.5
  check(full, "C3").score.reset();
  check(full, "C3").evidence = {{"reason", "not measured"}};
  const Review review = decide({clear_scan(), full}, {});
  // The weights of the page add up to 16.3; C3 (0.8) is not assessed.
  CHECK(*review.score == doctest::Approx((8 * 14.0 + 4 * 1.5) / 15.5).epsilon(1e-9));
  CHECK(*review.assessed_weight == doctest::Approx(15.5 / 16.3).epsilon(1e-9));
}

TEST_CASE("a mean does not let a wrong product, label or claim pass") {
  for (const auto* id : {"V1", "V9", "C5"}) {
    ReviewStage full = all_at(10);
    check(full, id).score = 2.99;
    CHECK(decide({clear_scan(), full}, {}).verdict == Verdict::kRejected);
    check(full, id).score = 3.0;
    CHECK(decide({clear_scan(), full}, {}).verdict == Verdict::kApproved);
  }
  ReviewStage full = all_at(10);
  check(full, "V2").score = 0;
  CHECK(decide({clear_scan(), full}, {}).verdict == Verdict::kApproved);
}

TEST_CASE("too little assessed is for a person to decide, a claim that is not allowed is not") {
  ReviewStage full = all_at(10);
  for (const auto* id : {"V1", "V2", "V3", "V4", "V6", "V7"}) check(full, id).score.reset();
  const Review review = decide({clear_scan(), full}, {});
  CHECK(*review.assessed_weight < 0.6);
  CHECK(*review.score == 10);
  CHECK(review.verdict == Verdict::kFlagged);
  check(full, "C5").score = 0;
  CHECK(decide({clear_scan(), full}, {}).verdict == Verdict::kRejected);
}

TEST_CASE("a defect ends the review") {
  ReviewStage scan = clear_scan();
  CHECK_FALSE(scan_decides(scan));
  scan.defects[4].state = DefectState::kFound;
  CHECK(scan_decides(scan));
  const Review review = decide({scan}, {});
  CHECK(review.verdict == Verdict::kRejected);
  CHECK_FALSE(review.score);
  CHECK(review.stages.size() == 1);
}

TEST_CASE("what a scan did not see is no obstacle unless a full scan is asked for") {
  ReviewStage scan = clear_scan();
  scan.defects[1].state = DefectState::kNotAssessed;
  CHECK(decide({scan, all_at(9)}, {}).verdict == Verdict::kApproved);
  CHECK(decide({scan, all_at(9)}, {.requires_full_scan = true}).verdict == Verdict::kFlagged);
  CHECK(decide({scan, all_at(4)}, {.requires_full_scan = true}).verdict == Verdict::kRejected);
  CHECK(decide({clear_scan(), all_at(9)}, {.requires_full_scan = true}).verdict ==
        Verdict::kApproved);
}

TEST_CASE("an error is never a pass and never a fail") {
  ReviewStage scan{.stage = 1, .reviewer = "local", .error = "no data"};
  CHECK(scan_decides(scan));
  CHECK(decide({scan}, {}).verdict == Verdict::kReviewFailed);
  ReviewStage full{.stage = 2, .reviewer = "local", .error = "no data"};
  CHECK(decide({clear_scan(), full}, {}).verdict == Verdict::kReviewFailed);
}

TEST_CASE("scores that the rubric does not know are refused") {
  ReviewStage full = all_at(9);
  full.checks.push_back({"V1", 9, {}});
  CHECK_THROWS_AS(decide({clear_scan(), full}, {}), adgenome::core::InvalidInput);
  full.checks.back() = {"X1", 9, {}};
  CHECK_THROWS_AS(decide({clear_scan(), full}, {}), adgenome::core::InvalidInput);
  full = all_at(10.1);
  CHECK_THROWS_AS(decide({clear_scan(), full}, {}), adgenome::core::InvalidInput);
}
