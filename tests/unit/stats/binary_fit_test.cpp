#include <doctest/doctest.h>

#include <adgenome/stats/agreement.hpp>
#include <adgenome/stats/binary_fit.hpp>
#include <nlohmann/json.hpp>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;

namespace {

std::vector<BinaryCase> cases_of(const core::Json& row) {
  std::vector<BinaryCase> cases;
  for (std::size_t i = 0; i < row.at("y").size(); ++i) {
    cases.push_back({row.at("y")[i].get<int>() == 1, row.at("weight")[i].get<double>()});
  }
  return cases;
}

}  // namespace

TEST_CASE("kappa and its standard error are those computed elsewhere") {
  for (const auto expected_cases = test::reference("binary_fit.json");
       const core::Json& row : expected_cases.at("kappa")) {
    const core::Json& table = row.at("table");
    const auto kappa = cohen_kappa({table[0].get<double>(), table[1].get<double>(),
                                    table[2].get<double>(), table[3].get<double>()},
                                   0.95);
    REQUIRE(kappa);
    CHECK_CLOSE(kappa->kappa, row.at("kappa").get<double>(), 1e-12, 1e-12);
    CHECK_CLOSE(kappa->standard_error, row.at("standard_error").get<double>(), 1e-6, 1e-6);
    CHECK(kappa->interval.lower >= -1);
    CHECK(kappa->interval.upper <= 1);
  }
}

TEST_CASE("kappa says nothing where chance alone would agree") {
  CHECK_FALSE(cohen_kappa({}, 0.95));
  CHECK_FALSE(cohen_kappa({.both_yes = 20}, 0.95));
  CHECK(cohen_kappa({.both_yes = 20, .only_first = 2}, 0.95)->kappa == doctest::Approx(0));
}

TEST_CASE("the isotonic fit is that computed elsewhere, between and beyond its points") {
  const core::Json row = test::reference("binary_fit.json").at("isotonic");
  const IsotonicFit fit = isotonic_fit(row.at("x").get<std::vector<double>>(), cases_of(row));
  for (std::size_t i = 0; i < row.at("at").size(); ++i) {
    CHECK_CLOSE(fit.at(row.at("at")[i].get<double>()), row.at("value")[i].get<double>(), 1e-9,
                1e-9);
  }
}

TEST_CASE("the logistic fit is that computed elsewhere") {
  for (const auto expected_cases = test::reference("binary_fit.json");
       const core::Json& row : expected_cases.at("logistic")) {
    const auto fit =
        logistic_fit(row.at("x").get<std::vector<double>>(), row.at("columns").get<std::size_t>(),
                     cases_of(row), {}, row.at("ridge").get<double>());
    REQUIRE(fit);
    CHECK_CLOSE(fit->intercept, row.at("intercept").get<double>(), 1e-6, 1e-6);
    for (std::size_t j = 0; j < fit->coefficients.size(); ++j) {
      CHECK_CLOSE(fit->coefficients[j], row.at("coefficients")[j].get<double>(), 1e-6, 1e-6);
    }
  }
}

TEST_CASE("an offset takes over what it explains") {
  std::vector<double> x;
  std::vector<BinaryCase> cases;
  for (int i = 0; i < 200; ++i) {
    x.push_back(i / 20.0);
    cases.push_back({(i * 7919) % 200 < 20 * x.back(), 1});
  }
  const auto plain = logistic_fit(x, 1, cases, {}, 1);
  REQUIRE(plain);
  std::vector<double> offsets;
  for (const double value : x) offsets.push_back(plain->log_odds({&value, 1}));
  const auto rest = logistic_fit(x, 1, cases, offsets, 1);
  REQUIRE(rest);
  CHECK(std::abs(rest->coefficients[0]) < 0.05 * plain->coefficients[0]);
}

TEST_CASE("there is no fit where there is nothing to tell apart") {
  const std::vector<double> x{1, 2, 3};
  const std::vector<BinaryCase> alike(3, {true, 1});
  CHECK_FALSE(logistic_fit(x, 1, alike, {}, 1));
  CHECK(isotonic_fit(x, alike).at(2) == 1);
  const std::vector<BinaryCase> parted{{false, 1}, {false, 1}, {true, 1}};
  CHECK_FALSE(logistic_fit(x, 1, parted, {}, 0));
  CHECK(logistic_fit(x, 1, parted, {}, 0.1));
  CHECK(logistic(800) == 1);
  CHECK(logistic(-800) == 0);
}
