#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/learning/delay.hpp>
#include <adgenome/learning/reward.hpp>
#include <adgenome/learning/standardise.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const core::Day kStart = core::parse_day("2026-10-02");

const core::Json& reference() {
  static const core::Json document = core::read_json(TEST_SOURCE_DIR "/reference/learning.json");
  return document;
}

core::Day day(std::int64_t number) {
  return kStart + std::chrono::days(number);
}

AdOutcome ad(std::string id, std::string objective, std::int64_t impressions, std::int64_t clicks,
             double spend, double conversions, double value) {
  return {.ad_id = std::move(id),
          .objective = std::move(objective),
          .first_delivery = kStart,
          .impressions = impressions,
          .clicks = clicks,
          .spend_micros = std::llround(spend * 1e6),
          .conversions_millionths = std::llround(conversions * 1e6),
          .conversion_value_micros = std::llround(value * 1e6),
          .capped_value_micros = value * 1e6};
}

std::vector<Reward> classic(const std::vector<AdOutcome>& ads, int age_days,
                            const ObjectiveTable& objectives = {}) {
  const core::Day today = day(age_days);
  return compute_rewards(ads, fit_brand(ads, today), make_baseline(today, {}, {}, Rules::kClassic),
                         today, objectives);
}

}  // namespace

TEST_CASE("classic rewards are raw rates placed linearly, as computed with NumPy") {
  std::vector<AdOutcome> ads;
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("linear")) {
    ads.push_back(ad(std::to_string(100 + ads.size()), row.at("objective"), row.at("impressions"),
                     row.at("clicks"), row.at("spend"), row.at("conversions"), row.at("value")));
  }
  const auto rewards = classic(ads, 10);
  for (std::size_t i = 0; i < ads.size(); ++i) {
    const core::Json& row = reference().at("linear").at(i);
    CAPTURE(i);
    for (const Component component : kComponents) {
      const auto at = static_cast<std::size_t>(component);
      const ComponentReward& found = rewards[i].components[component];
      CHECK(*found.raw == doctest::Approx(row.at("raw").at(at).get<double>()).epsilon(1e-12));
      CHECK(*found.normalised ==
            doctest::Approx(row.at("places").at(at).get<double>()).epsilon(1e-12));
      CHECK_FALSE(found.shrunk);
    }
    CHECK(*rewards[i].reward == doctest::Approx(row.at("reward").get<double>()).epsilon(1e-12));
    CHECK(*rewards[i].weight == 1);
    CHECK_FALSE(rewards[i].reward_sd);
  }
}

TEST_CASE("classic components mature by days and 500 impressions alone") {
  const auto at = [](std::int64_t impressions, int age) {
    return classic({ad("a", "SALES", impressions, 10, 5, 1, 30)}, age)[0];
  };
  CHECK(at(500, 3).components[Component::kCtr].state == Maturity::kFinal);
  CHECK(at(500, 2).components[Component::kCtr].state == Maturity::kMaturing);
  CHECK(at(499, 9).components[Component::kCtr].state == Maturity::kImmature);
  CHECK(at(500, 6).components[Component::kConversion].state == Maturity::kMaturing);
  CHECK(at(500, 7).components[Component::kConversion].state == Maturity::kFinal);
  CHECK(at(500, 10).components[Component::kRoas].state == Maturity::kFinal);
  CHECK_FALSE(at(500, 3).reward);  // 0.2 of the weight is under half
  CHECK(at(500, 3).reason == "coverage");
  CHECK(at(500, 7).reward);
}

TEST_CASE("a brand's own weights take the table's place") {
  const ObjectiveTable own(core::parse_json(R"({"OUTCOME_SALES": {"ctr": 1, "roas": 3}})", "x"),
                           "x");
  CHECK(own.weights("SALES")[Component::kRoas] == 0.75);
  CHECK(own.weights("outcome_sales")[Component::kCtr] == 0.25);
  CHECK(own.weights("LEADS")[Component::kConversion] == 0.8);
  CHECK(own.weights("UNKNOWN")[Component::kCtr] == doctest::Approx(1.0 / 3));
  const ObjectiveTable unknown(core::parse_json(R"({"UNKNOWN": {"cpm": 1}})", "x"), "x");
  CHECK(unknown.weights("REACH")[Component::kCpm] == 1);
  CHECK(unknown.weights("SALES")[Component::kCpm] == 0);
  for (const char* bad : {R"([])", R"({"SALES": {}})", R"({"SALES": {"clicks": 1}})",
                          R"({"SALES": {"ctr": -1}})", R"({"SALES": 1})"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(ObjectiveTable(core::parse_json(bad, "x"), "x"), core::InvalidInput);
  }
}

TEST_CASE("baselines say by which rules they were made") {
  const Baseline classic_one = make_baseline(kStart, {}, {}, Rules::kClassic);
  CHECK(classic_one.version() ==
        "classic 2026-10-02 ctr=constants conv=constants roas=constants cpm=constants");
  CHECK(rules_of_version(classic_one.version()) == Rules::kClassic);
  const Baseline robust = make_baseline(quarter_of(kStart), {}, {});
  CHECK(robust.version().starts_with("2026Q4 ctr="));
  CHECK(rules_of_version(robust.version()) == Rules::kRobust);
}

TEST_CASE("delay curves are those of the chain-ladder with Mack's errors") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("delay")) {
    std::vector<Development> rows;
    for (const core::Json& each : row.at("rows")) {
      rows.push_back({day(each.at(0)), day(each.at(1)), day(each.at(2)), each.at(3)});
    }
    const core::Day today = day(row.at("today"));
    const auto curve = fit_delay(rows, today);
    REQUIRE(curve);
    const auto& shares = row.at("shares");
    REQUIRE(curve->days() == static_cast<std::int64_t>(shares.size()));
    for (std::size_t age = 0; age < shares.size(); ++age) {
      CAPTURE(age);
      const ReportedShare& found = curve->at(static_cast<std::int64_t>(age));
      CHECK(found.share == doctest::Approx(shares.at(age).get<double>()).epsilon(1e-10));
      CHECK(found.log_sd == doctest::Approx(row.at("sds").at(age).get<double>()).epsilon(1e-9));
    }
    CHECK(curve->at(100).share == 1);
    std::reverse(rows.begin(), rows.end());
    CHECK(fit_delay(rows, today)->at(0).share ==
          doctest::Approx(curve->at(0).share).epsilon(1e-12));
  }
  CHECK_FALSE(fit_delay({}, kStart));
  const DelayCurve curve({{0.5, 0.1}, {1, 0}}, 9);
  const std::vector<DayExposure> days = {{day(3), 30}, {day(2), 10}};
  CHECK(reported_share(curve, days, day(3))->share == doctest::Approx(0.625));
  CHECK(reported_share(curve, days, day(3))->log_sd == doctest::Approx(0.1 * 15 / 25));
  CHECK_FALSE(reported_share(curve, {}, day(3)));
}

