#include <doctest/doctest.h>

#include <adgenome/core/json.hpp>
#include <adgenome/learning/cold_start.hpp>
#include <adgenome/learning/element_choice.hpp>
#include <adgenome/learning/element_prior.hpp>
#include <adgenome/learning/genome_check.hpp>
#include <adgenome/learning/winning_combinations.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const core::Day kStart = core::parse_day("2026-10-02");

const core::Json& reference() {
  static const core::Json document = core::read_json(TEST_SOURCE_DIR "/reference/learning.json");
  return document;
}

TaggedReward rewarded(std::string ad, std::map<std::string, std::string> tags, double reward) {
  return {.ad_id = std::move(ad),
          .run = "",
          .product_id = "",
          .tags = std::move(tags),
          .reward = reward};
}

std::vector<Belief> beliefs_at(const core::Json& rows) {
  std::vector<Belief> beliefs;
  for (const core::Json& row : rows) beliefs.push_back({row.at(0), row.at(1)});
  return beliefs;
}

ElementScore score_of(const std::string& value, double alpha, double beta, std::int64_t count) {
  return {.element = {"", "hook_type", value}, .alpha = alpha, .beta = beta, .observations = count};
}

}  // namespace

TEST_CASE("classic credit is one, to the side of the reward") {
  const std::vector<TaggedReward> rewards = {rewarded("a", {{"hook_type", "story"}}, 0.5),
                                             rewarded("b", {{"hook_type", "story"}}, 0.49)};
  auto imported = rewards;
  imported[0].is_imported = true;
  const auto scores = sum_events(element_events(rewards, 0.2, Rules::kClassic));
  CHECK(scores[0].alpha == 2);
  CHECK(scores[0].beta == 2);
  CHECK(sum_events(element_events(imported, 0.2, Rules::kClassic))[0].alpha ==
        doctest::Approx(1.3));
}

TEST_CASE("scores without events are those of the events") {
  std::vector<TaggedReward> rewards;
  for (int i = 0; i < 40; ++i) {
    rewards.push_back(rewarded("ad" + std::to_string(i * 7 % 40),
                               {{"a", std::to_string(i % 3)}, {"b", std::to_string(i % 4)}},
                               0.013 * i));
    rewards.back().run = std::to_string(i / 3);
    rewards.back().day = kStart - std::chrono::days(i);
  }
  for (const Rules rules : {Rules::kRobust, Rules::kClassic}) {
    const Discount discount{3, kStart};
    const auto one = score_elements(rewards, 0.3, rules, discount);
    const auto two = sum_events(element_events(rewards, 0.3, rules), discount);
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      CHECK(one[i].element == two[i].element);
      CHECK(one[i].alpha == two[i].alpha);
      CHECK(one[i].beta == two[i].beta);
      CHECK(one[i].observations == two[i].observations);
      CHECK(one[i].mean() > 0);
      CHECK(one[i].mean() < 1);
    }
  }
}

TEST_CASE("older rewards count less under a half-life") {
  std::vector<TaggedReward> rewards = {rewarded("a", {{"hook_type", "story"}}, 1),
                                       rewarded("b", {{"hook_type", "story"}}, 1)};
  rewards[0].day = kStart;
  rewards[1].day = kStart + std::chrono::days(28);
  const auto score = [&](std::optional<Discount> discount) {
    return sum_events(element_events(rewards, 0), discount)[0];
  };
  CHECK(score({}).alpha == 3);
  CHECK(score(Discount{4, kStart + std::chrono::days(28)}).alpha == doctest::Approx(2.5));
  CHECK(score(Discount{2, kStart + std::chrono::days(28)}).alpha == doctest::Approx(2.25));
  CHECK(score(Discount{2, kStart + std::chrono::days(28)}).observations == 2);
}

TEST_CASE("priors of dimensions are at the greatest likelihood") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("prior")) {
    std::vector<Trials> values;
    for (std::size_t i = 0; i < row.at("trials").size(); ++i) {
      values.push_back({row.at("successes").at(i), row.at("trials").at(i)});
    }
    const auto prior = fit_beta_binomial(values);
    REQUIRE(prior);
    CHECK(prior->alpha == doctest::Approx(row.at("alpha").get<double>()).epsilon(1e-4));
    CHECK(prior->beta == doctest::Approx(row.at("beta").get<double>()).epsilon(1e-4));
  }
  std::vector<Trials> few(4, Trials{1, 2});
  CHECK_FALSE(fit_beta_binomial(few));
  // Values that differ by less than chance: as sure as a prior may be.
  std::vector<Trials> alike(6, Trials{30, 60});
  CHECK(fit_beta_binomial(alike)->strength() == doctest::Approx(1000));
  CHECK(fit_beta_binomial(alike)->mean() == doctest::Approx(0.5));
  std::vector<Trials> sure(6, Trials{0, 10});
  CHECK(fit_beta_binomial(sure)->mean() < 0.01);
}

