#include <doctest/doctest.h>

#include <adgenome/stats/clusters.hpp>
#include <adgenome/stats/day_sums.hpp>
#include <adgenome/stats/means.hpp>
#include <adgenome/stats/power.hpp>
#include <adgenome/stats/ratios.hpp>
#include <adgenome/stats/sequential.hpp>
#include <array>
#include <nlohmann/json.hpp>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::stats;
using core::Json;

namespace {

const Json& cases(const std::string& name) {
  static const Json document = test::reference("experiments.json");
  return document.at(name);
}

std::vector<Cluster> clusters_of(const Json& arm) {
  std::vector<Cluster> clusters;
  for (const Json& values : arm) {
    Cluster cluster;
    for (const Json& value : values) cluster.add(value.get<double>());
    clusters.push_back(cluster);
  }
  return clusters;
}

std::vector<DayTotals> days_of(const Json& arm) {
  std::vector<DayTotals> days;
  for (std::size_t i = 0; i < arm.at(0).size(); ++i) {
    days.push_back(
        {.numerator = arm.at(0).at(i).get<double>(), .denominator = arm.at(1).at(i).get<double>()});
  }
  return days;
}

PairedMoments paired(const Json& arm) {
  PairedMoments moments;
  for (std::size_t i = 0; i < arm.at(0).size(); ++i) {
    moments.add(arm.at(0).at(i).get<double>(), arm.at(1).at(i).get<double>());
  }
  return moments;
}

MeanError mean_error(const Json& values) {
  Cluster all;
  for (const Json& value : values) all.add(value.get<double>());
  const auto n = static_cast<double>(all.size);
  return {.mean = all.mean, .error = std::sqrt(all.squares / (n - 1) / n), .df = n - 1};
}

}  // namespace

