#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/learning/weights.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const std::vector<std::string> kNames = {"asset_match", "unused_bonus", "fatigue"};
const StaticWeights kStatic = {{"asset_match", 1.0}, {"unused_bonus", 0.8}, {"fatigue", 0.6}};

/// Rewards that only the last of the three scores moves.
std::vector<Snapshot> world_where_the_last_matters(int count) {
  core::RandomStream random(7, "world");
  std::vector<Snapshot> snapshots;
  for (int i = 0; i < count; ++i) {
    Snapshot snapshot{.weights_used = {1.0, 0.8, 0.6}, .scores = {}};
    for (int j = 0; j < 3; ++j) snapshot.scores.push_back(random.next_uniform());
    const double noise = 0.3 * (random.next_uniform() - 0.5);
    snapshot.reward = std::clamp(0.3 + 0.4 * snapshot.scores[2] + noise, 0.0, 1.0);
    snapshots.push_back(std::move(snapshot));
  }
  return snapshots;
}

WeightState learned_from(const std::vector<Snapshot>& snapshots, std::size_t scorers = 3) {
  WeightState state(scorers);
  for (const Snapshot& snapshot : snapshots) state.fold(snapshot);
  return state;
}

void check_same(const LinearSums& a, const LinearSums& b) {
  const auto near = [](double x, double y) { CHECK(x == doctest::Approx(y).epsilon(1e-12)); };
  CHECK(a.snapshots == b.snapshots);
  near(a.n, b.n);
  near(a.y, b.y);
  near(a.yy, b.yy);
  for (std::size_t i = 0; i < a.x.size(); ++i) near(a.x[i], b.x[i]);
  for (std::size_t i = 0; i < a.xx.size(); ++i) near(a.xx[i], b.xx[i]);
  for (std::size_t i = 0; i < a.xy.size(); ++i) near(a.xy[i], b.xy[i]);
}

}  // namespace

TEST_CASE("method beta gives the numbers computed elsewhere") {
  const std::string path = TEST_SHARED_DIR "/vectors/weights_beta.json";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: " << path << " is not there");
    return;
  }
  const core::Json document = core::read_json(path);
  for (const auto& expected_case : document.at("cases")) {
    StaticWeights static_weights;
    for (const auto& [scorer, weight] : expected_case.at("static").items()) {
      static_weights.emplace_back(scorer, weight.get<double>());
    }
    WeightState state(static_weights.size());
    for (const auto& row : expected_case.at("snapshots")) {
      Snapshot snapshot{.weights_used = {}, .scores = {}, .reward = row.at("reward")};
      for (const auto& [scorer, weight] : static_weights) {
        snapshot.weights_used.push_back(row.at("weights_used").at(scorer));
        snapshot.scores.push_back(row.at("scores").at(scorer));
      }
      CHECK(state.fold(snapshot));
    }
    const auto rows = weigh(static_weights, state, WeightMethod::kBeta, {}, true);
    for (const ScorerWeight& row : rows) {
      const auto& expected = expected_case.at("expected").at(row.scorer);
      CAPTURE(row.scorer);
      CHECK(row.posterior.observations == expected.at("observations").get<std::int64_t>());
      CHECK(std::abs(row.posterior.alpha - expected.at("alpha").get<double>()) < 1e-12);
      CHECK(std::abs(row.posterior.beta - expected.at("beta").get<double>()) < 1e-12);
      CHECK(std::abs(row.posterior.mean() - expected.at("posterior_mean").get<double>()) < 1e-12);
      CHECK(std::abs(row.effective_weight - expected.at("effective_weight").get<double>()) < 1e-12);
    }
  }
}

