#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/learning/delivery.hpp>
#include <adgenome/learning/reward.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

constexpr Component kCtr = Component::kCtr;
constexpr Component kConversion = Component::kConversion;
constexpr Component kRoas = Component::kRoas;
constexpr Component kCpm = Component::kCpm;

const core::Day kStart = core::parse_day("2026-10-02");

AdOutcome ad(std::string id, std::int64_t impressions, std::int64_t clicks, double spend,
             double conversions, double value) {
  return {.ad_id = std::move(id),
          .objective = "CONVERSIONS",
          .first_delivery = kStart,
          .impressions = impressions,
          .clicks = clicks,
          .spend_micros = std::llround(spend * 1e6),
          .conversions_millionths = std::llround(conversions * 1e6),
          .conversion_value_micros = std::llround(value * 1e6),
          .capped_value_micros = value * 1e6};
}

/// Eight ads of one brand that differ.
std::vector<AdOutcome> brand() {
  std::vector<AdOutcome> ads;
  for (int i = 0; i < 8; ++i) {
    ads.push_back(
        ad("ad" + std::to_string(i), 10000 + 1000 * i, 100 + 30 * i, 90, 4 + i, 200 + 60.0 * i));
  }
  return ads;
}

std::vector<Reward> rewards_of(const std::vector<AdOutcome>& ads, int age_days) {
  const core::Day today = kStart + std::chrono::days(age_days);
  return compute_rewards(ads, fit_brand(ads, today), make_baseline(quarter_of(today), {}, {}),
                         today);
}

}  // namespace

TEST_CASE("quartiles are placed at a quarter and three quarters, and nothing is out of reach") {
  CHECK(normalise(0.005, 0.005, 0.02) == doctest::Approx(0.25).epsilon(1e-14));
  CHECK(normalise(0.02, 0.005, 0.02) == doctest::Approx(0.75).epsilon(1e-14));
  CHECK(normalise(0.01, 0.005, 0.02) == doctest::Approx(0.5).epsilon(1e-14));  // geometric mean
  // By hand: ln x is one more half-width above p75, so the odds of 3 become 27.
  CHECK(normalise(0.04, 0.005, 0.02) == doctest::Approx(9.0 / 10).epsilon(1e-12));
  CHECK(normalise(0.7, 0.3, 0.3) == 0.5);
  CHECK(normalise(0.5, 0.005, 0.02) < 1);
  CHECK(normalise(0.5, 0.005, 0.02) > normalise(0.4, 0.005, 0.02));
}

TEST_CASE("the uncertainty of a place follows that of the rate") {
  // Small: the slope of the logistic, g (1 - g) * 2 ln 3 / ln(p75 / p25) * sd.
  const double slope = 0.25 * 2 * std::log(3) / std::log(4);
  CHECK(normalised_sd(0.01, 1e-4, 0.005, 0.02) == doctest::Approx(slope * 1e-4).epsilon(1e-6));
  CHECK(normalised_sd(0.01, 0, 0.005, 0.02) == 0);
  CHECK(normalised_sd(0.01, 0.3, 0.01, 0.01) == 0.5);
  CHECK(normalised_sd(0.01, 50, 0.005, 0.02) < 0.5);
  CHECK(normalised_sd(0.01, 50, 0.005, 0.02) > 0.45);
  CHECK(learner_weight(0) == 1);
  CHECK(learner_weight(std::sqrt(0.05)) == doctest::Approx(0.5));
}