TEST_CASE("tests over clusters are those of enumeration and analysis of variance") {
  for (const Json& row : cases("clusters")) {
    const ClusterTest test =
        compare_clusters(clusters_of(row.at("control")), clusters_of(row.at("variant")), 0.95, 0);
    CHECK(test.method == ClusterMethod::kExact);
    CHECK_CLOSE(test.difference, row.at("difference").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(test.p_value, row.at("p_value").get<double>(), 1e-10, 0);
    CHECK(test.interval.has_value() == row.contains("interval"));
    if (test.interval) {
      CHECK_CLOSE(test.interval->lower, row.at("interval").at(0).get<double>(), 1e-9, 1e-12);
      CHECK_CLOSE(test.interval->upper, row.at("interval").at(1).get<double>(), 1e-9, 1e-12);
    }
    if (row.contains("icc")) {
      CHECK_CLOSE(*test.icc, row.at("icc").get<double>(), 1e-8, 1e-10);
      CHECK_CLOSE(*test.design_effect, row.at("design_effect").get<double>(), 1e-8, 1e-10);
    }
  }
}

TEST_CASE("a drawn permutation test is near the exact one, and repeats with its seed") {
  std::vector<Cluster> control(20);
  std::vector<Cluster> variant(20);
  for (std::size_t i = 0; i < 20; ++i) {
    control[i].add(static_cast<double>(i % 7));
    variant[i].add(static_cast<double>(i % 7) + 1.2);
  }
  const ClusterTest one = compare_clusters(control, variant, 0.95, 7);
  CHECK(one.method == ClusterMethod::kSampled);
  CHECK(one.p_value == compare_clusters(control, variant, 0.95, 7).p_value);
  // Welch's t on the same means is as good as exact here.
  const double by_t = student_t_two_sided(one.difference / *one.error, *one.df);
  CHECK_CLOSE(one.p_value, by_t, 0, 0.01);
}

TEST_CASE("sums of days have the figures of the manual's check") {
  const std::array<double, 7> yc = {70, 82, 64, 75, 90, 71, 66};
  const std::array<double, 7> yv = {85, 80, 95, 77, 99, 88, 70};
  std::vector<DayTotals> control;
  std::vector<DayTotals> variant;
  for (std::size_t i = 0; i < 7; ++i) {
    control.push_back({.numerator = yc[i], .denominator = 6000});
    variant.push_back({.numerator = yv[i], .denominator = 6000});
  }
  const DaySums sums = *compare_days(control, variant, DayModel::kShare);
  CHECK_CLOSE(*sums.phi, 1.19795876063, 1e-11, 0);
  CHECK_CLOSE(sums.log_ratio, 0.136780688461, 1e-11, 0);
  CHECK_CLOSE(sums.s, 0.00361072609496, 1e-11, 0);
  CHECK_CLOSE(sums.t, 2.0797281925, 1e-11, 0);
  CHECK_CLOSE(sums.p_value, 0.0596516264947, 1e-11, 0);
}

TEST_CASE("sums of days are those of generalised linear models") {
  for (const Json& row : cases("day_sums")) {
    const std::string name = row.at("model");
    const DayModel model = name == "share"   ? DayModel::kShare
                           : name == "count" ? DayModel::kCount
                                             : DayModel::kAmount;
    const DaySums sums =
        *compare_days(days_of(row.at("control")), days_of(row.at("variant")), model);
    CHECK(sums.phi.has_value() == !row.at("phi").is_null());
    if (sums.phi) CHECK_CLOSE(*sums.phi, row.at("phi").get<double>(), 1e-9, 0);
    CHECK_CLOSE(sums.log_ratio, row.at("log_ratio").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(sums.s, row.at("s").get<double>(), 1e-10, 0);
    CHECK(sums.df == row.at("df").get<double>());
    CHECK_CLOSE(sums.p_value, row.at("p_value").get<double>(), 1e-9, 1e-12);
  }
}

TEST_CASE("the looks spend the error as the manual says") {
  const std::array<double, 3> shares = {0.5, 10.0 / 14, 1};
  const std::vector<double> levels = obrien_fleming_levels(0.05, shares);
  CHECK_CLOSE(levels[0], 0.00557, 0, 6e-6);
  CHECK_CLOSE(levels[1], 0.01836, 0, 6e-6);  // by SciPy; the manual has 0.01842
  CHECK_CLOSE(levels[2], 0.0422, 0, 6e-5);
}

TEST_CASE("random effects are those of Paule and Mandel, Hartung and Knapp") {
  for (const Json& row : cases("random_effects")) {
    const auto effects = row.at("effects").get<std::vector<double>>();
    const auto variances = row.at("variances").get<std::vector<double>>();
    const RandomEffects found = random_effects(effects, variances, 0.95);
    CHECK_CLOSE(found.tau2, row.at("tau2").get<double>(), 1e-9, 1e-13);
    CHECK_CLOSE(found.mean, row.at("mean").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(found.error, row.at("error").get<double>(), 1e-9, 0);
    CHECK_CLOSE(found.p_value, row.at("p_value").get<double>(), 1e-8, 1e-12);
    CHECK_CLOSE(found.interval.lower, row.at("interval").at(0).get<double>(), 1e-8, 1e-10);
  }
}

TEST_CASE("means adjusted by a covariate are those of a regression") {
  for (const Json& row : cases("adjusted_means")) {
    const Means means =
        compare_adjusted_means(paired(row.at("control")), paired(row.at("variant")), 0.95);
    CHECK_CLOSE(means.difference, row.at("difference").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(*means.t, row.at("t").get<double>(), 1e-9, 1e-11);
    CHECK_CLOSE(*means.df, row.at("df").get<double>(), 1e-9, 0);
    CHECK_CLOSE(*means.p_value, row.at("p_value").get<double>(), 1e-9, 1e-12);
  }
}

TEST_CASE("powers are those of statsmodels and of enumeration") {
  for (const Json& row : cases("powers")) {
    const std::string test = row.at("test");
    const double effect = row.at("effect").get<double>();
    const auto n = row.at("n").get<std::int64_t>();
    const double alpha = row.at("alpha").get<double>();
    const double power = test == "rates"
                             ? power_of_rates(row.at("baseline").get<double>(), effect, n, alpha)
                         : test == "means" ? power_of_means(effect, n, alpha)
                                           : power_of_ranks(effect, n, alpha);
    INFO(row.dump());
    CHECK_CLOSE(power, row.at("power").get<double>(), 1e-8, 1e-12);
  }
}

TEST_CASE("size, effect and power say the same of one plan") {
  const PowerQuestion question{.test = PowerQuestion::Test::kRates, .baseline = 0.02};
  const std::int64_t n = *size_for(question, 0.022, 0.8);
  CHECK(power_at(question, 0.022, n) >= 0.8);
  CHECK(power_at(question, 0.022, n - 1) < 0.8);
  CHECK_CLOSE(*effect_for(question, n, 0.8), 0.022, 1e-5, 0);
  PowerQuestion clustered = question;
  clustered.inflation = 1.8;
  CHECK_CLOSE(static_cast<double>(*size_for(clustered, 0.022, 0.8)), 1.8 * static_cast<double>(n),
              1e-4, 0);
  const PowerQuestion small{.test = PowerQuestion::Test::kRates, .baseline = 0.2};
  const std::int64_t few = *size_for(small, 0.6, 0.8);
  for (std::int64_t more = few; more < few + 40; ++more) CHECK(power_at(small, 0.6, more) >= 0.8);
  CHECK_FALSE(size_for(question, 0.02, 0.8).has_value());
}

TEST_CASE("levels of Dunnett's comparisons") {
  for (const Json& row : cases("dunnett_levels")) {
    CHECK_CLOSE(dunnett_level(0.05, row.at("comparisons").get<std::int64_t>()),
                row.at("level").get<double>(), 1e-8, 0);
  }
}

TEST_CASE("non-inferiority of rates and of means") {
  for (const Json& row : cases("non_inferiority")) {
    const auto arm = [&](const char* name) {
      return Successes{.successes = row.at(name).at(0).get<std::int64_t>(),
                       .trials = row.at(name).at(1).get<std::int64_t>()};
    };
    const NonInferiority test = non_inferior_rate(arm("control"), arm("variant"), 0.9, 0.9);
    CHECK_CLOSE(test.ratio, row.at("ratio").get<double>(), 1e-10, 0);
    CHECK_CLOSE(test.interval->lower, row.at("interval").at(0).get<double>(), 1e-10, 0);
    CHECK_CLOSE(test.p_value, row.at("p_value").get<double>(), 1e-9, 1e-12);
  }
  for (const Json& row : cases("fieller")) {
    const NonInferiority test =
        *non_inferior_mean(mean_error(row.at("control")), mean_error(row.at("variant")), 0.9, 0.9);
    CHECK_CLOSE(test.p_value, row.at("p_value").get<double>(), 1e-9, 1e-12);
    CHECK_CLOSE(test.interval->lower, row.at("interval").at(0).get<double>(), 1e-9, 0);
    CHECK_CLOSE(test.interval->upper, row.at("interval").at(1).get<double>(), 1e-9, 0);
  }
}

TEST_CASE("money that finds two ratios apart is what the test of them needs") {
  // 2 (1.959964 + 0.841621)^2 / ln(1.2)^2 events an arm, by hand.
  CHECK_CLOSE(size_for_ratio(0.2, 1, 0.05, 0.8), 472.23876, 1e-6, 0);
  CHECK_CLOSE(size_for_ratio(0.2, 25, 0.05, 0.8), 25 * 472.23876, 1e-6, 0);
  CHECK(size_for_ratio(0.1, 1, 0.05, 0.8) > 3.5 * size_for_ratio(0.2, 1, 0.05, 0.8));
  CHECK(size_for_ratio(0.2, 1, 0.025, 0.8) > size_for_ratio(0.2, 1, 0.05, 0.8));
}

TEST_CASE("scatter of counts and of shares") {
  const std::vector<DayTotals> days = {{4, 40}, {9, 40}, {2, 40}, {9, 40}};
  // Mean 6: (4 + 9 + 16 + 9) / 6 as counts, over (1 - 0.15) as shares.
  const auto counts = pearson_scatter(days, DayModel::kCount);
  const auto shares = pearson_scatter(days);
  REQUIRE(counts);
  CHECK_CLOSE(counts->first, 38.0 / 6, 1e-13, 0);
  CHECK(counts->second == 3);
  CHECK_CLOSE(shares->first, 38.0 / 6 / 0.85, 1e-13, 0);
  const std::vector<DayTotals> many = {{80, 40}, {70, 40}};
  CHECK(pearson_scatter(many, DayModel::kCount));
  CHECK_FALSE(pearson_scatter(many));
}

TEST_CASE("within strata clusters are compared as by least squares, and exchanged within them") {
  const auto of = [](std::initializer_list<double> means) {
    std::vector<Cluster> clusters;
    for (const double mean : means) clusters.emplace_back().add(mean);
    return clusters;
  };
  // One of each side a stratum: the paired t of SciPy, and the 64 changes of sign.
  std::vector<ClusterStratum> pairs;
  const std::vector<double> c = {.2, .4, .5, .3, .6, .1};
  const std::vector<double> v = {.5, .4, .7, .6, .7, .5};
  for (std::size_t i = 0; i < c.size(); ++i) pairs.push_back({of({c[i]}), of({v[i]})});
  ClusterTest test = compare_clusters_within(pairs, 0.95, 1);
  CHECK(test.method == ClusterMethod::kExact);
  CHECK(test.p_value == 0.0625);
  CHECK_CLOSE(test.difference, 0.21666666666666667, 1e-12, 0);
  CHECK_CLOSE(*test.error, 0.060092521257733164, 1e-12, 0);
  CHECK(*test.df == 5);

  // Statsmodels' OLS with a stratum and a side; 13 of the 100 arrangements (Python).
  const std::vector<ClusterStratum> uneven = {{of({1, 2, 4}), of({3, 5})},
                                              {of({5, 7}), of({6, 9, 9})}};
  test = compare_clusters_within(uneven, 0.95, 1);
  CHECK_CLOSE(test.difference, 1.8333333333333333, 1e-12, 0);
  CHECK_CLOSE(*test.error, 0.9364743066331969, 1e-12, 0);
  CHECK(*test.df == 7);
  CHECK_CLOSE(test.interval->lower, -0.38107652, 1e-7, 0);
  CHECK_CLOSE(test.p_value, 0.13, 1e-12, 0);
  CHECK(test.clusters_control == 5);
  // A single stratum is the ordinary comparison.
  const std::vector<ClusterStratum> single = {{of({1, 2, 4, 3}), of({3, 5, 6})}};
  CHECK(compare_clusters_within(single, 0.95, 1).p_value ==
        compare_clusters(single[0].control, single[0].variant, 0.95, 1).p_value);
}
