#include <doctest/doctest.h>

#include <adgenome/stats/means.hpp>
#include <adgenome/stats/posteriors.hpp>
#include <adgenome/stats/proportions.hpp>
#include <array>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

namespace {

Successes successes_of(const core::Json& pair) {
  return {pair[0].get<std::int64_t>(), pair[1].get<std::int64_t>()};
}

Posterior posterior_of(const core::Json& pair) {
  const auto s = pair[0].get<double>();
  return Posterior::beta(s + 1, pair[1].get<double>() - s + 1);
}

}  // namespace

TEST_CASE("proportions and P(better) are those of the shared vectors") {
  const auto vectors = test::shared_vectors("proportions.json");
  if (!vectors) return;
  for (const core::Json& c : vectors->at("cases")) {
    CAPTURE(c.dump());
    const Proportions result =
        compare_proportions(successes_of(c.at("control")), successes_of(c.at("variant")), 0.95);
    CHECK_CLOSE(result.difference_interval.lower, c.at("newcombe_diff")[0].get<double>(), 1e-10,
                1e-12);
    CHECK_CLOSE(result.difference_interval.upper, c.at("newcombe_diff")[1].get<double>(), 1e-10,
                1e-12);
    REQUIRE(result.z);
    CHECK_CLOSE(*result.z, c.at("z").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(result.p_value, c.at("p").get<double>(), 1e-10, 1e-12);
    const double better =
        probability_greater(posterior_of(c.at("variant")), posterior_of(c.at("control")));
    CHECK_CLOSE(better, c.at("p_variant_better_uniform_prior").get<double>(), 1e-11, 1e-12);
  }
}

TEST_CASE("proportions at their ends") {
  const Proportions none = compare_proportions({0, 10}, {0, 20}, 0.95);
  CHECK(none.p_value == 1);
  CHECK_FALSE(none.z);
  CHECK_FALSE(none.relative_lift);
  CHECK(none.difference_interval.lower < 0);
  CHECK(none.difference_interval.upper > 0);
  const Proportions lost = compare_proportions({5, 50}, {0, 50}, 0.95);
  CHECK(*lost.relative_lift == -1);
  CHECK(lost.relative_lift_interval->lower == -1);
  CHECK(lost.relative_lift_interval->upper < 1);
  const Proportions all = compare_proportions({10, 10}, {20, 20}, 0.95);
  CHECK(*all.relative_lift == 0);
  CHECK(all.relative_lift_interval->lower < 0);
  CHECK(all.relative_lift_interval->upper > 0);
  const Proportions up = compare_proportions({100, 1000}, {150, 1000}, 0.95);
  CHECK(*up.z > 0);
  CHECK_CLOSE(*up.relative_lift, 0.5, 1e-12, 0);
  CHECK(up.relative_lift_interval->lower > 0);
  CHECK(up.relative_lift_interval->upper < 1);
}

TEST_CASE("Welch's t is that of SciPy") {
  const core::Json numbers = test::reference("stats.json");
  for (const core::Json& c : numbers.at("rank_tests")) {
    if (!c.contains("welch")) continue;
    CAPTURE(c.at("name").get<std::string>());
    const Means result =
        compare_means(make_sample(c.at("control").get<std::vector<double>>()),
                      make_sample(c.at("variant").get<std::vector<double>>()), 0.95);
    const core::Json& expected = c.at("welch");
    REQUIRE(result.t);
    REQUIRE(result.difference_interval);
    CHECK_CLOSE(*result.t, expected.at("t").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(*result.df, expected.at("df").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(*result.p_value, expected.at("p_value").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(result.difference_interval->lower, expected.at("interval")[0].get<double>(), 1e-9,
                1e-11);
    CHECK_CLOSE(result.difference_interval->upper, expected.at("interval")[1].get<double>(), 1e-9,
                1e-11);
  }
}

TEST_CASE("means without spread say so") {
  const Means constant = compare_means(make_sample({1, 1}), make_sample({2, 2}), 0.95);
  CHECK(constant.difference == 1);
  CHECK_FALSE(constant.t);
  CHECK_FALSE(constant.p_value);
  CHECK(*compare_means(make_sample({1, 1}), make_sample({1, 1}), 0.95).p_value == 1);
  CHECK_FALSE(compare_means(make_sample({1}), make_sample({2, 3}), 0.95).p_value);
}

TEST_CASE("P(best) and expected loss are those of adaptive quadrature") {
  const core::Json numbers = test::reference("stats.json");
  for (const core::Json& c : numbers.at("best_of_betas")) {
    CAPTURE(c.at("arms").dump());
    std::vector<Posterior> arms;
    for (const core::Json& pair : c.at("arms")) arms.push_back(posterior_of(pair));
    const BestArm result = best_arm(arms);
    double total = 0;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      CHECK_CLOSE(result.p_best[i], c.at("p_best")[i].get<double>(), 1e-9, 1e-11);
      CHECK_CLOSE(result.expected_loss[i], c.at("expected_loss")[i].get<double>(), 1e-9, 1e-11);
      total += result.p_best[i];
    }
    CHECK_CLOSE(total, 1, 1e-12, 0);
  }
  for (const core::Json& c : numbers.at("lift_quantiles")) {
    CAPTURE(c.dump());
    const auto interval =
        lift_interval(posterior_of(c.at("control")), posterior_of(c.at("variant")));
    REQUIRE(interval);
    CHECK_CLOSE(interval->lower, c.at("lift_interval")[0].get<double>(), 1e-9, 1e-11);
    CHECK_CLOSE(interval->upper, c.at("lift_interval")[1].get<double>(), 1e-9, 1e-11);
  }
}

TEST_CASE("quadrature over arms of very different sizes") {
  // Normal arms have a closed form: P(a > b) = Phi((m_a - m_b) / sqrt(s_a^2 + s_b^2)).
  for (const double ratio : {1e-6, 1e-3, 0.2, 1.0, 40.0, 1e5}) {
    const double better =
        probability_greater(Posterior::normal(1.5, ratio), Posterior::normal(1, 1));
    CHECK_CLOSE(better, normal_cdf(0.5 / std::hypot(1, ratio)), 1e-10, 1e-12);
  }
  // Equal arms are each as good as the other, whatever their number and size.
  for (const std::size_t count : {2u, 3u, 20u, 200u}) {
    for (const double n : {0.0, 50.0, 1e6, 1e8}) {
      const BestArm result =
          best_arm(std::vector<Posterior>(count, Posterior::beta(0.02 * n + 1, 0.98 * n + 1)));
      for (const double p : result.p_best) CHECK_CLOSE(p, 1 / static_cast<double>(count), 0, 5e-11);
    }
  }
  // A Beta of one success more than its rival, by the closed sum over whole parameters.
  CHECK_CLOSE(probability_greater(Posterior::beta(2, 1), Posterior::beta(1, 1)), 2.0 / 3, 1e-13, 0);
  CHECK_CLOSE(probability_greater(Posterior::beta(1, 3), Posterior::beta(2, 1)), 0.1, 1e-12, 0);
  // Of a thousand million trials all but a few succeed: sums of exact fractions (Python).
  const auto all_but = [](double failures) {
    return Posterior::beta(1e9 - failures + 1, failures + 1);
  };
  for (const auto& [control, variant, p] :
       {std::array{5.0, 3.0, 0.7460937504921875}, std::array{1.0, 0.0, 0.750000000125},
        std::array{40.0, 30.0, 0.8824512229565498}}) {
    CHECK_CLOSE(probability_greater(all_but(variant), all_but(control)), p, 1e-11, 0);
    CHECK_CLOSE(best_arm(std::vector{all_but(variant), all_but(control)}).p_best[0], p, 1e-11, 0);
  }
  CHECK(probability_greater(all_but(0), all_but(1e9)) == 1);
  CHECK(best_arm(std::vector{all_but(0), all_but(1e9)}).p_best == std::vector{1.0, 0.0});
}

TEST_CASE("the lift of normal arms is Fieller's, and nothing where the control may be 0") {
  const Posterior control = Posterior::normal(10, 0.5);
  const Posterior variant = Posterior::normal(12, 0.7);
  const auto interval = lift_interval(control, variant);
  REQUIRE(interval);
  for (const auto& [end, p] : {std::pair{interval->lower, 0.025}, {interval->upper, 0.975}}) {
    const double ratio = 1 + end;
    // P(variant - ratio control < 0)
    const double deviation = std::hypot(0.7, ratio * 0.5);
    CHECK_CLOSE(normal_cdf((ratio * 10 - 12) / deviation), p, 1e-10, 0);
  }
  CHECK_FALSE(lift_interval(Posterior::normal(1, 0.5), variant));
  CHECK_FALSE(lift_interval(Posterior::normal(-10, 0.5), variant));
}
