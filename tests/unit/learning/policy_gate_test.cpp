#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/learning/policy_gate.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

/// The printed case of the shared reference implementation, robust_reference.py.
struct Case {
  LinearSums sums{3};
  std::vector<double> static_weights{1, 0.8, 0.6};
  std::vector<ScoredPool> pools;

  Case() {
    for (int i = 0; i < 60; ++i) {
      const std::vector<double> scores{(i * 7 % 10) / 10.0, (i * 3 % 11) / 11.0,
                                       (i * 5 % 13) / 13.0};
      sums.fold({.weights_used = {},
                 .scores = scores,
                 .reward = 0.3 + 0.4 * scores[0] + 0.05 * ((i * 17 % 7) - 3) / 3});
      if (i % 10 == 0) pools.push_back({.candidates = 10, .scores = {}, .temperature = 0.1});
      pools.back().scores.insert(pools.back().scores.end(), scores.begin(), scores.end());
    }
  }
};

/// A selection of three draws from a pool whose rewards follow the scores, and its draws.
std::vector<GateDraw> play(const ScoredPool& pool, std::span<const double> p,
                           std::span<const double> rewards, core::RandomStream& random) {
  std::vector<GateDraw> draws;
  std::vector<double> left(p.begin(), p.end());
  double total = 1;
  for (int j = 0; j < 3; ++j) {
    double position = random.next_uniform() * total;
    std::size_t row = 0;
    while (row + 1 < pool.candidates && (position -= left[row]) >= 0) ++row;
    draws.push_back({.row = row,
                     .draw_probability = left[row] / total,
                     .reward = rewards[row],
                     .is_new = true});
    total -= left[row];
    left[row] = 0;
  }
  return draws;
}

}  // namespace

TEST_CASE("looks at the posterior gate grow apart") {
  CHECK(looks_allowed(99) == 0);
  CHECK(looks_allowed(100) == 1);
  CHECK(looks_allowed(149) == 1);
  CHECK(looks_allowed(150) == 2);
  CHECK(looks_allowed(520) == 5);  // 100, 150, 225, 337, 505
  CHECK(next_look(0) == 100);
  CHECK(next_look(100) == 150);
  CHECK(next_look(504) == 505);
}

TEST_CASE("the posterior gate gives the figures of the reference") {
  const Case given;
  const auto effects = estimate_effects(given.sums, given.static_weights);
  REQUIRE(effects);
  const auto learned = weights_from_effects(effects->mean, given.static_weights);
  const auto d = drawn_score_difference(given.pools, learned, given.static_weights);
  const auto gate = posterior_gate(*effects, 60, d);
  REQUIRE(gate);
  // Printed by the shared reference implementation.
  CHECK(d[0] == doctest::Approx(0.103159985204).epsilon(1e-10));
  CHECK(d[1] == doctest::Approx(-0.15737297903).epsilon(1e-10));
  CHECK(d[2] == doctest::Approx(-0.12961159618).epsilon(1e-10));
  CHECK(gate->p_better == doctest::Approx(0.981884738695).epsilon(1e-10));
  CHECK(gate->interval[0] < gate->expected_gain);
  CHECK(gate->interval[1] > gate->expected_gain);
  CHECK(!gate->fired);  // 60 snapshots are too few
  CHECK(posterior_gate(*effects, 100, d)->fired);
  CHECK(!posterior_gate(*effects, 100, std::vector<double>(3, 0)));
}

TEST_CASE("rows that stand for several candidates draw as if these were there") {
  ScoredPool whole{.candidates = 4,
                   .scores = {0.9, 0.1, 0.5, 0.4, 0.5, 0.4, 0.5, 0.4},
                   .temperature = 0.3,
                   .explore_floor = 0.1};
  ScoredPool sampled{.candidates = 2,
                     .scores = {0.9, 0.1, 0.5, 0.4},
                     .multiplicity = {1, 3},
                     .temperature = 0.3,
                     .explore_floor = 0.1};
  const std::vector<double> a{1, 0.5};
  const std::vector<double> b{0.2, 1};
  CHECK(first_draw_probabilities(sampled, a)[1] ==
        doctest::Approx(first_draw_probabilities(whole, a)[3]));
  const auto of_whole = drawn_score_difference({&whole, 1}, a, b);
  const auto of_sampled = drawn_score_difference({&sampled, 1}, a, b);
  CHECK(of_sampled[0] == doctest::Approx(of_whole[0]));
  CHECK(of_sampled[1] == doctest::Approx(of_whole[1]));
  // All weights 0: every candidate alike.
  CHECK(first_draw_probabilities(whole, std::vector<double>{0, 0})[2] == doctest::Approx(0.25));
}

TEST_CASE("gains are those of the formula for one draw, and unbiased for several") {
  const Case given;
  const ScoredPool& pool = given.pools.front();
  const auto effects = estimate_effects(given.sums, given.static_weights);
  const RewardModel model(given.sums, *effects);
  const auto p1 = first_draw_probabilities(pool, std::vector<double>{2, 0.1, 0.1});
  const auto p0 = first_draw_probabilities(pool, given.static_weights);

  const GateDraw one{.row = 4, .draw_probability = p0[4], .reward = 0.9, .is_new = true};
  double expected = (p1[4] / p0[4] - 1) * (0.9 - model(pool.row(4)));
  for (std::size_t i = 0; i < 10; ++i) expected += (p1[i] - p0[i]) * model(pool.row(i));
  const auto gains = prequential_gains(pool, p1, p0, model, {&one, 1});
  REQUIRE(gains.size() == 1);
  CHECK(gains[0] == doctest::Approx(expected));

  std::vector<double> rewards;
  double truth = 0;
  core::RandomStream random(3, "draws");
  for (std::size_t i = 0; i < 10; ++i) {
    rewards.push_back(random.next_uniform());
    truth += (p1[i] - p0[i]) * rewards[i];
  }
  double by_draw[3] = {};
  constexpr int kSelections = 40'000;
  for (int s = 0; s < kSelections; ++s) {
    const auto found = prequential_gains(pool, p1, p0, model, play(pool, p0, rewards, random));
    for (std::size_t j = 0; j < 3; ++j) by_draw[j] += found[j] / kSelections;
  }
  for (const double mean : by_draw) CHECK(mean == doctest::Approx(truth).epsilon(0.05));
}

TEST_CASE("the prequential test fires on gains, not on their absence, and not before 50") {
  core::RandomStream random(5, "gains");
  PrequentialTest better;
  PrequentialTest none;
  for (int i = 0; i < 49; ++i) {
    const double noise = random.next_uniform() - 0.5;
    better.add(0.3 + noise);
    none.add(noise);
  }
  CHECK(!better.e_value());
  for (int i = 0; i < 200; ++i) {
    const double noise = random.next_uniform() - 0.5;
    better.add(0.3 + noise);
    none.add(noise);
  }
  CHECK(better.fired());
  CHECK(!none.fired());
  CHECK(to_json({.chosen = Gate::kPrequential, .posterior_reason = "x", .prequential = better})
            .at("fired") == true);
  PrequentialTest constant;
  for (int i = 0; i < 60; ++i) constant.add(0.1);
  CHECK(!constant.e_value());
}