TEST_CASE("method linear gives the numbers computed elsewhere") {
  const auto document = core::read_json(TEST_SOURCE_DIR "/reference/weights_linear.json");
  for (const auto& expected : document.at("cases")) {
    const auto static_weights = expected.at("static").get<std::vector<double>>();
    LinearSums sums(static_weights.size());
    for (const auto& row : expected.at("snapshots")) {
      sums.fold({.weights_used = {},
                 .scores = row.at("scores"),
                 .reward = row.at("reward"),
                 .weight = row.at("weight")});
    }
    const auto effects = estimate_effects(sums, static_weights);
    REQUIRE(effects);
    const auto learned = weights_from_effects(effects->mean, static_weights);
    double largest = 0;
    for (const EffectModel& model : effects->models) largest = std::max(largest, model.weight);
    CHECK(std::abs(largest - expected.at("largest_model_weight").get<double>()) < 1e-10);
    for (std::size_t i = 0; i < learned.size(); ++i) {
      CHECK(std::abs(effects->mean[i] - expected.at("effects")[i].get<double>()) < 1e-11);
      CHECK(std::abs(learned[i] - expected.at("learned")[i].get<double>()) < 1e-9);
      for (std::size_t side : {0, 1}) {
        CHECK(std::abs(effect_interval(*effects, i)[side] -
                       expected.at("intervals")[i][side].get<double>()) < 1e-10);
      }
    }
  }
}

TEST_CASE("a scorer that matters gains weight under linear, step by step, and the others lose") {
  const WeightState state = learned_from(world_where_the_last_matters(200));
  EffectiveWeights effective;
  double before = 0.6;
  for (int update = 0; update < 8; ++update) {
    const auto rows = weigh(kStatic, state, WeightMethod::kLinear, effective, true);
    CHECK(rows[2].effective_weight >= before);
    CHECK(rows[2].effective_weight <= before + 0.15 + 1e-12);
    before = rows[2].effective_weight;
    for (const ScorerWeight& row : rows) effective[row.scorer] = row.effective_weight;
  }
  const auto rows = weigh(kStatic, state, WeightMethod::kLinear, effective, true);
  CHECK(rows[2].effective_weight > 1.5);
  CHECK(rows[0].effective_weight < 0.5);
  CHECK(rows[1].effective_weight < 0.5);
  CHECK((*rows[2].effect_interval)[0] > 0.2);
  CHECK(rows[2].phase == Phase::kHot);
}

TEST_CASE("the order of snapshots does not matter, and one taken out leaves no trace") {
  const auto snapshots = world_where_the_last_matters(60);
  const WeightState forward = learned_from(snapshots);
  const WeightState backward = learned_from({snapshots.rbegin(), snapshots.rend()});
  check_same(forward.linear, backward.linear);

  WeightState revised = forward;
  Snapshot changed = snapshots[5];
  changed.reward = 1 - changed.reward;
  changed.weight = 0.4;
  revised.fold(snapshots[5], Fold::kRemove);
  revised.fold(changed);
  auto corrected = snapshots;
  corrected[5] = changed;
  const WeightState direct = learned_from(corrected);
  check_same(revised.linear, direct.linear);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(revised.beta[i].alpha == doctest::Approx(direct.beta[i].alpha).epsilon(1e-12));
    CHECK(revised.beta[i].beta == doctest::Approx(direct.beta[i].beta).epsilon(1e-12));
    CHECK(revised.beta[i].observations == direct.beta[i].observations);
  }
}

TEST_CASE("credit goes by the upper median of all contributions") {
  std::vector<BetaPosterior> posteriors(2);
  // Contributions 0.5, 0.1, and 0.4 of a scorer that is not learned: the median is 0.4.
  const Snapshot snapshot{
      .weights_used = {1, 1, 1}, .scores = {0.5, 0.1, 0.4}, .reward = 0.5, .weight = 0.2};
  CHECK(credit_by_contribution(posteriors, snapshot));
  CHECK(posteriors[0].alpha == 2.0);
  CHECK(posteriors[1].alpha == doctest::Approx(1.3));
  CHECK(posteriors[0].beta == 1.0);
  // A scorer that had no weight takes no part.
  CHECK(credit_by_contribution(posteriors,
                               {.weights_used = {0, 1}, .scores = {1, 1}, .reward = 0.49}));
  CHECK(posteriors[0].observations == 1);
  CHECK(posteriors[1].beta == 2.0);
  CHECK_FALSE(
      credit_by_contribution(posteriors, {.weights_used = {1, 1}, .scores = {0, 0}, .reward = 1}));
  CHECK(posteriors[1].observations == 2);
}