TEST_CASE("what brands lend stands in, shrunk to its dimension; classic by 0.3") {
  LentElements one;
  LentElements two;
  for (int i = 0; i < 6; ++i) {
    const std::string value = "v" + std::to_string(i);
    one.scores[{"hook_type", value}] = score_of(value, 2 + i, 8 - i, 8);
    two.scores[{"hook_type", value}] = score_of(value, 3 + i, 9 - i, 2);
  }
  const std::vector<LentElements> lent = {one, two};
  const ElementPriors robust({}, lent, Rules::kRobust);
  CHECK(robust.source("hook_type") == "organization");
  CHECK(robust.of("hook_type", "v5")->mean() > robust.of("hook_type", "v0")->mean());
  CHECK(robust.of("hook_type", "new"));
  CHECK_FALSE(robust.of("persona", "x"));
  const ElementPriors classic({}, lent, Rules::kClassic);
  // By hand: alphas above one 1 and 2, weighed 8 to 2, times 0.3.
  CHECK(classic.of("hook_type", "v0")->alpha == doctest::Approx(1 + 0.3 * (8 * 1 + 2 * 2) / 10.0));
  CHECK_FALSE(classic.of("hook_type", "new"));
  std::vector<ElementScore> own;
  for (int i = 0; i < 5; ++i) own.push_back(score_of("o" + std::to_string(i), 3 + i, 9 - i, 10));
  CHECK(ElementPriors(own, lent, Rules::kRobust).source("hook_type") == "brand");
}

TEST_CASE("levels of a cold start go by the days since the first delivery") {
  const auto at = [](int days) {
    return number_of(cold_start(kStart, kStart + std::chrono::days(days)));
  };
  CHECK(number_of(cold_start(std::nullopt, kStart)) == 0);
  CHECK(at(-1) == 0);
  CHECK(at(0) == 1);
  CHECK(at(13) == 1);
  CHECK(at(14) == 2);
  CHECK(at(29) == 2);
  CHECK(at(30) == 3);
  CHECK(exploration_rate(0) == doctest::Approx(0.3));
  CHECK(exploration_rate(100) == doctest::Approx(0.3 / std::exp(1)));
  CHECK(exploration_rate(10000) == 0.05);
  CHECK(forced_exploration(29) == 0.30);
  CHECK(forced_exploration(30) == doctest::Approx(0.30 * std::exp(-0.3)));
  CHECK(forced_exploration(1000) == 0.05);
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("belief")) {
    const ElementScore score =
        score_of("x", row.at("alpha"), row.at("beta"), row.at("observations"));
    const BetaPrior prior{row.at("prior").at(0), row.at("prior").at(1)};
    const Belief mixed = belief(score, prior, ColdStart::kFirstMonth);
    CHECK(mixed.mean() == doctest::Approx(row.at("mean").get<double>()).epsilon(1e-12));
    CHECK(mixed.variance() == doctest::Approx(row.at("variance").get<double>()).epsilon(1e-10));
    const Belief later = belief(score, prior, ColdStart::kOwnData);
    CHECK(later.alpha == doctest::Approx(row.at("later").at(0).get<double>()).epsilon(1e-12));
    CHECK(later.beta == doctest::Approx(row.at("later").at(1).get<double>()).epsilon(1e-12));
    CHECK(belief(score, prior, ColdStart::kNoData).alpha == prior.alpha);
    CHECK(belief(score, prior, ColdStart::kFirstWeeks).alpha == score.alpha);
    CHECK(belief(score, {}, ColdStart::kFirstMonth).alpha == score.alpha);
  }
}

