#include <doctest/doctest.h>

#include <adgenome/app/calibrate.hpp>
#include <adgenome/app/decide.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/decisions.hpp>
#include <adgenome/store/review_answers.hpp>
#include <adgenome/store/reviews.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/stores.hpp"

using namespace adgenome;
using testing::kNow;
using testing::on_both_backends;

namespace {

constexpr auto kDay = std::chrono::days(1);

store::Brand add_brand(store::Session& session, const std::string& id) {
  session.execute("INSERT INTO organizations (id, name) VALUES ('o', 'o') ON CONFLICT DO NOTHING");
  session.execute("INSERT INTO brands (id, organization_id, name) VALUES ($1, 'o', $1)", {id});
  return *store::find_brand(session, id);
}

// An ad whose checks all scored the same, reviewed some days ago.
void add_reviewed(store::Session& session, const std::string& brand, const std::string& id,
                  double score, int days_ago, const std::string& reviewer = "local") {
  const std::string verdict = score >= 7 ? "approved" : score >= 5 ? "flagged" : "rejected";
  session.execute(
      "INSERT INTO ads (brand_id, id, short_id, ad_run_id, product_id, template_id, prompt_index, "
      "canvas_size, color_mode, name, status, provider, created_at) "
      "VALUES ($1, $2, $2, $2, '', 't', 1, '1:1', 'brand', $2, 'pending', 'local', $3)",
      {brand, id, kNow - 60 * kDay});
  core::Json checks = core::Json::object();
  for (const auto* check : {"V1", "V2", "V3", "V4", "V6", "V7", "C1", "C2", "C5", "G1"}) {
    checks[check] = {{"score", score}, {"evidence", core::Json::object()}};
  }
  store::record_review(
      session, brand, id, kNow - days_ago * kDay, "1",
      {.reviewer = reviewer, .state = "clear", .defects = core::Json::array(), .error = {}},
      {{.stage = 2,
        .reviewer = reviewer,
        .score = score,
        .assessed_weight = 0.7,
        .checks = checks,
        .verdict = verdict,
        .quality_config = "built-in",
        .error = {}}},
      verdict);
}

}  // namespace

TEST_CASE("decisions: calibration proposes from audits, and a stale proposal is refused") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const store::Brand brand = add_brand(session, "b");
    const store::Brand other = add_brand(session, "c");
    // People approve from about 5.5 on; the threshold of 7 costs good ads.
    core::RandomStream random(1, "world");
    for (int i = 0; i < 120; ++i) {
      const std::string id = "a" + std::to_string(1000 + i);
      const double score = 4 + 5 * random.next_uniform();
      add_reviewed(session, "b", id, score, 5);
      store::queue_audit(session, "b",
                         {.ad_id = id,
                          .probability = 0.15,
                          .verdict = score >= 7   ? "approved"
                                     : score >= 5 ? "flagged"
                                                  : "rejected",
                          .score = score,
                          .queued_at = kNow - 5 * kDay});
      const bool is_approved = score + random.next_uniform() > 6;
      app::decide(session, brand, {.ad = id, .action = is_approved ? "approve" : "reject"},
                  {.by = "anna", .now = kNow - 4 * kDay});
    }
    const app::CalibrateRequest request{.seed = 1, .now = kNow};
    const core::Json found = app::calibrate_brand(session, brand, request).document;
    CHECK(found.at("outcome") == "proposal");
    CHECK(found.at("ads") == 120);
    CHECK(found.at("by_score") == 120);
    CHECK(found.at("audits").at("answered") == 120);
    CHECK(found.at("approve_from").at("proposed").get<double>() < 6.6);
    CHECK(found.at("approve_from").at("proposed").get<double>() >= 6.0);
    CHECK(found.at("cost").at("difference_upper_90").get<double>() < 0);
    CHECK(found.at("version") == 1);
    // The same week again is the same proposal, and nothing counts before somebody says so.
    CHECK(app::calibrate_brand(session, brand, request).document.at("version") == 1);
    const app::QualityRequest by{.by = "ben", .now = kNow};
    CHECK(app::show_quality(session, brand, by, {}).at("counts") == "built-in");
    app::propose_quality(session, brand, by, nullptr, {{"approve_from", 6.8}});
    CHECK(app::activate_quality(session, brand, by, 2).at("counts") == "brand/2");
    CHECK_THROWS_AS(app::activate_quality(session, brand, by, 1), core::InvalidInput);
    CHECK(app::show_quality(session, other, by, {}).at("counts") == "built-in");
    // Outside of the window nobody judged anything.
    const core::Json later =
        app::calibrate_brand(session, brand, {.seed = 1, .now = kNow + 40 * kDay}).document;
    CHECK(later.at("outcome") == "insufficient_evidence");
    CHECK(later.at("ads") == 0);
    CHECK(app::calibrate_brand(session, other, request).document.at("ads") == 0);
  });
}