TEST_CASE("phases and rails") {
  CHECK(phase_at(29) == Phase::kCold);
  CHECK(phase_at(30) == Phase::kWarm);
  CHECK(phase_at(99) == Phase::kWarm);
  CHECK(phase_at(100) == Phase::kHot);
  CHECK(blended_weight(1.0, 2.0, 30) == 1.0);
  CHECK(blended_weight(1.0, 2.0, 65) == 1.5);
  CHECK(blended_weight(1.0, 2.0, 100) == 2.0);
  CHECK(railed_weight(0.02, 0.2).weight == doctest::Approx(0.1));
  CHECK(railed_weight(0.02, 0.2).limit == Limit::kFloor);
  CHECK(railed_weight(3.0, 1.9).limit == Limit::kCeiling);
  CHECK(railed_weight(3.0, 1.9).weight == 2.0);
  CHECK(railed_weight(3.0, 1.0).limit == Limit::kStep);
  CHECK(railed_weight(3.0, 1.0).weight == doctest::Approx(1.15));
  CHECK(railed_weight(0.2, 1.0).weight == doctest::Approx(0.85));
  CHECK(railed_weight(1.1, 1.0).limit == Limit::kNone);
}

TEST_CASE("a scorer that is off stays off, and nothing learned moves nothing") {
  const StaticWeights some_off = {{"asset_match", 1.0}, {"unused_bonus", 0.0}, {"fatigue", 0.6}};
  const WeightState state = learned_from(world_where_the_last_matters(150));
  const auto rows = weigh(some_off, state, WeightMethod::kLinear, {{"asset_match", 1.3}}, true);
  CHECK(rows[1].effective_weight == 0);
  CHECK_FALSE(rows[1].effect);
  CHECK(rows[0].previous_weight == 1.3);
  // Effects run over the scorers that are on alone: two weights share 1.6.
  CHECK(rows[0].learned_weight + rows[2].learned_weight == doctest::Approx(1.6));

  const auto still = weigh(some_off, state, WeightMethod::kLinear, {{"asset_match", 1.3}}, false);
  CHECK(still[0].effective_weight == 1.3);
  CHECK(still[2].effective_weight == 0.6);
  CHECK(still[0].limit == Limit::kNone);
}

TEST_CASE("too few snapshots leave the static weights") {
  CHECK_FALSE(estimate_effects(learned_from(world_where_the_last_matters(1)).linear,
                               std::vector<double>{1.0, 0.8, 0.6}));
  const auto rows = weigh(kStatic, learned_from(world_where_the_last_matters(1)),
                          WeightMethod::kLinear, {}, true);
  CHECK(rows[0].learned_weight == 1.0);
  CHECK_FALSE(rows[0].effect);
  // No effect is positive: static as well.
  CHECK(weights_from_effects(std::vector<double>{-0.1, 0.0}, std::vector<double>{0.7, 0.4}) ==
        std::vector<double>{0.7, 0.4});
}

TEST_CASE("scorers that move together are named") {
  auto snapshots = world_where_the_last_matters(50);
  CHECK(weight_warnings(kStatic, learned_from(snapshots)).empty());
  for (Snapshot& snapshot : snapshots) snapshot.scores[1] = 1 - 0.9 * snapshot.scores[0];
  const auto warnings = weight_warnings(kStatic, learned_from(snapshots));
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("asset_match and unused_bonus are correlated (-1)") == 0);
  // A score that never changes correlates with nothing.
  for (Snapshot& snapshot : snapshots) snapshot.scores[1] = snapshot.scores[0] = 0.3;
  CHECK(weight_warnings(kStatic, learned_from(snapshots)).empty());
}

