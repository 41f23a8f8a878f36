#include <doctest/doctest.h>

#include <adgenome/learning/thompson.hpp>
#include <cmath>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

const StaticWeights kStatic{
    {"asset_match", 1.0}, {"fatigue", 0.5}, {"performance", 0.5}, {"off", 0}};

/// Snapshots in which the first score is all that counts.
WeightState state_after(int snapshots) {
  WeightState state(kStatic.size());
  for (int i = 0; i < snapshots; ++i) {
    const double first = (i * 7 % 10) / 10.0;
    state.fold({.weights_used = {1, 0.5, 0.5, 0},
                .scores = {first, (i * 3 % 11) / 11.0, (i * 5 % 13) / 13.0, 0.5},
                .reward = 0.3 + 0.4 * first});
  }
  return state;
}

struct Spread {
  std::vector<double> mean, deviation;
};

Spread spread_of(const WeightState& state, WeightMethod method) {
  constexpr int kDraws = 2000;
  Spread spread{std::vector<double>(kStatic.size()), std::vector<double>(kStatic.size())};
  core::RandomStream random(1, "test");
  for (int draw = 0; draw < kDraws; ++draw) {
    const std::vector<double> weights = draw_weights(kStatic, state, method, random);
    REQUIRE(weights.size() == kStatic.size());
    CHECK(weights[3] == 0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (i < 3) CHECK((weights[i] >= 0.1 && weights[i] <= 2.0));
      spread.mean[i] += weights[i] / kDraws;
      spread.deviation[i] += weights[i] * weights[i] / kDraws;
    }
  }
  for (std::size_t i = 0; i < spread.mean.size(); ++i) {
    spread.deviation[i] =
        std::sqrt(std::max(0.0, spread.deviation[i] - spread.mean[i] * spread.mean[i]));
  }
  return spread;
}

}  // namespace

TEST_CASE("while cold, a draw of the weights is the static ones") {
  for (const WeightMethod method : {WeightMethod::kLinear, WeightMethod::kBeta}) {
    const Spread spread = spread_of(state_after(29), method);
    CHECK(spread.mean[0] == doctest::Approx(1));
    CHECK(spread.mean[1] == doctest::Approx(0.5));
    CHECK(spread.deviation[0] == doctest::Approx(0).epsilon(1e-6));
  }
}

TEST_CASE("draws go where the effect is, and narrow with what is known") {
  const Spread early = spread_of(state_after(100), WeightMethod::kLinear);
  const Spread late = spread_of(state_after(20'000), WeightMethod::kLinear);
  CHECK(early.mean[0] > 1);
  CHECK(late.mean[0] > early.mean[0]);
  CHECK(late.mean[0] > 1.6);  // 1.8 is all there is to give above the floors
  CHECK(early.deviation[0] > 0.05);
  CHECK(late.deviation[0] < early.deviation[0]);
}

TEST_CASE("under method beta each weight follows its own posterior") {
  WeightState state(kStatic.size());
  state.beta[0] = {.alpha = 30, .beta = 90, .observations = 118};
  state.beta[1] = {.alpha = 90, .beta = 30, .observations = 118};
  state.beta[2] = {.alpha = 60, .beta = 60, .observations = 118};
  const Spread spread = spread_of(state, WeightMethod::kBeta);
  // mean * static / 0.5; deviation of Beta(a, b) likewise
  CHECK(spread.mean[0] == doctest::Approx(0.5).epsilon(0.02));
  CHECK(spread.mean[1] == doctest::Approx(0.75).epsilon(0.02));
  CHECK(spread.mean[2] == doctest::Approx(0.5).epsilon(0.02));
  CHECK(spread.deviation[2] == doctest::Approx(std::sqrt(0.25 / 121)).epsilon(0.1));
}
