#include <doctest/doctest.h>

#include <adgenome/core/json.hpp>
#include <adgenome/learning/genome.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

TaggedReward rewarded(std::string ad, std::string run, double reward, double weight = 1) {
  return {.ad_id = std::move(ad),
          .run = std::move(run),
          .product_id = "",
          .tags = {{"hook_type", "story"}},
          .reward = reward,
          .weight = weight};
}

ElementScore score_of(const std::vector<TaggedReward>& rewards, double icc) {
  return sum_events(element_events(rewards, icc)).at(0);
}

std::vector<ElementScore> displayed(const std::vector<TaggedReward>& rewards, double icc) {
  std::vector<ShownElement> elements;
  for (const ElementScore& score : sum_events(element_events(rewards, icc))) {
    elements.push_back(shown_element(score, {score.alpha, score.beta}));
  }
  order_for_display(elements);
  std::vector<ElementScore> scores;
  for (const ShownElement& element : elements) scores.push_back(element.score);
  return scores;
}

}  // namespace

TEST_CASE("a reward adds itself to alpha and the rest of 1 to beta, by its weight") {
  const ElementScore one = score_of({rewarded("a", "r", 0.8, 0.5)}, 0.2);
  CHECK(one.alpha == doctest::Approx(1.4));
  CHECK(one.beta == doctest::Approx(1.1));
  CHECK(one.mean() == doctest::Approx(1.4 / 2.5));
  CHECK(one.observations == 1);
  CHECK(one.effective_observations() == doctest::Approx(0.5));

  TaggedReward imported = rewarded("a", "r", 0.8, 0.5);
  imported.is_imported = true;
  CHECK(score_of({imported}, 0.2).effective_observations() == doctest::Approx(0.15));
}

TEST_CASE("the ads of one run count less, those without a run alone") {
  // Three ads of one run at icc 0.5: each 1 / (1 + 2 * 0.5).
  CHECK(score_of({rewarded("a", "r", 1), rewarded("b", "r", 1), rewarded("c", "r", 0)}, 0.5)
            .effective_observations() == doctest::Approx(1.5));
  CHECK(score_of({rewarded("a", "", 1), rewarded("b", "", 1)}, 0.5).effective_observations() ==
        doctest::Approx(2));
}

TEST_CASE("an element counts for the brand and for the product") {
  TaggedReward of_product = rewarded("a", "r", 1);
  of_product.product_id = "serum";
  const auto scores = sum_events(element_events(std::vector{of_product, rewarded("b", "s", 0)}, 0));
  REQUIRE(scores.size() == 2);
  CHECK(scores[0].element.scope == "");
  CHECK(scores[0].observations == 2);
  CHECK(scores[1].element.scope == "serum");
  CHECK(scores[1].observations == 1);
}

TEST_CASE("the correlation within runs is fitted where there are runs enough") {
  std::vector<TaggedReward> rewards;
  for (int run = 0; run < 4; ++run) {
    for (int i = 0; i < 2; ++i) {
      rewards.push_back(rewarded(std::to_string(run) + std::to_string(i), std::to_string(run),
                                 run % 2 ? 0.9 : 0.1));
    }
  }
  CHECK(fit_icc(rewards).value == 0.2);
  CHECK_FALSE(fit_icc(rewards).is_fitted);
  rewards.push_back(rewarded("x0", "x", 0.5));
  rewards.push_back(rewarded("x1", "x", 0.5));
  CHECK(fit_icc(rewards).value == doctest::Approx(1));  // the ads of a run do exactly alike
  CHECK(fit_icc(rewards).is_fitted);
  for (TaggedReward& reward : rewards) reward.reward = 0.4;
  CHECK(fit_icc(rewards).value == 0.2);  // no difference to explain
  for (std::size_t i = 0; i < rewards.size(); ++i) rewards[i].reward = i % 2 ? 1 : 0;
  CHECK(fit_icc(rewards).value == 0);  // less alike than chance
}

TEST_CASE("scores agree with those of SciPy, in the order of their lower bounds") {
  const core::Json expected = core::read_json(TEST_SOURCE_DIR "/reference/genome.json");
  std::vector<TaggedReward> rewards;
  for (const core::Json& row : expected.at("rows")) {
    TaggedReward reward =
        rewarded(row.at("ad_id"), row.at("run"), row.at("reward"), row.at("weight"));
    reward.tags = row.at("tags").get<std::map<std::string, std::string>>();
    rewards.push_back(reward);
  }
  const Icc icc = fit_icc(rewards);
  CHECK(icc.value == doctest::Approx(expected.at("icc").get<double>()).epsilon(1e-10));
  const auto scores = displayed(rewards, icc.value);
  REQUIRE(scores.size() == expected.at("elements").size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const core::Json& row = expected.at("elements").at(i);
    CHECK(scores[i].element.dimension == row.at("dimension"));
    CHECK(scores[i].element.value == row.at("value"));
    CHECK(scores[i].alpha == doctest::Approx(row.at("alpha").get<double>()).epsilon(1e-10));
    CHECK(scores[i].beta == doctest::Approx(row.at("beta").get<double>()).epsilon(1e-10));
    CHECK(scores[i].observations == row.at("observations"));
    const Interval interval = credible_interval(scores[i].alpha, scores[i].beta);
    CHECK(interval.low == doctest::Approx(row.at("interval").at(0).get<double>()).epsilon(1e-9));
    CHECK(interval.high == doctest::Approx(row.at("interval").at(1).get<double>()).epsilon(1e-9));
    CHECK(interval.low > 0);
    CHECK(interval.high < 1);
    CHECK(interval.low < scores[i].mean());
    CHECK(scores[i].mean() < interval.high);
  }
  std::reverse(rewards.begin(), rewards.end());
  const auto reversed = displayed(rewards, fit_icc(rewards).value);
  for (std::size_t i = 0; i < scores.size(); ++i) CHECK(reversed[i].alpha == scores[i].alpha);
}