TEST_CASE("rewards of the first weeks come from clicks and their cost") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("provisional")) {
    const AdOutcome outcome = {.ad_id = "a",
                               .objective = "",
                               .first_delivery = kStart,
                               .impressions = row.at("impressions"),
                               .clicks = row.at("clicks").get<std::int64_t>(),
                               .spend_micros = std::llround(row.at("spend").get<double>() * 1e6),
                               .conversions_millionths = {},
                               .conversion_value_micros = {}};
    const core::Day today = kStart + std::chrono::days(3);
    for (const Rules rules : {Rules::kRobust, Rules::kClassic}) {
      const Baseline baseline = make_baseline(today, {}, {}, rules);
      const auto reward = provisional_reward(outcome, baseline, {.p25 = 0.3, .p75 = 1.5}, today);
      REQUIRE(reward);
      CHECK(reward->reward ==
            doctest::Approx(row.at(std::string(name_of(rules))).get<double>()).epsilon(1e-12));
      CHECK(reward->weight > 0);
      CHECK(reward->weight <= 1);
      CHECK_FALSE(provisional_reward(outcome, baseline, {.p25 = 0.3, .p75 = 1.5},
                                     kStart + std::chrono::days(2)));
    }
  }
}

TEST_CASE("choices are as likely as they are said to be") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("greatest")) {
    const auto shares = probabilities_greatest(beliefs_at(row.at("beliefs")));
    double sum = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      CHECK(std::abs(shares[i] - row.at("shares").at(i).get<double>()) < 1e-4);
      sum += shares[i];
    }
    CHECK(sum == doctest::Approx(1));
  }
  const std::vector<Belief> beliefs = {{3, 7}, {6, 4}, {2, 2}};
  core::RandomStream random(7, "choices");
  std::vector<int> counts(3, 0);
  constexpr int kDraws = 20000;
  ElementDraw draw;
  for (int i = 0; i < kDraws; ++i) {
    draw = draw_element(beliefs, 0.2, random);
    ++counts[draw.chosen];
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const double p = draw.propensities[i];
    CHECK(std::abs(counts[i] - p * kDraws) < 4 * std::sqrt(p * (1 - p) * kDraws));
  }
}

TEST_CASE("of one value there is nothing to draw") {
  core::RandomStream random(7, "choices");
  for (int i = 0; i < 20; ++i) {
    const ElementDraw draw = draw_element(std::vector<Belief>{{2, 5}}, 0.3, random);
    CHECK(draw.chosen == 0);
    CHECK_FALSE(draw.is_explored);
    CHECK(draw.propensities == std::vector<double>{1});
  }
}

TEST_CASE("scores of tag sets weigh their elements by precision") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("score")) {
    const TagScore score = score_tags(beliefs_at(row.at("beliefs")));
    CHECK(score.score == doctest::Approx(row.at("score").get<double>()).epsilon(1e-12));
    CHECK(score.interval.low ==
          doctest::Approx(row.at("interval").at(0).get<double>()).epsilon(1e-9));
    CHECK(score.interval.high ==
          doctest::Approx(row.at("interval").at(1).get<double>()).epsilon(1e-9));
  }
}

TEST_CASE("rank correlations, calibration and drift") {
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("correlation")) {
    const auto found = rank_correlation(row.at("x").get<std::vector<double>>(),
                                        row.at("y").get<std::vector<double>>());
    REQUIRE(found);
    CHECK(found->value == doctest::Approx(row.at("r").get<double>()).epsilon(1e-12));
    CHECK(found->interval.low ==
          doctest::Approx(row.at("interval").at(0).get<double>()).epsilon(1e-9));
    CHECK(found->interval.high ==
          doctest::Approx(row.at("interval").at(1).get<double>()).epsilon(1e-9));
  }
  CHECK_FALSE(rank_correlation(std::vector<double>{1, 1, 1, 1}, std::vector<double>{1, 2, 3, 4}));
  CHECK_FALSE(rank_correlation(std::vector<double>{1, 2, 3}, std::vector<double>{1, 2, 3}));
  for (const auto expected_cases = reference();
       const core::Json& row : expected_cases.at("drift")) {
    std::vector<Tags> recent;
    std::vector<Tags> earlier;
    for (std::size_t v = 0; v < row.at("recent").size(); ++v) {
      recent.insert(recent.end(), row.at("recent").at(v).get<std::size_t>(),
                    {{"d", std::to_string(v)}});
      earlier.insert(earlier.end(), row.at("earlier").at(v).get<std::size_t>(),
                     {{"d", std::to_string(v)}});
    }
    CHECK(tag_drift(recent, earlier).at(0).psi ==
          doctest::Approx(row.at("psi").get<double>()).epsilon(1e-12));
  }
  std::vector<ScoredAd> ads;
  for (int i = 0; i < 23; ++i) {
    ads.push_back({"ad" + std::to_string(10 + i), i < 8 ? 0.1 : 0.01 * i, 1000, 10 + i,
                   i % 3 ? std::optional(0.02 * i) : std::nullopt});
  }
  const auto bins = calibration_table(ads);
  std::int64_t count = 0;
  for (const CalibrationBin& bin : bins) count += bin.ads;
  CHECK(count == 23);
  CHECK(bins.size() <= 5);
  CHECK(bins.front().highest_score < bins[1].lowest_score);
  CHECK(calibration_table({}).empty());
}

