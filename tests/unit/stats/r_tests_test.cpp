#include <doctest/doctest.h>

#include <adgenome/stats/means.hpp>
#include <adgenome/stats/multiple.hpp>
#include <adgenome/stats/power.hpp>
#include <adgenome/stats/proportions.hpp>
#include <adgenome/stats/rank_tests.hpp>
#include <adgenome/stats/stratified.hpp>
#include <vector>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

namespace {

const core::Json& cases(const char* part) {
  static const core::Json numbers = test::reference("r_tests.json");
  return numbers.at(part);
}

Sample sample_of(const core::Json& values) {
  return make_sample(values.get<std::vector<double>>());
}

void check_all(const std::vector<double>& actual, const core::Json& expected) {
  REQUIRE(actual.size() == expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    CHECK_CLOSE(actual[i], expected[i].get<double>(), 1e-13, 0);
  }
}

}  // namespace

TEST_CASE("rank tests are those of R's wilcox.test") {
  for (const core::Json& c : cases("ranks")) {
    CAPTURE(c.at("name").get<std::string>());
    const Sample control = sample_of(c.at("control"));
    const Sample variant = sample_of(c.at("variant"));
    const MannWhitney normal = mann_whitney(control, variant, RankMethod::kAsymptotic);
    CHECK(normal.u_control == c.at("u_control").get<double>());
    CHECK_CLOSE(normal.p_value, c.at("p_asymptotic").get<double>(), 1e-10, 1e-12);
    if (!c.at("p_exact").is_null()) {
      const MannWhitney exact = mann_whitney(control, variant);
      CHECK(exact.is_exact);
      CHECK_CLOSE(exact.p_value, c.at("p_exact").get<double>(), 1e-12, 0);
    }
    const core::Json& interval = c.at("shift_interval");
    if (interval[0].is_null()) continue;
    const Shift shift = hodges_lehmann(control, variant, 0.95);
    REQUIRE(shift.interval);
    CHECK_CLOSE(shift.interval->lower, interval[0].get<double>(), 1e-13, 0);
    CHECK_CLOSE(shift.interval->upper, interval[1].get<double>(), 1e-13, 0);
  }
}

TEST_CASE("means are those of R's t.test") {
  for (const core::Json& c : cases("means")) {
    CAPTURE(c.at("name").get<std::string>());
    const Means result =
        compare_means(sample_of(c.at("control")), sample_of(c.at("variant")), 0.95);
    REQUIRE(result.t);
    // R squares around a mean that was rounded: at 1e9 it has eleven digits of the spread.
    CHECK_CLOSE(*result.t, c.at("t").get<double>(), 1e-10, 0);
    CHECK_CLOSE(*result.df, c.at("df").get<double>(), 1e-10, 0);
    CHECK_CLOSE(*result.p_value, c.at("p_value").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(result.difference_interval->lower, c.at("interval")[0].get<double>(), 1e-9, 0);
    CHECK_CLOSE(result.difference_interval->upper, c.at("interval")[1].get<double>(), 1e-9, 0);
  }
}

TEST_CASE("rates are those of R's prop.test") {
  for (const core::Json& c : cases("rates")) {
    CAPTURE(c.dump());
    const auto arm = [&](const char* name) {
      return Successes{c.at(name)[0].get<std::int64_t>(), c.at(name)[1].get<std::int64_t>()};
    };
    const Proportions result = compare_proportions(arm("control"), arm("variant"), 0.95);
    REQUIRE(result.z);
    CHECK_CLOSE(*result.z * *result.z, c.at("chi_squared").get<double>(), 1e-9, 0);
    CHECK_CLOSE(result.p_value, c.at("p_value").get<double>(), 1e-9, 1e-12);
    CHECK((*result.z > 0) == (result.rate_variant > result.rate_control));
  }
}

TEST_CASE("pooled tables are those of R's mantelhaen.test") {
  const double z = normal_quantile(0.975);
  for (const core::Json& c : cases("tables")) {
    CAPTURE(c.dump());
    std::vector<TwoByTwo> tables;
    for (const core::Json& t : c.at("tables")) {
      tables.push_back({t[0][0], t[0][1], t[1][0], t[1][1]});
    }
    const MantelHaenszel pooled = mantel_haenszel(tables);
    CHECK(pooled.strata == static_cast<std::int64_t>(tables.size()));
    CHECK_CLOSE(std::exp(*pooled.log_odds_ratio), c.at("odds_ratio").get<double>(), 1e-10, 0);
    CHECK_CLOSE(std::exp(*pooled.log_odds_ratio - z * *pooled.standard_error),
                c.at("interval")[0].get<double>(), 1e-9, 0);
    CHECK_CLOSE(std::exp(*pooled.log_odds_ratio + z * *pooled.standard_error),
                c.at("interval")[1].get<double>(), 1e-9, 0);
    CHECK_CLOSE(*pooled.chi_squared, c.at("chi_squared").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(*pooled.p_value, c.at("p_value").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(*pooled.p_corrected, c.at("p_corrected").get<double>(), 1e-9, 1e-12);
  }
}

TEST_CASE("adjusted p-values are those of R's p.adjust") {
  for (const core::Json& c : cases("adjusted")) {
    const auto p_values = c.at("p_values").get<std::vector<double>>();
    check_all(benjamini_hochberg(p_values), c.at("benjamini_hochberg"));
    check_all(holm(p_values), c.at("holm"));
  }
}

TEST_CASE("the power of means is that of R's power.t.test") {
  for (const core::Json& c : cases("powers")) {
    CAPTURE(c.dump());
    CHECK_CLOSE(power_of_means(c.at("effect").get<double>(), c.at("n").get<std::int64_t>(),
                               c.at("alpha").get<double>()),
                c.at("power").get<double>(), 1e-9, 0);
  }
}
