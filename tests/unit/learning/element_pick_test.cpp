#include <doctest/doctest.h>

#include <adgenome/learning/element_pick.hpp>
#include <cmath>
#include <vector>

namespace adgenome::learning {
namespace {

TEST_CASE("exploration stays at 0.30 until 30 ads have matured, then falls to 0.05") {
  CHECK(forced_exploration(0) == 0.30);
  CHECK(forced_exploration(29) == 0.30);
  CHECK(forced_exploration(30) == doctest::Approx(0.30 * std::exp(-0.3)));
  CHECK(forced_exploration(1000) == 0.05);
}

TEST_CASE("values come out as often as their propensities say") {
  const std::vector<ElementBelief> values{{8, 3}, {3, 8}, {5.5, 5.5}};
  core::RandomStream random(7, "test");
  constexpr int kDraws = 4000;
  std::vector<int> drawn(values.size(), 0);
  std::vector<double> propensity(values.size(), 0);
  int explored = 0;
  for (int i = 0; i < kDraws; ++i) {
    const ElementPick draw = pick_element(values, 0.3, random);
    ++drawn[draw.index];
    propensity[draw.index] = draw.propensity;
    explored += draw.is_explored ? 1 : 0;
  }
  CHECK(propensity[0] + propensity[1] + propensity[2] == doctest::Approx(1));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = propensity[i];
    const double error = std::sqrt(expected * (1 - expected) / kDraws);
    CHECK(std::abs(drawn[i] / double{kDraws} - expected) < 4 * error);
  }
  CHECK(std::abs(explored / double{kDraws} - 0.3) < 4 * std::sqrt(0.3 * 0.7 / kDraws));
  CHECK(propensity[0] > propensity[2]);
  CHECK(propensity[2] > propensity[1]);
}

TEST_CASE("of one value there is nothing to draw") {
  core::RandomStream random(7, "test");
  const std::vector<ElementBelief> one{{1, 1}};
  const ElementPick draw = pick_element(one, 0.3, random);
  CHECK(draw.index == 0);
  CHECK(draw.propensity == 1);
  CHECK_FALSE(draw.is_explored);
}

}  // namespace
}  // namespace adgenome::learning