TEST_CASE("a state that was written reads back, in whatever order the scorers are named") {
  const WeightState state = learned_from(world_where_the_last_matters(20));
  core::Json scorers = core::Json::array();
  for (const auto& row : weigh(kStatic, state, WeightMethod::kLinear, {}, true)) {
    scorers.push_back(to_json(row));
  }
  core::Json document = {{"schema", "adgenome/weights/v1"},
                         {"brand_id", nullptr},
                         {"method", "linear"},
                         {"scorers", scorers},
                         {"state", to_json(state, kStatic)}};
  const auto history = weight_history(document, kStatic, "state.json");
  CHECK(history.state.linear.xx == state.linear.xx);
  CHECK(history.state.beta[1].alpha == state.beta[1].alpha);
  CHECK(history.effective.at("fatigue") == 0.6);

  const StaticWeights turned = {kStatic[2], kStatic[0], kStatic[1]};
  const auto other = weight_history(document, turned, "state.json");
  CHECK(other.state.linear.x ==
        std::vector<double>{state.linear.x[2], state.linear.x[0], state.linear.x[1]});
  CHECK(other.state.linear.product(0, 1) == state.linear.product(2, 0));

  for (const char* pointer :
       {"/state/linear/sum_xx/1", "/state/beta/fatigue/alpha", "/state/linear/n", "/method",
        "/schema", "/scorers/0/effective_weight"}) {
    core::Json broken = document;
    broken[core::Json::json_pointer(pointer)] = "x";
    CAPTURE(pointer);
    try {
      weight_history(broken, kStatic, "state.json");
      FAIL("read a broken document");
    } catch (const core::InvalidInput& error) {
      CHECK(error.where() == std::string("state.json ") + pointer);
    }
  }
  CHECK(weight_history(document, {kStatic[2]}, "x").state.linear.x[0] == state.linear.x[2]);
  CHECK_THROWS_AS(weight_history(document, {{"performance", 1.0}}, "x"), core::InvalidInput);
}

TEST_CASE("sums go on where there was no scorer of that name yet") {
  std::vector<Snapshot> snapshots = world_where_the_last_matters(30);
  const WeightState state = learned_from(snapshots);
  StaticWeights more = kStatic;
  more.insert(more.begin() + 1, {"performance", 0.0});
  const WeightState longer = weight_state(to_json(state, kStatic), more, "sums");
  // As if each snapshot had been folded with the score that stands for none.
  for (Snapshot& snapshot : snapshots) {
    snapshot.scores.insert(snapshot.scores.begin() + 1, kScoreOfUnscored);
    snapshot.weights_used.insert(snapshot.weights_used.begin() + 1, 0);
  }
  WeightState expected(more.size());
  for (const Snapshot& snapshot : snapshots) expected.fold(snapshot);
  for (std::size_t i = 0; i < more.size(); ++i) {
    CHECK(longer.linear.x[i] == doctest::Approx(expected.linear.x[i]));
    CHECK(longer.linear.xy[i] == doctest::Approx(expected.linear.xy[i]));
    CHECK(longer.beta[i].observations == (i == 1 ? 0 : state.beta[0].observations));
    for (std::size_t j = 0; j < more.size(); ++j) {
      CHECK(longer.linear.product(i, j) == doctest::Approx(expected.linear.product(i, j)));
    }
  }
  // What the others are worth is the same as before.
  const auto before = weigh(kStatic, state, WeightMethod::kLinear, {}, true);
  const auto after = weigh(more, longer, WeightMethod::kLinear, {}, true);
  CHECK(after[3].effective_weight == doctest::Approx(before[2].effective_weight));
  CHECK(after[1].effective_weight == 0);
}

TEST_CASE("static weights come from a preset or a bare map") {
  const core::Json map = {{"fatigue", 0.5}, {"asset_match", 0}};
  CHECK(static_weights_of(map, kNames, "w")[0].second == 0.5);
  CHECK(static_weights_of({{"name", "mine"}, {"weights", map}}, kNames, "w").size() == 2);
  for (const core::Json& wrong :
       {core::Json{{"fatige", 1}}, core::Json{{"fatigue", -1}}, core::Json{{"fatigue", "1"}},
        core::Json::array(), core::Json::object(), core::Json{{"weights", 3}}}) {
    CAPTURE(wrong.dump());
    CHECK_THROWS_AS(static_weights_of(wrong, kNames, "w"), core::InvalidInput);
  }
}
