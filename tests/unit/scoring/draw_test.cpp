#include <doctest/doctest.h>

#include <adgenome/scoring/draw.hpp>
#include <cmath>
#include <map>
#include <numeric>

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

std::vector<double> p_of(const std::vector<double>& composites, double temperature,
                         double floor = 0) {
  const std::vector<std::uint8_t> all(composites.size(), 1);
  return probabilities(log_ratios(composites, all), all, temperature, floor);
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("p is proportional to the composite to the power of 1 / temperature") {
  const std::vector<double> p = p_of({0.8, 0.4, 0.2}, 0.5);
  CHECK(p[0] == doctest::Approx(16.0 / 21));
  CHECK(p[1] == doctest::Approx(4.0 / 21));
  CHECK(p[2] == doctest::Approx(1.0 / 21));
  CHECK(p_of({0, 0, 0}, 0.1) == p_of({1, 1, 1}, 0.1));  // every composite 0: uniform
  CHECK(p_of({0.5, 0}, 1)[1] == 0);
}

TEST_CASE("a small temperature takes the best and does not fall back to a uniform draw") {
  const std::vector<double> p = p_of({1e-9, 2e-9, 1.9e-9}, 1e-4);
  CHECK(p[1] == doctest::Approx(1));
  CHECK(p[0] == 0);
  CHECK(sum(p) == doctest::Approx(1));
  CHECK(p_of({0.3, 0.6}, 1e-300)[1] == 1);
}

TEST_CASE("the floor reaches every admissible candidate, and only those") {
  const std::vector<double> composites{1, 0.01, 0, 0.9};
  const std::vector<std::uint8_t> admissible{1, 1, 1, 0};
  const std::vector<double> p =
      probabilities(log_ratios(composites, admissible), admissible, 0.1, 0.3);
  CHECK(p[0] == doctest::Approx(0.8));
  CHECK(p[1] == doctest::Approx(0.1));
  CHECK(p[2] == doctest::Approx(0.1));
  CHECK(p[3] == 0);
  CHECK(sum(p) == doctest::Approx(1));
}

TEST_CASE("effective number and the temperature that gives one") {
  CHECK(effective_number(std::vector<double>{0.25, 0.25, 0.25, 0.25, 0}) == doctest::Approx(4));
  std::vector<double> composites;
  for (int i = 0; i < 100; ++i) composites.push_back(0.4 + 0.005 * i);
  const std::vector<std::uint8_t> all(100, 1);
  const auto ratios = log_ratios(composites, all);
  for (const double target : {8.0, 20.0, 80.0}) {
    const double temperature = solve_temperature(ratios, all, 0.02, target);
    CHECK(effective_number(probabilities(ratios, all, temperature, 0.02)) ==
          doctest::Approx(target).epsilon(1e-9));
  }
  CHECK(solve_temperature(ratios, all, 0, 100) == 10);
  CHECK(solve_temperature(ratios, all, 0, 1) == 0.01);
}

TEST_CASE("draws follow successive sampling exactly") {
  // P(i then j) = p_i p_j / (1 - p_i): all 20 ordered pairs out of five, chi-square with 19
  // degrees of freedom against its 99.9 % point.
  const std::vector<double> p{0.5, 0.2, 0.15, 0.1, 0.05};
  core::RandomStream random(11, "test");
  std::map<std::pair<std::size_t, std::size_t>, int> counts;
  constexpr int kRounds = 40'000;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<Draw> draws = draw_without_replacement(p, 2, random);
    REQUIRE(draws.size() == 2);
    CHECK(draws[0].propensity == p[draws[0].index]);
    CHECK(draws[0].draw_probability == p[draws[0].index]);
    CHECK(draws[1].draw_probability ==
          doctest::Approx(p[draws[1].index] / (1 - p[draws[0].index])).epsilon(1e-12));
    ++counts[{draws[0].index, draws[1].index}];
  }
  CHECK(counts.size() == 20);
  double chi_square = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      if (i == j) continue;
      const double expected = kRounds * p[i] * p[j] / (1 - p[i]);
      const double difference = counts[{i, j}] - expected;
      chi_square += difference * difference / expected;
    }
  }
  CHECK(chi_square < 43.82);
}

TEST_CASE("a draw takes everything that has a chance, once, and nothing else") {
  const std::vector<double> p{0, 1 - 1e-15, 1e-300, 0, 1e-15, 2e-300, 0};
  core::RandomStream random(3, "test");
  const std::vector<Draw> draws = draw_without_replacement(p, 7, random);
  REQUIRE(draws.size() == 4);
  CHECK(draws[0].index == 1);
  CHECK(draws[1].index == 4);
  CHECK(draws[1].draw_probability == doctest::Approx(1));
  CHECK(draws[2].draw_probability ==
        doctest::Approx(draws[2].index == 2 ? 1.0 / 3 : 2.0 / 3));  // nothing lost beside the rest
  CHECK(draws[3].draw_probability == 1);
  CHECK(draw_without_replacement({}, 3, random).empty());
}
