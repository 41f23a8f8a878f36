#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/stats/ratio_mean.hpp>
#include <cmath>

using namespace adgenome;
using stats::IntervalMethod;
using stats::RatioMean;

TEST_CASE("a ratio of means has the error of its linearisation") {
  RatioMean mean;
  CHECK(!mean.estimate(IntervalMethod::kBootstrap, 1));
  mean.add(2, 4);
  CHECK(mean.estimate(IntervalMethod::kBootstrap, 1)->value == 0.5);
  CHECK(!mean.estimate(IntervalMethod::kBootstrap, 1)->standard_error);
  mean.add(1, 1);
  mean.add(3, 3);
  // R = 6/8; residuals -1, 1/4, 3/4: sum of squares 1.625
  const auto estimate = mean.estimate(IntervalMethod::kBootstrap, 1);
  CHECK(estimate->value == 0.75);
  CHECK(*estimate->standard_error == doctest::Approx(std::sqrt(1.625 * 1.5) / 8));
  CHECK(estimate->interval->lower <= 0.75);
  CHECK(estimate->interval->upper >= 0.75);
}

TEST_CASE("empirical Bernstein is Maurer and Pontil's bound on either side") {
  RatioMean mean;
  for (const double value : {0.0, 1.0, 1.0, 0.0, 1.0}) mean.add(value);
  const auto estimate = mean.estimate(IntervalMethod::kEmpiricalBernstein, 1);
  // variance 0.3, n 5, delta 0.025: sqrt(2 * 0.3 * ln 80 / 5) + 7 ln 80 / 12
  const double half = std::sqrt(2 * 0.3 * std::log(80.0) / 5) + 7 * std::log(80.0) / 12;
  CHECK(estimate->interval->lower == doctest::Approx(0.6 - half));
  CHECK(estimate->interval->upper == doctest::Approx(0.6 + half));
}

TEST_CASE("values that do not vary have no spread, and equal data give equal intervals") {
  RatioMean constant;
  RatioMean one;
  RatioMean other;
  core::RandomStream random(3, "values");
  for (int i = 0; i < 500; ++i) {
    constant.add(0.25);
    const double value = random.next_uniform();
    one.add(value);
    other.add(value);
  }
  CHECK(*constant.estimate(IntervalMethod::kBootstrap, 1)->standard_error == 0);
  CHECK(constant.estimate(IntervalMethod::kBootstrap, 1)->interval->upper == 0.25);
  CHECK(one.estimate(IntervalMethod::kBootstrap, 1)->interval->lower ==
        other.estimate(IntervalMethod::kBootstrap, 1)->interval->lower);
}

TEST_CASE("blocks of many pairs give the interval of the normal law, in bounded memory") {
  RatioMean mean;
  core::RandomStream random(4, "values");
  for (int i = 0; i < 100'001; ++i) mean.add(random.next_uniform());
  const auto estimate = mean.estimate(IntervalMethod::kBootstrap, 1);
  CHECK(*estimate->standard_error == doctest::Approx(std::sqrt(1.0 / 12 / 100'001)).epsilon(0.01));
  const double half = (estimate->interval->upper - estimate->interval->lower) / 2;
  CHECK(half / *estimate->standard_error == doctest::Approx(1.96).epsilon(0.1));
}