TEST_CASE("the objective weighs the components, under the platform's names of either age") {
  const auto sales = objective_weights("OUTCOME_SALES");
  CHECK(sales[kCtr] == 0.2);
  CHECK(sales[kConversion] == 0.3);
  CHECK(sales[kRoas] == 0.5);
  CHECK(sales[kCpm] == 0);
  CHECK(objective_weights("LEADS")[kConversion] == 0.8);
  CHECK(objective_weights("outcome_traffic")[kCtr] == 0.7);
  CHECK(objective_weights("OUTCOME_AWARENESS")[kCpm] == 0.5);
  CHECK(objective_weights("OUTCOME_ENGAGEMENT")[kRoas] == 0.2);
  for (const char* name : {"", "UNKNOWN", "OUTCOME_APP_PROMOTION", "VIDEO_VIEWS"}) {
    CAPTURE(name);
    CHECK(objective_weights(name)[kRoas] == doctest::Approx(1.0 / 3));
    CHECK(objective_weights(name)[kCpm] == 0);
  }
  CHECK(canonical_objective("") == "UNKNOWN");
  CHECK(canonical_objective("OUTCOME_SALES") == "SALES");
  CHECK(canonical_objective("OUTCOME_APP_PROMOTION") == "OUTCOME_APP_PROMOTION");
}

TEST_CASE("rewards of a brand agree with those of SciPy") {
  const core::Json expected = core::read_json(TEST_SOURCE_DIR "/reference/reward.json");
  DeliveryLedger ledger;  // one row an ad
  for (const core::Json& row : expected.at("ads")) {
    const auto millionths = [&](const char* name) {
      return std::llround(row.at(name).get<double>() * 1e6);
    };
    ledger.add(row.at("ad_id"), {},
               {.start = kStart,
                .stop = kStart,
                .impressions = row.at("impressions"),
                .spend_micros = millionths("spend"),
                .clicks = row.at("clicks").get<std::int64_t>(),
                .link_clicks = {},
                .conversions_millionths = millionths("conversions"),
                .conversion_value_micros = millionths("conversion_value"),
                .objective = "CONVERSIONS"});
  }
  const core::Day today = kStart + std::chrono::days(expected.at("age_days").get<int>());
  const std::vector<AdOutcome> ads = ledger.fold(today);
  const BrandModel model = fit_brand(ads, today);
  const core::Json& priors = expected.at("priors");
  CHECK(model.ctr->shape == doctest::Approx(priors.at("ctr").get<double>()).epsilon(1e-10));
  CHECK(model.conversion->shape == doctest::Approx(priors.at("conv").get<double>()).epsilon(1e-10));
  CHECK(model.roas->shape == doctest::Approx(priors.at("roas").get<double>()).epsilon(1e-10));
  CHECK(model.order_value == doctest::Approx(priors.at("order_value").get<double>()));

  const auto rewards = rewards_of(ads, expected.at("age_days").get<int>());
  int rewarded = 0;
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    const core::Json& row = expected.at("rewards").at(i);
    CAPTURE(rewards[i].ad_id);
    CHECK(*rewards[i].coverage == doctest::Approx(row.at("coverage").get<double>()));
    for (const auto& [name, part] : row.at("components").items()) {
      const Component component = name == "ctr" ? kCtr : name == "conv" ? kConversion : kRoas;
      const ComponentReward& found = rewards[i].components[component];
      CAPTURE(name);
      CHECK(*found.raw == doctest::Approx(part.at("raw").get<double>()));
      CHECK(*found.shrunk == doctest::Approx(part.at("shrunk").get<double>()).epsilon(1e-10));
      CHECK(*found.expected_events == doctest::Approx(part.at("expected_events").get<double>()));
      CHECK(*found.normalised ==
            doctest::Approx(part.at("normalised").get<double>()).epsilon(1e-10));
      CHECK(found.normalised_sd ==
            doctest::Approx(part.at("normalised_sd").get<double>()).epsilon(1e-6));
    }
    CHECK(rewards[i].reward.has_value() == !row.at("reward").is_null());
    if (!rewards[i].reward) continue;
    ++rewarded;
    CHECK(*rewards[i].reward == doctest::Approx(row.at("reward").get<double>()).epsilon(1e-10));
    CHECK(*rewards[i].reward_sd ==
          doctest::Approx(row.at("reward_sd").get<double>()).epsilon(1e-6));
    CHECK(*rewards[i].weight == doctest::Approx(row.at("weight").get<double>()).epsilon(1e-6));
  }
  CHECK(rewarded == 22);
}

