#include <adgenome/stats/shrinkage.hpp>
#include <adgenome/stats/stratified.hpp>
#include <vector>

#include "../../support/reference.hpp"

using namespace adgenome;
using adgenome::test::reference;

namespace {

std::vector<stats::TwoByTwo> tables_of(const core::Json& list) {
  std::vector<stats::TwoByTwo> tables;
  for (const auto& table : list) {
    tables.push_back({table[0][0], table[0][1], table[1][0], table[1][1]});
  }
  return tables;
}

void check_pooled(const core::Json& expected) {
  const stats::MantelHaenszel pooled = stats::mantel_haenszel(tables_of(expected["tables"]));
  const double z = stats::normal_quantile(0.975);
  const auto& interval = expected["rbg_ci"];
  CHECK_CLOSE(std::exp(*pooled.log_odds_ratio), expected["odds_ratio"], 1e-9, 0);
  CHECK_CLOSE(std::exp(*pooled.log_odds_ratio - z * *pooled.standard_error), interval[0], 1e-9, 0);
  CHECK_CLOSE(std::exp(*pooled.log_odds_ratio + z * *pooled.standard_error), interval[1], 1e-9, 0);
  CHECK_CLOSE(*pooled.chi_squared, expected["cmh_chi2"], 1e-9, 0);
  CHECK_CLOSE(*pooled.p_value, expected["cmh_p"], 1e-9, 0);
  if (expected.contains("strata")) CHECK(pooled.strata == expected["strata"]);
  if (expected["tarone"].is_null()) {
    CHECK_FALSE(pooled.breslow_day);
  } else {
    CHECK_CLOSE(*pooled.breslow_day, expected["tarone"], 1e-9, 1e-12);
    CHECK_CLOSE(*pooled.breslow_day_p, expected["tarone_p"], 1e-9, 0);
  }
}

void check_by_r(const std::vector<stats::TwoByTwo>& tables, const core::Json& expected) {
  const stats::MantelHaenszel pooled = stats::mantel_haenszel(tables);
  CHECK_CLOSE(std::exp(*pooled.log_odds_ratio), expected["odds_ratio"], 1e-9, 0);
  CHECK_CLOSE(*pooled.chi_squared, expected["cmh_chi2"], 1e-9, 0);
  CHECK_CLOSE(*pooled.p_value, expected["cmh_p"], 1e-9, 0);
  CHECK_CLOSE(*pooled.p_corrected, expected["cmh_p_corrected"], 1e-9, 0);
}

}  // namespace

TEST_CASE("pooled odds ratios are those of statsmodels and R") {
  const core::Json cases = reference("attribution.json");
  for (const auto& each : cases["stratified"]) check_pooled(each);
  for (const auto& each : cases["r"]) check_by_r(tables_of(each["tables"]), each);
  if (const auto shared = test::shared_vectors("stratified.json")) {
    for (const auto& each : (*shared)["cases"]) check_pooled(each);
  }
}

TEST_CASE("Berkeley 1973: women are admitted less in all, and not less department by department") {
  const core::Json expected = reference("attribution.json")["berkeley"];
  const std::vector<stats::TwoByTwo> departments = tables_of(expected["tables"]);
  check_pooled(expected);
  check_by_r(departments, expected["r"]);
  stats::TwoByTwo all;
  for (const stats::TwoByTwo& each : departments) {
    all.successes += each.successes;
    all.failures += each.failures;
    all.rest_successes += each.rest_successes;
    all.rest_failures += each.rest_failures;
  }
  const auto crude = stats::woolf(all);
  CHECK(crude->value + 1.96 * crude->standard_error < 0);
  CHECK(*stats::mantel_haenszel(departments).log_odds_ratio > 0);
}

TEST_CASE("strata that say nothing leave every sum") {
  const std::vector<stats::TwoByTwo> tables = {{12, 88, 20, 300}, {7, 60, 9, 200}};
  std::vector<stats::TwoByTwo> more = tables;
  more.insert(more.end(), {{0, 0, 5, 5}, {4, 6, 0, 0}, {0, 50, 0, 90}, {3, 0, 8, 0}, {0, 0, 0, 0}});
  const auto few = stats::mantel_haenszel(tables);
  const auto many = stats::mantel_haenszel(more);
  CHECK(many.strata == 2);
  CHECK(*many.log_odds_ratio == *few.log_odds_ratio);
  CHECK(*many.chi_squared == *few.chi_squared);
  CHECK(*many.breslow_day_p == *few.breslow_day_p);
}

TEST_CASE("tables of which nothing can be said") {
  CHECK_FALSE(stats::mantel_haenszel({}).log_odds_ratio);
  const std::vector<stats::TwoByTwo> never = {{0, 10, 5, 5}};  // an odds ratio of 0
  const auto pooled = stats::mantel_haenszel(never);
  CHECK(pooled.strata == 1);
  CHECK(pooled.odds_ratio == 0);
  CHECK_FALSE(pooled.log_odds_ratio);
  CHECK(*pooled.p_value < 0.05);
  CHECK_FALSE(pooled.breslow_day);
  const std::vector<stats::TwoByTwo> always = {{5, 5, 0, 10}};  // infinite
  CHECK_FALSE(stats::mantel_haenszel(always).odds_ratio);
}

TEST_CASE("an odds ratio of 0 is one, an infinite one is not") {
  CHECK(stats::odds_ratio({0, 10, 5, 5}) == 0);
  CHECK(stats::odds_ratio({5, 5, 10, 0}) == 0);
  CHECK(stats::odds_ratio({2, 4, 3, 18}) == 3);
  CHECK_FALSE(stats::odds_ratio({5, 5, 0, 10}));
  CHECK_FALSE(stats::odds_ratio({5, 0, 5, 5}));
  CHECK_FALSE(stats::odds_ratio({5, 0, 10, 0}));
  CHECK_FALSE(stats::odds_ratio({0, 10, 0, 10}));
}

TEST_CASE("estimates are drawn together as by Paule and Mandel") {
  const core::Json cases = reference("attribution.json");
  for (const auto& each : cases["meta"]) {
    const std::vector<double> estimates = each["estimates"];
    const std::vector<double> variances = each["variances"];
    const stats::Shrinkage shrinkage = stats::shrink_together(estimates, variances);
    CHECK_CLOSE(shrinkage.tau2, each["tau2"], 1e-8, 1e-12);
    CHECK_CLOSE(shrinkage.mean, each["mean"], 1e-8, 1e-12);
    for (std::size_t i = 0; i < estimates.size(); ++i) {
      const double share = shrinkage.tau2 / (shrinkage.tau2 + variances[i]);
      CHECK_CLOSE(shrinkage.shrunk[i], share * estimates[i] + (1 - share) * shrinkage.mean, 1e-12,
                  1e-15);
    }
  }
  CHECK(stats::shrink_together({}, {}).shrunk.empty());
}
