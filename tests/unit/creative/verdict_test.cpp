#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/creative/verdict.hpp>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::creative;

namespace {

ReviewStage clear_scan() {
  ReviewStage scan{.stage = 1, .reviewer = "local"};
  for (const DefectRule& rule : defect_kinds()) {
    scan.defects.push_back({std::string(rule.kind), DefectState::kClear, {}});
  }
  return scan;
}

ReviewStage all_at(double score, std::int64_t stage = 2) {
  ReviewStage full{.stage = stage, .reviewer = stage == 2 ? "local" : "other"};
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

Verdict verdict(double one, double other, Agreement agreement) {
  return decide({clear_scan(), all_at(one), all_at(other, 3)}, {.agreement = agreement}).verdict;
}

}  // namespace

TEST_CASE("a second opinion is called for between the bounds, both included") {
  const QualityConfig config;
  ReviewStage full = all_at(9);
  CHECK_FALSE(wants_second_opinion(full, config));
  for (const double at : {5.0, 6.0, 7.0}) {
    check(full, "C4").score = at;
    CHECK(wants_second_opinion(full, config));
  }
  for (const double beyond : {4.99, 7.01}) {
    check(full, "C4").score = beyond;
    CHECK_FALSE(wants_second_opinion(full, config));
  }
  // What one reviewer rejects for good needs no other.
  check(full, "C4").score = 6;
  check(full, "C5").score = 1;
  CHECK_FALSE(wants_second_opinion(full, config));
  CHECK_FALSE(wants_second_opinion({.stage = 2, .error = "down"}, config));
}

TEST_CASE("classic: either may approve; robust: the mean counts") {
  struct Row {
    double one, other;
    Verdict either, mean;
  };
  for (const Row& row : {Row{7, 3, Verdict::kApproved, Verdict::kFlagged},
                         Row{3, 7.5, Verdict::kApproved, Verdict::kFlagged},
                         Row{8, 1, Verdict::kApproved, Verdict::kRejected},
                         Row{6, 6, Verdict::kFlagged, Verdict::kFlagged},
                         Row{6, 4.9, Verdict::kRejected, Verdict::kFlagged},
                         Row{6.5, 7.5, Verdict::kApproved, Verdict::kApproved},
                         Row{6.9, 7.0, Verdict::kApproved, Verdict::kFlagged},
                         Row{4, 4, Verdict::kRejected, Verdict::kRejected}}) {
    // An auto-reject check at 3.0 is not under its bound; lower ones are raised to it.
    ReviewStage one = all_at(row.one);
    ReviewStage other = all_at(row.other, 3);
    for (ReviewStage* stage : {&one, &other}) {
      for (CheckScore& each : stage->checks) {
        if (QualityConfig().of(each.id).is_auto_reject) each.score.reset();
      }
    }
    CAPTURE(row.one);
    CAPTURE(row.other);
    const auto verdict_by = [&](Agreement agreement) {
      return decide({clear_scan(), one, other}, {.agreement = agreement}).verdict;
    };
    CHECK(verdict_by(Agreement::kEither) == row.either);
    CHECK(verdict_by(Agreement::kMean) == row.mean);
  }
}

TEST_CASE("an auto-reject by either reviewer rejects, also classic") {
  ReviewStage second = all_at(9, 3);
  check(second, "V9").score = 2.9;
  for (const Agreement agreement : {Agreement::kEither, Agreement::kMean}) {
    CHECK(decide({clear_scan(), all_at(9), second}, {.agreement = agreement}).verdict ==
          Verdict::kRejected);
  }
  CHECK(verdict(9, 9, Agreement::kEither) == Verdict::kApproved);
}

TEST_CASE("a second reviewer that fails never lets an ad pass") {
  const ReviewStage failed{.stage = 3, .reviewer = "other", .error = "timed out"};
  const auto verdict_at = [&](double first) {
    return decide({clear_scan(), all_at(first), failed}, {}).verdict;
  };
  CHECK(verdict_at(9) == Verdict::kFlagged);
  CHECK(verdict_at(5) == Verdict::kFlagged);
  CHECK(verdict_at(4.9) == Verdict::kRejected);
  // Too little was assessed for a verdict, whoever failed.
  ReviewStage little = all_at(4.9);
  for (const auto* id : {"V1", "V2", "V3", "V4", "V6", "V7", "V9", "C1"})
    check(little, id).score.reset();
  CHECK(decide({clear_scan(), little, failed}, {}).verdict == Verdict::kFlagged);
}

TEST_CASE("the disagreement of two reviewers is told") {
  ReviewStage second = all_at(5, 3);
  check(second, "V2").score.reset();
  const Review review = decide({clear_scan(), all_at(7), second}, {});
  REQUIRE(review.disagreement);
  CHECK(review.disagreement->score == doctest::Approx(2));
  CHECK(review.disagreement->checks.size() == 15);
  CHECK(review.disagreement->checks.front().second == doctest::Approx(-2));
  CHECK(*review.score == doctest::Approx(6));
}

TEST_CASE("what one reviewer could not assess another may have") {
  ReviewStage first = all_at(8);
  for (const auto* id : {"V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"}) {
    check(first, id).score.reset();
  }
  CHECK(decide({clear_scan(), first}, {}).verdict == Verdict::kFlagged);
  CHECK(decide({clear_scan(), first, all_at(8, 3)}, {}).verdict == Verdict::kApproved);
}

TEST_CASE("the bounds and weights of the config count") {
  VerdictRules rules;
  rules.config.approve_from = 8;
  CHECK(decide({clear_scan(), all_at(7.5)}, rules).verdict == Verdict::kFlagged);
  rules.config.flag_from = 7.6;
  CHECK(decide({clear_scan(), all_at(7.5)}, rules).verdict == Verdict::kRejected);
  rules = {};
  ReviewStage full = all_at(8);
  check(full, "V3").score = 0;
  CHECK(decide({clear_scan(), full}, rules).verdict == Verdict::kApproved);
  rules.config.weights[2].weight = 10;
  CHECK(decide({clear_scan(), full}, rules).verdict == Verdict::kRejected);
  rules.config.weights[2].is_auto_reject = true;
  rules.config.weights[2].weight = 0.1;
  CHECK(decide({clear_scan(), full}, rules).verdict == Verdict::kRejected);
}

TEST_CASE("failed checks and open defects are named once") {
  ReviewStage scan = clear_scan();
  scan.defects[1].state = DefectState::kNotAssessed;
  ReviewStage first = all_at(8);
  ReviewStage second = all_at(8, 3);
  check(first, "V4").score = 4;
  check(second, "V4").score = 3;
  check(second, "C2").score = 1;
  const Review review = decide({scan, first, second}, {});
  CHECK(review.failed_checks == std::vector<std::string>{"V4", "C2"});
  CHECK(review.not_assessed == std::vector<std::string>{"ANATOMY_ERROR"});
}

TEST_CASE("repeated answers are one with a mean and a spread") {
  std::vector<ReviewStage> answers{all_at(6), all_at(8), all_at(7)};
  check(answers[1], "C3").score.reset();
  const ReviewStage one = combine_repeats(answers, {});
  REQUIRE(one.spread);
  CHECK(one.spread->repeats == 3);
  CHECK(one.spread->scores.size() == 3);
  CHECK(one.spread->checks.front() == std::pair<std::string, double>("V1", 2));
  CHECK(*one.checks.front().score == doctest::Approx(7));
  ReviewStage scored = one;
  CHECK(*check(scored, "C3").score == doctest::Approx(6.5));
  answers[2] = {.stage = 2, .error = "down"};
  CHECK(combine_repeats(answers, {}).error == "down");
  CHECK_FALSE(combine_repeats({all_at(6)}, {}).spread);
}

TEST_CASE("a defect that half of the answers found is found") {
  std::vector<ReviewStage> answers(4, clear_scan());
  answers[0].defects[0].state = DefectState::kFound;
  CHECK(combine_repeats(answers, {}).defects[0].state == DefectState::kClear);
  answers[1].defects[0].state = DefectState::kFound;
  CHECK(combine_repeats(answers, {}).defects[0].state == DefectState::kFound);
  answers[2].defects[1].state = DefectState::kNotAssessed;
  CHECK(combine_repeats(answers, {}).defects[1].state == DefectState::kNotAssessed);
}

TEST_CASE("a config goes to JSON and back, and says what is wrong with it") {
  QualityConfig config;
  config.approve_from = 7.25;
  config.weights[3] = {0.4, true};
  const core::Json document = to_json(config);
  CHECK(quality_problems(document).empty());
  const QualityConfig again = quality_from_json(document, "test");
  CHECK(again.approve_from == 7.25);
  CHECK(again.of("V4").weight == 0.4);
  CHECK(again.of("V4").is_auto_reject);
  const auto problems_with = [&](const char* pointer, core::Json value) {
    core::Json changed = document;
    changed[core::Json::json_pointer(pointer)] = std::move(value);
    return quality_problems(changed).size();
  };
  CHECK(problems_with("/flag_from", 7.25) == 1);
  CHECK(problems_with("/approve_from", 10.5) == 1);
  CHECK(problems_with("/approve_from", "7") == 1);
  CHECK(problems_with("/weights/V1", -1) == 1);
  CHECK(problems_with("/weights/X1", 1) == 1);
  CHECK(problems_with("/least_assessed", 1.5) == 1);
  CHECK(problems_with("/auto_reject/0", "X9") == 1);
  CHECK(problems_with("/unknown", 1) == 1);
  core::Json missing = document;
  missing["weights"].erase("G2");
  CHECK(quality_problems(missing) == std::vector<std::string>{"weights: check G2 is missing"});
  CHECK_THROWS_AS((void)quality_from_json(missing, "test"), core::InvalidInput);
}