TEST_CASE("rates of few ads are shrunk to the brand's with a prior of known worth") {
  // Two ads: 30 clicks of 2,000; the prior is worth 10 clicks of 10 / 0.015 impressions.
  const std::vector<AdOutcome> ads = {ad("a", 1000, 25, 10, 0, 0), ad("b", 1000, 5, 10, 0, 0)};
  const BrandModel model = fit_brand(ads, kStart + std::chrono::days(30));
  CHECK(model.ctr->mean == 0.015);
  CHECK_FALSE(model.ctr->is_fitted);
  const RateEstimate rate = estimate(kCtr, ads[0], model);
  CHECK(*rate.raw == 0.025);
  CHECK(*rate.shrunk == doctest::Approx((10 + 25) / (10 / 0.015 + 1000)));
  CHECK(*rate.expected_events == doctest::Approx(15));
  CHECK_FALSE(model.delivers(kConversion));
  CHECK_FALSE(model.delivers(kRoas));
  CHECK(model.delivers(kCpm));
}

TEST_CASE("a component needs its days and its evidence, an ad half of its weight") {
  const auto states = [](int age_days) {
    const Reward reward = rewards_of(brand(), age_days)[7];
    std::string text;
    for (const Component component : {kCtr, kConversion, kRoas}) {
      text += std::string(name_of(*reward.components[component].state)) + " ";
    }
    return text + std::string(name_of(reward.state)) + " " + reward.reason.value_or("rewarded");
  };
  CHECK(states(2) == "maturing maturing maturing maturing too_young");
  CHECK(states(3) == "final maturing maturing maturing coverage");
  CHECK(states(7) == "final final maturing maturing rewarded");
  CHECK(states(10) == "final final final final rewarded");

  auto ads = brand();
  ads.push_back(ad("few", 999, 20, 9, 0, 0));
  const Reward few = rewards_of(ads, 20).back();
  CHECK(few.components[kCtr].state == Maturity::kImmature);
  CHECK(few.reason == "not_enough_evidence");
  CHECK_FALSE(few.reward);
  CHECK_FALSE(few.weight);
  CHECK(few.components[kCtr].raw);  // what is known is shown

  ads.back().first_delivery.reset();
  ads.back().impressions = 0;
  ads.back().clicks = 0;
  CHECK(rewards_of(ads, 20).back().reason == "no_delivery");
}

TEST_CASE("what the account never delivers does not stand in the way") {
  auto ads = brand();
  for (AdOutcome& outcome : ads) outcome.conversion_value_micros.reset();
  const Reward reward = rewards_of(ads, 10)[3];
  CHECK_FALSE(reward.components[kRoas].state);
  CHECK(*reward.coverage == 1);
  CHECK(reward.components[kCtr].weight == doctest::Approx(0.4));
  CHECK(reward.components[kConversion].weight == doctest::Approx(0.6));
  CHECK(reward.state == Maturity::kFinal);
  CHECK(*reward.matured_at == kStart + std::chrono::days(7));
}

TEST_CASE("another account's conversions do not stand in the way") {
  auto ads = brand();
  ads[3].conversions_millionths = 0;
  ads[3].conversion_value_micros = 0;
  ads[3].is_deliverable = {{true, false, false, true}};
  const Reward reward = rewards_of(ads, 10)[3];
  CHECK_FALSE(reward.components[kConversion].state);
  CHECK_FALSE(reward.components[kRoas].state);
  CHECK(*reward.coverage == 1);
  CHECK(reward.components[kCtr].weight == doctest::Approx(1));
  CHECK(*reward.reward == doctest::Approx(*reward.components[kCtr].normalised));
  // Its clicks stay among those that the brand's prior rests on; a baseline leaves it out.
  const core::Day today = kStart + std::chrono::days(10);
  const BrandModel model = fit_brand(ads, today);
  CHECK(model.conversion->ads == 8);
  CHECK(matured_rates(ads, model, today)[kConversion].size() == 7);
}

