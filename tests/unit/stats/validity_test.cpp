#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

using namespace adgenome;
using namespace adgenome::stats;

namespace {

constexpr int kRepetitions = 2000;

/// The share of repetitions under the null that a 5 % test rejects. `draw` makes one value of
/// either arm from a uniform number.
double size_of(std::string_view stream, std::size_t n, const std::function<double(double)>& draw,
               const std::function<double(const Sample&, const Sample&)>& p_value) {
  core::RandomStream random(2026, stream);
  const auto sample = [&] {
    std::vector<double> values(n);
    for (double& value : values) value = draw(random.next_uniform());
    return make_sample(std::move(values));
  };
  int rejected = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    const Sample control = sample();
    const Sample variant = sample();
    rejected += p_value(control, variant) < 0.05;
  }
  return rejected / static_cast<double>(kRepetitions);
}

double exponential(double u) {
  return -std::log(u);
}

double thirty_percent(double u) {
  return u < 0.3 ? 1 : 0;
}

double by_ranks(const Sample& c, const Sample& v) {
  return mann_whitney(c, v).p_value;
}

}  // namespace

TEST_CASE("a 5 % test errs about 5 % of the time on continuous values") {
  const double ranks = size_of("ranks", 200, exponential, by_ranks);
  const double brunner = size_of("brunner", 200, exponential, [](const Sample& c, const Sample& v) {
    return brunner_munzel(c, v)->p_value;
  });
  const double welch = size_of("welch", 200, exponential, [](const Sample& c, const Sample& v) {
    return *compare_means(c, v, 0.95).p_value;
  });
  for (const double size : {ranks, brunner, welch}) {
    CHECK(size >= 0.035);
    CHECK(size <= 0.065);
  }
}

TEST_CASE("on tied and 0/1 values, and where it is exact, it errs no more than that") {
  const double tied = size_of("tied", 200, thirty_percent, by_ranks);
  const double rates = size_of("rates", 200, thirty_percent, [](const Sample& c, const Sample& v) {
    return compare_proportions({successes(c), c.size}, {successes(v), v.size}, 0.95).p_value;
  });
  const double exact = size_of("exact", 12, exponential, by_ranks);
  const double exact_tied = size_of("exact tied", 12, thirty_percent, by_ranks);
  for (const double size : {tied, rates}) CHECK(size <= 0.065);
  // An exact test is at most 5 %; three standard errors of 2,000 repetitions are 1.5 %.
  for (const double size : {exact, exact_tied}) CHECK(size <= 0.065);
}

TEST_CASE("the exact test errs as often as all arrangements of the ranks say") {
  // Of 12 against 12 untied values: U is a partition in a box, counted by adding parts.
  constexpr int kEach = 12;
  constexpr int kPairs = kEach * kEach;
  std::vector<std::vector<double>> ways(kEach + 1, std::vector<double>(kPairs + 1, 0.0));
  ways[0][0] = 1;  // ways[parts used][sum], parts from 1 to 12, each any number of times
  for (int part = 1; part <= kEach; ++part) {
    for (int used = 1; used <= kEach; ++used) {
      for (int sum = part; sum <= kPairs; ++sum) ways[used][sum] += ways[used - 1][sum - part];
    }
  }
  std::vector<double> of_u(kPairs + 1, 0.0);
  double all = 0;
  for (const auto& row : ways) {
    for (int u = 0; u <= kPairs; ++u) of_u[u] += row[u];
  }
  for (const double count : of_u) all += count;
  CHECK(all == 2'704'156);  // C(24, 12)
  double untied = 0;
  for (int u = 0; u <= kPairs; ++u) {
    double as_far = 0;
    for (int other = 0; other <= kPairs; ++other) {
      if (std::abs(2 * other - kPairs) >= std::abs(2 * u - kPairs)) as_far += of_u[other];
    }
    if (as_far / all < 0.05) untied += of_u[u] / all;
  }
  // Of 0/1 values: every pair of binomial outcomes.
  double binary = 0;
  for (int c = 0; c <= kEach; ++c) {
    for (int v = 0; v <= kEach; ++v) {
      const auto chance = [&](int k) {
        return std::exp(std::lgamma(kEach + 1.0) - std::lgamma(k + 1.0) -
                        std::lgamma(kEach - k + 1.0) + k * std::log(0.3) +
                        (kEach - k) * std::log(0.7));
      };
      std::vector<double> control(kEach, 0.0);
      std::vector<double> variant(kEach, 0.0);
      std::fill_n(control.begin(), c, 1.0);
      std::fill_n(variant.begin(), v, 1.0);
      const double p = by_ranks(make_sample(control), make_sample(variant));
      if (p < 0.05) binary += chance(c) * chance(v);
    }
  }
  const auto is_near = [](double simulated, double size) {
    CHECK(size <= 0.05);
    CHECK(std::abs(simulated - size) <= 3.5 * std::sqrt(size * (1 - size) / kRepetitions));
  };
  is_near(size_of("exact", kEach, exponential, by_ranks), untied);
  is_near(size_of("exact tied", kEach, thirty_percent, by_ranks), binary);
}

TEST_CASE("a 95 % interval covers the truth 95 % of the time") {
  core::RandomStream random(2026, "coverage");
  int newcombe = 0;
  int shift = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    std::int64_t s_c = 0;
    std::int64_t s_v = 0;
    for (int k = 0; k < 100; ++k) {
      s_c += random.next_uniform() < 0.2;
      s_v += random.next_uniform() < 0.3;
    }
    const Interval rates = compare_proportions({s_c, 100}, {s_v, 100}, 0.95).difference_interval;
    newcombe += rates.lower <= 0.1 && 0.1 <= rates.upper;
    if (i % 10 != 0) continue;
    std::vector<double> control(40);
    std::vector<double> variant(40);
    for (double& x : control) x = exponential(random.next_uniform());
    for (double& x : variant) x = exponential(random.next_uniform()) + 2;
    const Interval between =
        *hodges_lehmann(make_sample(control), make_sample(variant), 0.95).interval;
    shift += between.lower <= 2 && 2 <= between.upper;
  }
  CHECK(newcombe >= 0.935 * kRepetitions);
  CHECK(newcombe <= 0.97 * kRepetitions);
  CHECK(shift >= 0.90 * kRepetitions / 10);
}