TEST_CASE("combinations that won are named once") {
  std::vector<TaggedReward> rewards;
  for (int i = 0; i < 30; ++i) {
    const bool is_good = i % 3 == 0;
    rewards.push_back(rewarded("ad" + std::to_string(10 + i),
                               {{"hook_type", is_good ? "story" : "number"},
                                {"persona", is_good ? "runner"
                                            : i % 2 ? "walker"
                                                    : "rider"},
                                {"color_mode", i % 2 ? "dark" : "light"}},
                               is_good ? 0.9 : 0.3));
  }
  const auto best = winning_combinations(rewards, credits_of(rewards, 0, Rules::kRobust), 3);
  REQUIRE(!best.empty());
  // The pair says all that its triples would, where they have the same ads.
  CHECK(best[0].elements.size() == 2);
  CHECK(best[0].elements[0].value == "story");
  CHECK(best[0].elements[1].value == "runner");
  CHECK(best[0].ads == 10);
  for (const WinningCombination& each : best) CHECK(each.ads >= 5);
  std::vector<TaggedReward> reversed(rewards.rbegin(), rewards.rend());
  const auto again = winning_combinations(reversed, credits_of(reversed, 0, Rules::kRobust), 3);
  REQUIRE(again.size() == best.size());
  for (std::size_t i = 0; i < best.size(); ++i) CHECK(again[i].mean == best[i].mean);
}

TEST_CASE("95 % intervals of element scores hold the truth in worlds with runs") {
  // 300 worlds under ADGENOME_LONG, a tenth otherwise. Ten values of one dimension with true means
  // of their own; ads come in runs of 1 to 6 that share most of what makes them differ.
  const int worlds = std::getenv("ADGENOME_LONG") != nullptr ? 300 : 30;
  int held = 0;
  int held_without_runs = 0;
  int total = 0;
  for (int world = 0; world < worlds; ++world) {
    core::RandomStream random(static_cast<std::uint64_t>(world), "coverage");
    std::vector<double> truth;
    for (int v = 0; v < 10; ++v) truth.push_back(stats::beta_quantile(random.next_uniform(), 8, 8));
    std::vector<TaggedReward> rewards;
    for (int run = 0; run < 120; ++run) {
      const std::size_t v = random.next_below(10);
      const std::uint64_t ads = 1 + random.next_below(6);
      // A run's own mean around the value's, an ad's success around the run's: icc 0.3.
      constexpr double kStrength = 1 / 0.3 - 1;
      const double own = stats::beta_quantile(random.next_uniform(), kStrength * truth[v],
                                              kStrength * (1 - truth[v]));
      for (std::uint64_t i = 0; i < ads; ++i) {
        TaggedReward reward =
            rewarded(std::to_string(1000 + rewards.size()), {{"d", std::to_string(v)}},
                     random.next_uniform() < own ? 1 : 0);
        reward.run = std::to_string(run);
        rewards.push_back(std::move(reward));
      }
    }
    const auto count_held = [&](double icc) {
      const auto scores = sum_events(element_events(rewards, icc));
      const ElementPriors priors(scores, {}, Rules::kRobust);
      int inside = 0;
      for (const ElementScore& score : scores) {
        const Belief at = belief(score, priors.of("d", score.element.value), ColdStart::kOwnData);
        const Interval interval = credible_interval(at.alpha, at.beta);
        const double mean = truth[std::stoul(score.element.value)];
        inside += interval.low <= mean && mean <= interval.high;
      }
      total += static_cast<int>(scores.size());
      return inside;
    };
    held += count_held(fit_icc(rewards).value);
    held_without_runs += count_held(0);
  }
  total /= 2;
  const double coverage = static_cast<double>(held) / total;
  MESSAGE("coverage " << coverage << ", without runs "
                      << static_cast<double>(held_without_runs) / total);
  CHECK(coverage > 0.92);
  CHECK(held > held_without_runs);
}