TEST_CASE("better numbers give better rewards") {
  const auto with = [](const char* objective, auto change) {
    auto ads = brand();
    for (AdOutcome& outcome : ads) outcome.objective = objective;
    change(ads[3]);
    return *rewards_of(ads, 20)[3].reward;
  };
  const auto same = [](AdOutcome&) {};
  CHECK(with("TRAFFIC", [](AdOutcome& a) { *a.clicks += 60; }) > with("TRAFFIC", same));
  CHECK(with("LEADS", [](AdOutcome& a) { *a.conversions_millionths += 9000000; }) >
        with("LEADS", same));
  CHECK(with("SALES", [](AdOutcome& a) { a.spend_micros *= 2; }) < with("SALES", same));
  CHECK(with("AWARENESS", [](AdOutcome& a) { a.spend_micros *= 2; }) < with("AWARENESS", same));
}

TEST_CASE("an ad's CPM places it from the other side") {
  auto ads = brand();
  for (AdOutcome& outcome : ads) {
    outcome.objective = "AWARENESS";
    outcome.spend_micros = outcome.impressions * 20000;  // 20 a thousand, the constants' p75
  }
  const Reward reward = rewards_of(ads, 20)[0];
  CHECK(*reward.components[kCpm].raw == doctest::Approx(20));
  CHECK(*reward.components[kCpm].normalised == doctest::Approx(0.25));
  CHECK(reward.components[kCpm].normalised_sd == 0);
}

TEST_CASE("order of the ads does not matter") {
  auto ads = brand();
  const auto forward = rewards_of(ads, 20);
  std::reverse(ads.begin(), ads.end());
  auto backward = rewards_of(ads, 20);
  std::reverse(backward.begin(), backward.end());
  for (std::size_t i = 0; i < forward.size(); ++i) {
    CHECK(*forward[i].reward == *backward[i].reward);
    CHECK(*forward[i].reward_sd == *backward[i].reward_sd);
    CHECK(*forward[i].reward >= 0);
    CHECK(*forward[i].reward <= 1);
  }
}

TEST_CASE("a baseline is the brand's, else the organization's, else constant") {
  MaturedRates brand_rates;
  MaturedRates organization;
  for (int i = 1; i <= 21; ++i) brand_rates[kCtr].push_back(i);
  for (int i = 19; i >= 1; --i) brand_rates[kRoas].push_back(i);
  for (int i = 0; i < 20; ++i) organization[kRoas].push_back(2);
  const Baseline baseline = make_baseline(core::parse_day("2026-10-01"), brand_rates, organization);
  CHECK(baseline.components[kCtr].p25 == 6);
  CHECK(baseline.components[kCtr].p75 == 16);
  CHECK(baseline.components[kRoas].p25 == 2);
  CHECK(baseline.components[kRoas].source == BaselineSource::kOrganization);
  CHECK(baseline.components[kConversion].p75 == 0.03);
  CHECK(baseline.components[kCpm].p25 == 5);
  CHECK(baseline.version() ==
        "2026Q4 ctr=brand:21 conv=constants roas=organization:20 cpm=constants");
  CHECK(quarter_of(core::parse_day("2026-12-31")) == core::parse_day("2026-10-01"));
  CHECK(quarter_of(core::parse_day("2026-01-01")) == core::parse_day("2026-01-01"));
}

TEST_CASE("only rates that are mature on the day go into a baseline") {
  const auto ads = brand();
  const auto count = [&](int age_days, Component component) {
    const core::Day day = kStart + std::chrono::days(age_days);
    return matured_rates(ads, fit_brand(ads, day), day)[component].size();
  };
  CHECK(count(2, kCtr) == 0);
  CHECK(count(3, kCtr) == 8);
  CHECK(count(9, kRoas) == 0);
  CHECK(count(10, kRoas) == 8);
}

