#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <algorithm>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

namespace {

Sample sample_of(const core::Json& values) {
  return make_sample(values.get<std::vector<double>>());
}

Sample binary(std::int64_t successes, std::int64_t size) {
  SampleBuilder builder;
  builder.add(1, successes);
  builder.add(0, size - successes);
  return std::move(builder).build();
}

std::vector<double> differences(const core::Json& control, const core::Json& variant) {
  std::vector<double> found;
  for (const double v : variant.get<std::vector<double>>()) {
    for (const double c : control.get<std::vector<double>>()) found.push_back(v - c);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void check_brunner_munzel(const Sample& control, const Sample& variant, double statistic,
                          double p_value) {
  const auto result = brunner_munzel(control, variant);
  REQUIRE(result);
  REQUIRE(result->statistic);
  CHECK_CLOSE(*result->statistic, statistic, 1e-10, 1e-12);
  CHECK_CLOSE(result->p_value, p_value, 1e-10, 1e-12);
}

}  // namespace

TEST_CASE("Mann-Whitney and Brunner-Munzel are those of the shared vectors") {
  const auto vectors = test::shared_vectors("mann_whitney.json");
  if (!vectors) return;
  for (const core::Json& c : vectors->at("cases")) {
    const Sample control = sample_of(c.at("control"));
    const Sample variant = sample_of(c.at("variant"));
    const MannWhitney result = mann_whitney(control, variant, RankMethod::kAsymptotic);
    CHECK(result.u_control == c.at("u_control").get<double>());
    CHECK_CLOSE(result.p_value, c.at("p_asymptotic").get<double>(), 1e-10, 1e-12);
    if (c.contains("p_exact") && !c.at("p_exact").is_null()) {
      CHECK_CLOSE(mann_whitney(control, variant).p_value, c.at("p_exact").get<double>(), 1e-10, 0);
    }
    if (c.contains("brunner_munzel") && c.at("brunner_munzel").is_object()) {
      const core::Json& expected = c.at("brunner_munzel");
      check_brunner_munzel(control, variant, expected.at("statistic").get<double>(),
                           expected.at("p").get<double>());
    }
  }
}

TEST_CASE("rank tests are those of SciPy and of enumeration") {
  const core::Json numbers = test::reference("stats.json");
  for (const core::Json& c : numbers.at("rank_tests")) {
    CAPTURE(c.at("name").get<std::string>());
    const Sample control = sample_of(c.at("control"));
    const Sample variant = sample_of(c.at("variant"));
    const MannWhitney result = mann_whitney(control, variant, RankMethod::kAsymptotic);
    CHECK(result.u_control == c.at("u_control").get<double>());
    CHECK(result.u_control + result.u_variant ==
          static_cast<double>(control.size) * static_cast<double>(variant.size));
    CHECK_CLOSE(result.p_value, c.at("p_asymptotic").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(result.log_p_value, c.at("log_p_asymptotic").get<double>(), 1e-10, 1e-12);
    CHECK(result.z.has_value() == !c.at("z").is_null());
    if (result.z) CHECK_CLOSE(*result.z, c.at("z").get<double>(), 1e-12, 1e-14);
    if (!c.at("p_exact").is_null()) {
      const MannWhitney exact = mann_whitney(control, variant);
      CHECK(exact.is_exact);
      CHECK_CLOSE(exact.p_value, c.at("p_exact").get<double>(), 1e-13, 0);
      CHECK_CLOSE(exact.log_p_value, std::log(c.at("p_exact").get<double>()), 1e-12, 1e-14);
    }
    CHECK_CLOSE(hodges_lehmann(control, variant, 0.95).estimate, c.at("shift").get<double>(), 1e-13,
                0);
    if (c.contains("brunner_munzel")) {
      const core::Json& expected = c.at("brunner_munzel");
      check_brunner_munzel(control, variant, expected.at("statistic").get<double>(),
                           expected.at("p_value").get<double>());
    }
  }
}

TEST_CASE("a hundred million outcomes are two rows, and the smallest p keeps its logarithm") {
  const core::Json numbers = test::reference("stats.json");
  for (const core::Json& c : numbers.at("counted_binary")) {
    CAPTURE(c.dump());
    const MannWhitney result = mann_whitney(binary(c.at("successes_control").get<std::int64_t>(),
                                                   c.at("n_control").get<std::int64_t>()),
                                            binary(c.at("successes_variant").get<std::int64_t>(),
                                                   c.at("n_variant").get<std::int64_t>()));
    CHECK_FALSE(result.is_exact);
    CHECK(result.u_control == c.at("u_control").get<double>());
    CHECK_CLOSE(result.p_value, c.at("p_value").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(result.log_p_value, c.at("log_p_value").get<double>(), 1e-12, 1e-12);
  }
}

TEST_CASE("the exact test beyond what enumeration reaches") {
  // No overlap: the two extreme assignments out of C(60, 30).
  std::vector<double> low(30);
  std::vector<double> high(30);
  for (int i = 0; i < 30; ++i) {
    low[i] = i;
    high[i] = 100 + i;
  }
  CHECK_CLOSE(mann_whitney(make_sample(low), make_sample(high)).p_value, 2 / 118264581564861424.0,
              1e-13, 0);
  // On 0/1 values it is a hypergeometric sum: Fisher's test by distance from the mean, here with
  // SciPy's hypergeom(400, 130, 200): P(X <= 50) + P(X >= 80).
  const MannWhitney forced = mann_whitney(binary(50, 200), binary(80, 200), RankMethod::kExact);
  CHECK(forced.is_exact);
  CHECK_CLOSE(forced.p_value, 0.0019055446506406964, 1e-11, 0);
  CHECK_THROWS_AS(mann_whitney(binary(5, 1000), binary(8, 1000), RankMethod::kExact),
                  core::InvalidInput);
}

TEST_CASE("direction, symmetry, order") {
  const Sample low = make_sample({1, 2, 3, 4});
  const Sample high = make_sample({5, 6, 7});
  const MannWhitney up = mann_whitney(low, high);
  CHECK(up.rank_biserial == 1);
  CHECK(up.common_language_effect == 1);
  CHECK(*up.z > 0);
  CHECK(up.u_control == 0);
  const MannWhitney down = mann_whitney(high, low);
  CHECK(down.rank_biserial == -1);
  CHECK(down.p_value == up.p_value);
  CHECK(*down.z == -*up.z);
  const MannWhitney equal = mann_whitney(make_sample({2, 2}), make_sample({2, 2, 2}));
  CHECK(equal.p_value == 1);
  CHECK(equal.log_p_value == 0);
  CHECK_FALSE(equal.z);
  CHECK(equal.rank_biserial == 0);
}

TEST_CASE("Brunner-Munzel without spread names it") {
  const auto apart = brunner_munzel(make_sample({1, 2}), make_sample({3, 4, 5}));
  REQUIRE(apart);
  CHECK(apart->is_degenerate);
  CHECK(apart->p_value == 0);
  CHECK(apart->direction == 1);
  const auto same = brunner_munzel(make_sample({1, 1}), make_sample({1, 1}));
  CHECK(same->is_degenerate);
  CHECK(same->p_value == 1);
  CHECK_FALSE(brunner_munzel(make_sample({1}), make_sample({1, 2})));
}

TEST_CASE("the Hodges-Lehmann interval stands between ordered differences") {
  const core::Json control = {1.1, 2.2, 3.3, 4.4, 5.5};
  const core::Json variant = {3.0, 6.1, 7.7, 8.8, 9.9, 10.2};
  const Shift shift = hodges_lehmann(sample_of(control), sample_of(variant), 0.95);
  const std::vector<double> all = differences(control, variant);
  CHECK(shift.estimate == (all[14] + all[15]) / 2);
  REQUIRE(shift.interval);
  // P(U <= 3) = 7 / 462, P(U <= 4) = 12 / 462 > 0.025: the fourth difference from either end.
  CHECK(shift.interval->lower == all[3]);
  CHECK(shift.interval->upper == all[26]);
  CHECK_FALSE(hodges_lehmann(make_sample({1, 2}), make_sample({3}), 0.95).interval);
  // The interval is what the test does not reject: moved by its ends, p is just about 5 %.
  core::RandomStream random(5, "shift");
  std::vector<double> a(200);
  std::vector<double> b(150);
  for (double& x : a) x = random.next_uniform();
  for (double& x : b) x = random.next_uniform() + 0.1;
  const Shift large = hodges_lehmann(make_sample(a), make_sample(b), 0.95);
  REQUIRE(large.interval);
  for (const double end : {large.interval->lower, large.interval->upper}) {
    std::vector<double> moved = b;
    for (double& x : moved) x -= end;
    CHECK_CLOSE(mann_whitney(make_sample(a), make_sample(moved)).p_value, 0.05, 0.01, 0);
  }
}
