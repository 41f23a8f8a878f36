#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/stats/distributions.hpp>
#include <adgenome/stats/sequential.hpp>
#include <cmath>

using namespace adgenome;

TEST_CASE("the normal mixture has the figures of the manual's check") {
  CHECK(stats::mixture_factor(0.05) == doctest::Approx(8.2119680621).epsilon(2e-11));
  CHECK(stats::mixture_factor(0.10) == doctest::Approx(6.6383520680).epsilon(2e-11));
  CHECK(stats::mixture_factor(0.01) == doctest::Approx(11.7563712225).epsilon(2e-11));
  // 100 and 150 successes of 500, baseline 0.2
  const double pc = 101.0 / 502;
  const double pv = 151.0 / 502;
  const double variance = (pc * (1 - pc) + pv * (1 - pv)) / 500;
  const double tau2 = stats::mixture_factor(0.05) * 0.2 * 0.8 * 2 / 500;
  CHECK(tau2 == doctest::Approx(0.00525565956).epsilon(2e-9));
  CHECK(stats::mixture_log_lambda(0.1, variance, tau2) ==
        doctest::Approx(4.8594338414).epsilon(2e-9));
}

TEST_CASE("the one-sided mixture hears one side, and the two halves make the whole") {
  const double up = std::exp(stats::one_sided_mixture_log_lambda(0.1, 0.001, 0.005));
  const double down = std::exp(stats::one_sided_mixture_log_lambda(-0.1, 0.001, 0.005));
  CHECK((up + down) / 2 == doctest::Approx(std::exp(stats::mixture_log_lambda(0.1, 0.001, 0.005))));
  CHECK(up > 10);
  CHECK(down < 0.2);
}

TEST_CASE("under continuous looking the one-sided test at 0.1 errs in at most a tenth of cases") {
  constexpr int kWorlds = 400;
  int errors = 0;
  for (int world = 0; world < kWorlds; ++world) {
    core::RandomStream random(static_cast<std::uint64_t>(world), "null");
    double sum = 0;
    bool has_fired = false;
    for (int n = 1; n <= 500; ++n) {
      sum += stats::normal_quantile(random.next_uniform());
      if (n < 50) continue;
      const double log_e =
          stats::one_sided_mixture_log_lambda(sum / n, 1.0 / n, stats::mixture_factor(0.1) / 50);
      has_fired = has_fired || log_e >= std::log(10.0);
    }
    errors += has_fired;
  }
  CHECK(errors <= 0.1 * kWorlds);
  CHECK(errors > 0);
}