TEST_CASE("one very large order does not make an order value") {
  // Five ads with an order a day over 40 days, each of 50, and one of 20,000 among them.
  const auto rewarded = [](bool has_whale) {
    DeliveryLedger ledger;
    for (int a = 0; a < 5; ++a) {
      for (int d = 0; d < 40; ++d) {
        const core::Day day = kStart + std::chrono::days(d);
        const bool is_whale = has_whale && a == 0 && d == 7;
        ledger.add("ad" + std::to_string(a), {},
                   {.start = day,
                    .stop = day,
                    .impressions = 3000,
                    .spend_micros = 40'000'000,
                    .clicks = 40,
                    .link_clicks = 40,
                    .conversions_millionths = 1'000'000,
                    .conversion_value_micros = is_whale ? 20'000'000'000 : 50'000'000,
                    .objective = "SALES"});
      }
    }
    return ledger.fold(kStart + std::chrono::days(40));
  };
  const auto plain = rewarded(false);
  const auto with_whale = rewarded(true);
  CHECK(with_whale[0].conversion_value_micros == 21'950'000'000);
  CHECK(*with_whale[0].capped_value_micros == 2'000'000'000.0);
  const core::Day today = kStart + std::chrono::days(40);
  const BrandModel model = fit_brand(with_whale, today);
  CHECK(model.order_value == doctest::Approx(50));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const RateEstimate rate = estimate(kRoas, with_whale[i], model);
    CHECK(*rate.shrunk == *estimate(kRoas, plain[i], fit_brand(plain, today)).shrunk);
    CHECK(*rate.shrunk == doctest::Approx(1.25));  // 50 of 40
  }
  CHECK(*estimate(kRoas, with_whale[0], model).raw == doctest::Approx(21950.0 / 1600));
}

TEST_CASE("an account's own thresholds decide when its ads have matured") {
  const auto first = [](const core::Json& settings) {
    auto ads = brand();
    ads[0].maturity = maturity_thresholds_from(settings);
    return rewards_of(ads, 5)[0];
  };
  // Clicks alone are old enough: a fifth of the weight.
  CHECK(first(nullptr).reason == "coverage");
  CHECK(first({{"coverage", 0.2}}).matured_at == kStart + std::chrono::days(3));
  const Reward sooner = first({{"conversion_days", 5}});
  CHECK(sooner.components[kConversion].state == learning::Maturity::kFinal);
  CHECK(*sooner.coverage == doctest::Approx(0.5));
  CHECK(sooner.matured_at == kStart + std::chrono::days(5));
  CHECK(first({{"ctr_days", 6}}).components[kCtr].state == learning::Maturity::kMaturing);
  for (const char* name : {"impressions", "clicks"}) {
    CHECK(first({{name, 20'000}}).components[kCtr].state == learning::Maturity::kImmature);
  }
  CHECK(first({{"orders", 1'000}}).components[kRoas].state == learning::Maturity::kImmature);
  CHECK(is_revised(0.5, 0.505, 0.001));
  CHECK(changed_thresholds(maturity_thresholds_from({{"orders", 3}, {"clicks", 12}})) ==
        core::Json{{"clicks", 12.0}});
  CHECK_THROWS_WITH_AS(maturity_thresholds_from({{"roas_days", 9.5}}),
                       "expected a whole number, 0 to 90, found 9.5", core::InvalidInput);
}

TEST_CASE("conversions without clicks stay a rate") {
  auto ads = brand();
  ads[0].clicks = 1;  // enquiries of people who only saw the ad
  const BrandModel model = fit_brand(ads, kStart + std::chrono::days(30));
  const RateEstimate rate = estimate(kConversion, ads[0], model);
  CHECK(*rate.raw == 4);
  CHECK(*rate.shrunk < 1);
  CHECK(std::isfinite(rate.log_sd));
}

TEST_CASE("without a platform the review is the reward, and small changes are none") {
  CHECK(*review_reward("a", true, kStart).reward == 1);
  CHECK(*review_reward("a", false, kStart).reward == 0);
  CHECK_FALSE(is_revised(0.5, 0.509));
  CHECK(is_revised(0.5, 0.511));
  CHECK(is_revised(0.5, 0.489));
}