TEST_CASE("decisions: statistics by week, reviewer and check") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    const store::Brand brand = add_brand(session, "b");
    const auto decide = [&](const char* id, const char* action,
                            std::map<std::string, double> checks = {}) {
      app::decide(session, brand, {.ad = id, .action = action, .checks = std::move(checks)},
                  {.by = "anna", .now = kNow - kDay});
    };
    add_reviewed(session, "b", "a1", 8, 2);
    add_reviewed(session, "b", "a2", 9, 2, "other");
    add_reviewed(session, "b", "a3", 4, 2);
    add_reviewed(session, "b", "a4", 6, 2);
    add_reviewed(session, "b", "a5", 8, 16);
    decide("a1", "reject", {{"V2", 3}});
    decide("a2", "confirm");
    decide("a3", "confirm");
    decide("a4", "approve");
    const core::Json stats = app::decision_stats(session, brand, 4, kNow);
    REQUIRE(stats.at("weeks").size() == 2);
    CHECK(stats.at("weeks")[0].at("verdicts") == 1);
    CHECK(stats.at("weeks")[0].at("override_rate") == 0);
    CHECK(stats.at("weeks")[1].at("verdicts") == 3);
    CHECK(stats.at("weeks")[1].at("overridden") == 1);
    CHECK(stats.at("agreement").at("decided") == 3);
    CHECK(stats.at("agreement").at("approved_then_rejected") == 1);
    // 2 of 3 agree, chance 4/9: kappa (6/9 - 4/9) / (5/9).
    CHECK(stats.at("agreement").at("kappa").get<double>() == doctest::Approx(0.4));
    REQUIRE(stats.at("reviewers").size() == 2);
    CHECK(stats.at("reviewers")[0].at("reviewer") == "local");
    CHECK(stats.at("reviewers")[0].at("decided") == 3);
    CHECK(stats.at("reviewers")[0].at("agreed") == 1);
    const core::Json& legibility = stats.at("checks")[1];
    CHECK(legibility.at("check") == "V2");
    CHECK(legibility.at("corrections") == 1);
    CHECK(legibility.at("mean_correction").get<double>() == doctest::Approx(-5));
    CHECK(legibility.at("separation").get<double>() == doctest::Approx(0.75));
    CHECK(app::decision_stats(session, brand, 2, kNow).at("weeks").size() == 1);
  });
}

TEST_CASE("decisions: answers of reviewers are kept by key and brand") {
  on_both_backends([](const std::string& url) {
    store::Session session = testing::fresh_store(url);
    add_brand(session, "b");
    add_brand(session, "c");
    store::ReviewAnswer answer{.key = "k",
                               .stage = 2,
                               .reviewer = "local",
                               .reviewer_version = "2",
                               .answer = {{"stage", 2}},
                               .answered_at = kNow};
    store::put_review_answer(session, "b", answer);
    answer.answer = {{"stage", 3}};
    store::put_review_answer(session, "b", answer);
    CHECK(store::find_review_answer(session, "b", "k")->at("stage") == 3);
    CHECK_FALSE(store::find_review_answer(session, "c", "k"));
    CHECK_FALSE(store::find_review_answer(session, "b", "x"));
  });
}