TEST_CASE("what is late is estimated, marked, and makes the reward less sure") {
  std::vector<AdOutcome> ads;
  for (int i = 0; i < 6; ++i) {
    ads.push_back(ad("old" + std::to_string(i), "LEADS", 9000, 150 + i * 20, 60, 6 + i, 0));
  }
  AdOutcome young = ad("young", "LEADS", 9000, 200, 60, 4, 0);
  young.first_delivery = day(16);
  ads.push_back(young);
  const auto rewards_of = [&] {
    return compute_rewards(ads, fit_brand(ads, day(20)), make_baseline(kStart, {}, {}), day(20));
  };
  const Reward plain = rewards_of().back();
  CHECK_FALSE(plain.reward);
  CHECK(plain.reason == "coverage");
  ads.back().reported_conversions = {.share = 0.5, .log_sd = 0.2};
  const Reward corrected = rewards_of().back();
  const ComponentReward& part = corrected.components[Component::kConversion];
  REQUIRE(part.estimated);
  CHECK(corrected.is_estimated);
  CHECK(corrected.reward);
  CHECK(part.state == Maturity::kMaturing);
  CHECK(*part.raw == 0.02);
  CHECK(part.estimated->value > *part.shrunk);
  CHECK(part.estimated->interval[0] < part.estimated->value);
  CHECK(part.estimated->interval[1] > part.estimated->value);
  CHECK(part.normalised_sd > plain.components[Component::kConversion].normalised_sd);
}

TEST_CASE("click rates over the brand's mix are those computed with NumPy") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("standardise")) {
    std::vector<BreakdownRow> rows;
    for (std::size_t i = 0; i < row.at("impressions").size(); ++i) {
      for (std::size_t cell = 0; cell < row.at("impressions").at(i).size(); ++cell) {
        rows.push_back({std::to_string(i), std::to_string(cell),
                        row.at("impressions").at(i).at(cell), row.at("clicks").at(i).at(cell)});
      }
    }
    const auto found = standardise(rows);
    std::reverse(rows.begin(), rows.end());
    const auto reversed = standardise(rows);
    for (std::size_t i = 0; i < row.at("ads").size(); ++i) {
      const core::Json& expected = row.at("ads").at(i);
      const Standardised& at = found.at(std::to_string(i));
      CHECK(at.rate == doctest::Approx(expected.at("rate").get<double>()).epsilon(1e-12));
      CHECK(at.mix_covered == doctest::Approx(expected.at("mix_covered").get<double>()));
      CHECK(at.effective_impressions ==
            doctest::Approx(expected.at("effective_impressions").get<double>()).epsilon(1e-12));
      CHECK(reversed.at(std::to_string(i)).rate == at.rate);
    }
  }
  CHECK(standardise({}).empty());
}

TEST_CASE("rewards do not hang on the order of the ads, and stay in [0, 1]") {
  std::vector<AdOutcome> ads;
  for (int i = 0; i < 40; ++i) {
    ads.push_back(ad(std::to_string(10 + i), i % 2 ? "SALES" : "AWARENESS", 600 + 997 * i,
                     (7 * i) % 50, 3 + i, i % 5, 17.0 * (i % 5)));
  }
  for (const Rules rules : {Rules::kRobust, Rules::kClassic}) {
    const auto run = [&](const std::vector<AdOutcome>& given) {
      const core::Day today = day(30);
      const BrandModel model = fit_brand(given, today);
      const auto rates = matured_rates(given, model, today, rules);
      auto rewards = compute_rewards(given, model, make_baseline(today, rates, {}, rules), today);
      std::sort(rewards.begin(), rewards.end(),
                [](const Reward& a, const Reward& b) { return a.ad_id < b.ad_id; });
      return rewards;
    };
    const auto first = run(ads);
    std::vector<AdOutcome> reversed(ads.rbegin(), ads.rend());
    const auto second = run(reversed);
    for (std::size_t i = 0; i < first.size(); ++i) {
      CHECK(first[i].reward == second[i].reward);
      if (!first[i].reward) continue;
      CHECK(*first[i].reward >= 0);
      CHECK(*first[i].reward <= 1);
      CHECK(*first[i].weight > 0);
      CHECK(*first[i].weight <= 1);
    }
  }
}
