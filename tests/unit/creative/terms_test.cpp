#include <doctest/doctest.h>

#include <adgenome/creative/congruence.hpp>
#include <adgenome/creative/estimate.hpp>
#include <adgenome/creative/terms.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::creative {
namespace {

TEST_CASE("words have the stems of Porter's paper") {
  // The examples of its sections, each after all steps.
  const std::vector<std::pair<const char*, const char*>> pairs{{"caresses", "caress"},
                                                               {"ponies", "poni"},
                                                               {"ties", "ti"},
                                                               {"cats", "cat"},
                                                               {"feed", "feed"},
                                                               {"agreed", "agre"},
                                                               {"plastered", "plaster"},
                                                               {"bled", "bled"},
                                                               {"motoring", "motor"},
                                                               {"sing", "sing"},
                                                               {"conflated", "conflat"},
                                                               {"troubled", "troubl"},
                                                               {"sized", "size"},
                                                               {"hopping", "hop"},
                                                               {"tanned", "tan"},
                                                               {"falling", "fall"},
                                                               {"hissing", "hiss"},
                                                               {"fizzed", "fizz"},
                                                               {"failing", "fail"},
                                                               {"filing", "file"},
                                                               {"happy", "happi"},
                                                               {"sky", "sky"},
                                                               {"relational", "relat"},
                                                               {"conditional", "condit"},
                                                               {"rational", "ration"},
                                                               {"valenci", "valenc"},
                                                               {"digitizer", "digit"},
                                                               {"operator", "oper"},
                                                               {"feudalism", "feudal"},
                                                               {"decisiveness", "decis"},
                                                               {"hopefulness", "hope"},
                                                               {"sensibiliti", "sensibl"},
                                                               {"triplicate", "triplic"},
                                                               {"formative", "form"},
                                                               {"formalize", "formal"},
                                                               {"electrical", "electr"},
                                                               {"goodness", "good"},
                                                               {"revival", "reviv"},
                                                               {"allowance", "allow"},
                                                               {"airliner", "airlin"},
                                                               {"adjustable", "adjust"},
                                                               {"replacement", "replac"},
                                                               {"adoption", "adopt"},
                                                               {"communism", "commun"},
                                                               {"activate", "activ"},
                                                               {"effective", "effect"},
                                                               {"probate", "probat"},
                                                               {"rate", "rate"},
                                                               {"cease", "ceas"},
                                                               {"controll", "control"},
                                                               {"roll", "roll"},
                                                               {"generalizations", "gener"}};
  for (const auto& [word, expected] : pairs) {
    CAPTURE(word);
    CHECK(stem(word) == expected);
  }
  CHECK(stem("is") == "is");
  CHECK(stem("größe") == "größe");
}

TEST_CASE("rare words weigh more, and likeness is the cosine of the weighted counts") {
  const std::vector<std::string> texts{"cold water", "cold coffee", "cold steel"};
  const TermWeights weights(texts);
  CHECK(weights.weight("cold") == doctest::Approx(1));  // ln(4/4) + 1
  CHECK(weights.weight("water") == doctest::Approx(std::log(4.0 / 2) + 1));
  CHECK(weights.cosine("cold water", "Water, cold!") == doctest::Approx(1));
  CHECK(weights.cosine("cold water", "warm coffee") == 0);
  CHECK(weights.cosine("", "cold") == 0);
  const double water = std::log(4.0 / 2) + 1;
  CHECK(*weights.shared("cold water", "the coldness of steel") == doctest::Approx(1 / (1 + water)));
  CHECK_FALSE(weights.shared("it is the", "cold").has_value());
}

TEST_CASE("a headline that says what its targets say is congruent, one beside the point is not") {
  const std::vector<std::string> texts{"Cold for 24 hours", "Ice at the summit", "Plastic tastes"};
  const TermWeights weights(texts);
  CongruenceTargets targets;
  targets.offer_variant = "Ice cold water at the summit";
  const Congruence near = measure_congruence("Ice at the summit", targets, weights);
  CHECK(*near.score > 0.9);
  CHECK(near.offer_variant->words == 1);
  CHECK_FALSE(near.belief.has_value());
  const Congruence far = measure_congruence("Plastic tastes like plastic", targets, weights);
  CHECK(*far.score <= 0.5);
  targets.belief = "Plastic spoils the taste";
  const Congruence both = measure_congruence("Plastic tastes like plastic", targets, weights);
  CHECK(*both.score == doctest::Approx((*far.score + both.belief->score) / 2));
  CHECK_FALSE(measure_congruence("Ice", {}, weights).score.has_value());
}

TEST_CASE("an offer that nobody made costs congruence, and so does a text without room") {
  const TermWeights weights(std::vector<std::string>{"Ice at the summit"});
  CongruenceTargets targets;
  targets.landing_page = "Ice at the summit";
  targets.room = 20;
  const Congruence bold = measure_congruence("Ice at the summit, 50% off", targets, weights);
  CHECK(bold.landing_page->claims == 0);
  CHECK(bold.landing_page->length == doctest::Approx(20.0 / 26));
  targets.given = {"50 percent off today"};
  CHECK(measure_congruence("Ice at the summit, 50% off", targets, weights).landing_page->claims ==
        1);
}

TEST_CASE("an estimate is the formula of its lines, which add up") {
  Prices prices;
  for (const std::string& step : priced_steps()) *price_of(prices, step) = 0;
  CHECK(price_of(prices, "nothing") == nullptr);
  prices = {.image = 40'000,
            .defect_scan = 2'000,
            .full_review = 5'000,
            .second_opinion = 5'000,
            .congruence = 15'000,
            .template_analysis = 30'000,
            .descriptor = 1'000};
  const Workload work{.attempts = 36, .hooks = 3, .templates_to_analyse = 2, .retries = true};
  const Estimate estimate = estimate_cost(work, prices);
  // 36 x (.04 + .002 + .005 + .4 x .005) x 1.3 + 3 x .015 + 2 x .03 + 36 x .001
  CHECK(estimate.total_micros == 2'434'200);
  std::int64_t sum = 0;
  for (const EstimateLine& line : estimate.lines) sum += line.cost_micros;
  CHECK(sum == estimate.total_micros);
  CHECK(estimate_cost({.attempts = 36, .retries = false}, prices).total_micros == 36 * 50'000);
  CHECK(estimate_cost({}, prices).total_micros == 0);
}

}  // namespace
}  // namespace adgenome::creative
