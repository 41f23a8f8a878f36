#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <nlohmann/json.hpp>

#include "../../support/reference.hpp"
#include "parts.hpp"

using namespace adgenome;
using namespace adgenome::experiments;

namespace {

stats::Sample binary(std::int64_t successes, std::int64_t size) {
  stats::SampleBuilder builder;
  builder.add(1, successes);
  builder.add(0, size - successes);
  return std::move(builder).build();
}

Analysis of(std::vector<Arm> arms, AnalysisOptions options = {}) {
  return analyze(std::move(arms), options);
}

}  // namespace

TEST_CASE("the order of the arms does not matter") {
  const Analysis one =
      of({{"b", binary(40, 100)}, {"control", binary(20, 100)}, {"a", binary(30, 100)}});
  const Analysis other =
      of({{"a", binary(30, 100)}, {"b", binary(40, 100)}, {"control", binary(20, 100)}});
  CHECK(core::dump(to_json(one)) == core::dump(to_json(other)));
  CHECK(one.arms.front().name == "control");
  CHECK(one.comparisons.front().arm == "a");
  CHECK(*one.winner == "b");
}

TEST_CASE("swapping the arms swaps the sign and nothing else") {
  AnalysisOptions swapped;
  swapped.control = "b";
  const std::vector<Arm> arms{{"control", binary(120, 1000)}, {"b", binary(160, 1000)}};
  const Comparison forth = of(arms).comparisons.front();
  const Comparison back = of(arms, swapped).comparisons.front();
  CHECK(*forth.effect_size == -*back.effect_size);
  CHECK(forth.mann_whitney->p_value == back.mann_whitney->p_value);
  CHECK_CLOSE(forth.bayes->p_better, 1 - back.bayes->p_better, 1e-12, 0);
  CHECK(forth.proportions->difference_interval.lower ==
        -back.proportions->difference_interval.upper);
}

TEST_CASE("the effect size of 0/1 values is the difference of the rates, and so is its mde") {
  const Analysis analysis = of({{"control", binary(200, 1000)}, {"b", binary(230, 1000)}});
  CHECK_CLOSE(*analysis.effect_size, 0.03, 1e-12, 0);
  // (1.959964 + 0.841621) sqrt(p (1 - p) (1/n + 1/m)) with the pooled rate.
  const double usual =
      (1.959963984540054 + 0.8416212335729143) * std::sqrt(0.215 * 0.785 * 2 / 1000.0);
  CHECK_CLOSE(*analysis.mde_80, usual, 1e-3, 0);
}

TEST_CASE("an effect of the size of mde_80 is found in four of five samples") {
  core::RandomStream random(11, "power");
  constexpr int kRepetitions = 400;
  constexpr int kSize = 150;
  const double shift = 0.30;  // between normal arms: rank-biserial 2 Phi(shift / sqrt 2) - 1
  int found = 0;
  double mde = 0;
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    std::vector<double> control(kSize);
    std::vector<double> variant(kSize);
    for (double& x : control) x = stats::normal_quantile(random.next_uniform());
    for (double& x : variant) x = stats::normal_quantile(random.next_uniform()) + shift;
    AnalysisOptions options;
    options.parts = only({&Parts::mann_whitney, &Parts::cluster, &Parts::sequential});
    const Analysis analysis = of({{"control", stats::make_sample(std::move(control))},
                                  {"b", stats::make_sample(std::move(variant))}},
                                 options);
    mde = *analysis.mde_80;
    found += analysis.winner == "b";
  }
  const double effect = 2 * stats::normal_cdf(shift / std::sqrt(2.0)) - 1;
  // The true effect is 0.168, mde_80 0.187: power a little under 80 %.
  CHECK(effect < mde);
  const double power = stats::normal_cdf(effect / mde * 2.8016 - 1.96);
  CHECK(std::abs(found / static_cast<double>(kRepetitions) - power) < 0.07);
}

TEST_CASE("means, Bayes and shift of values that are not 0 or 1") {
  const Analysis analysis = of({{"control", stats::make_sample({3, 4, 5, 6, 7, 9})},
                                {"b", stats::make_sample({5, 7, 8, 9, 11, 12})}});
  const Comparison& comparison = analysis.comparisons.front();
  REQUIRE(comparison.means);
  CHECK_FALSE(comparison.proportions);
  CHECK_CLOSE(comparison.means->difference, 3, 1e-12, 0);
  // Flat priors: P(better) = Phi(difference / standard error), with Welch's standard error.
  CHECK_CLOSE(comparison.bayes->p_better, stats::normal_cdf(*comparison.means->t), 1e-11, 0);
  CHECK(comparison.shift->estimate == 3);
  CHECK(*analysis.decision == Decision::kInsufficientData);
}

TEST_CASE("large arms in many distinct values go without the shift, and say so") {
  std::vector<double> control(1001);
  std::vector<double> variant(1000);
  for (std::size_t i = 0; i < control.size(); ++i) control[i] = static_cast<double>(i);
  for (std::size_t i = 0; i < variant.size(); ++i) variant[i] = static_cast<double>(i) + 0.5;
  const std::vector<Arm> arms{{"control", stats::make_sample(control)},
                              {"b", stats::make_sample(variant)}};
  const Comparison without = of(arms).comparisons.front();
  CHECK_FALSE(without.shift);
  CHECK(without.not_computed.front().first == "mann_whitney.hodges_lehmann_shift");
  AnalysisOptions asked;
  asked.parts.unlimited_hodges_lehmann = true;
  CHECK(of(arms, asked).comparisons.front().shift.has_value());
}

TEST_CASE("an unknown control is refused, no arms are not") {
  CHECK_THROWS_AS(of({{"a", binary(1, 2)}}), core::InvalidInput);
  const Analysis nothing = of({});
  CHECK(*nothing.decision == Decision::kInsufficientData);
  CHECK(nothing.comparisons.empty());
}

TEST_CASE("the split of units is tested as by chisq.test and binom.test of R") {
  for (const core::Json& c : test::reference("r_tests.json").at("splits")) {
    CAPTURE(c.dump());
    AnalysisOptions options;
    options.split = c.at("split").get<double>();
    const Analysis analysis = of({{"control", binary(0, c.at("observed")[0].get<std::int64_t>())},
                                  {"b", binary(0, c.at("observed")[1].get<std::int64_t>())}},
                                 options);
    REQUIRE(analysis.sample_ratio);
    CHECK_CLOSE(analysis.sample_ratio->chi_squared, c.at("chi_squared").get<double>(), 1e-10, 0);
    CHECK_CLOSE(analysis.sample_ratio->p_value, c.at("p_value").get<double>(), 1e-10, 1e-12);
    CHECK_CLOSE(analysis.sample_ratio->exact_p_value.value(), c.at("exact_p_value").get<double>(),
                1e-10, 1e-300);
  }
}

TEST_CASE("what is settled is said to be") {
  // Of two variants one is settled to be worse, and the other is open.
  Analysis analysis =
      of({{"control", binary(400, 1000)}, {"b", binary(405, 1000)}, {"c", binary(300, 1000)}});
  CHECK(*analysis.decision == Decision::kInconclusive);
  CHECK(analysis.reason.find("\"c\" to be worse: \"b\" has 0.405") != std::string::npos);
  analysis = of({{"control", binary(400, 1000)}, {"b", binary(405, 1000)}});
  CHECK(analysis.reason.starts_with("no difference is settled at 0.05: \"b\" has 0.405"));

  AnalysisOptions options;
  options.has_runs = true;
  analysis = of({{"control", binary(0, 0)}, {"b", binary(0, 0)}}, options);
  CHECK(analysis.reason == "arm \"control\" has 0 runs, and 20 an arm are needed");
}

TEST_CASE("of variants that are as good as the control the best may take its place") {
  AnalysisOptions options;
  options.non_inferiority = 0.9;
  const Analysis analysis =
      of({{"control", binary(500, 1000)}, {"b", binary(5000, 10000)}, {"c", binary(350, 500)}},
         options);
  const auto& b = *analysis.comparisons[0].non_inferiority;
  const auto& c = *analysis.comparisons[1].non_inferiority;
  CHECK(b.p_value < 0.01);
  CHECK(c.p_value < 0.01);
  CHECK(*analysis.winner == "c");
  CHECK(analysis.reason.find("1.4 times, q ") != std::string::npos);
}

TEST_CASE("days that vary make no arm futile before its time") {
  const auto arm = [](const char* name, std::initializer_list<double> clicks) {
    DayArm days{.name = name, .days = {}};
    for (const double each : clicks) days.days.push_back({.numerator = each, .denominator = 6000});
    return days;
  };
  // Both arms scatter tenfold; by their totals alone P(best) of the variant would be 0.01.
  const std::vector<DayArm> arms = {arm("control", {50, 110, 60, 130, 70, 90, 40}),
                                    arm("b", {90, 40, 50, 80, 60, 110, 50})};
  Analysis analysis = analyze_days(arms, {});
  CHECK(analysis.p_best[1] < 0.05);
  CHECK(*analysis.comparisons.front().day_sums->phi > 8);
  CHECK(analysis.futile_arms.empty());
  CHECK(*analysis.decision == Decision::kInconclusive);
  CHECK(analysis.reason.ends_with("the next look is on day 10"));
  AnalysisOptions options;
  options.planned_days = 8;
  analysis = analyze_days(arms, options);
  CHECK(analysis.reason.find("next look") == std::string::npos);
  options.is_classic = true;
  CHECK(analyze_days(arms, options).futile_arms == std::vector<std::string>{"b"});
}

TEST_CASE("days that are alike but for rounding settle nothing") {
  for (const auto& [control, variant] : {std::pair{29.68, 29.69}, {63.06, 63.07}, {0.1, 0.3}}) {
    std::vector<DayArm> arms(2);
    arms[0].name = "control";
    arms[1].name = "b";
    for (int day = 0; day < 7; ++day) {
      arms[0].days.push_back({.numerator = control, .denominator = 41.85});
      arms[1].days.push_back({.numerator = variant, .denominator = 41.85});
    }
    for (const Metric metric : {Metric::kRoas, Metric::kCpa}) {
      AnalysisOptions options;
      options.metric = metric;
      const Analysis analysis = analyze_days(arms, options);
      CHECK_FALSE(analysis.winner);
      if (metric == Metric::kRoas) {
        CHECK(analysis.reason.ends_with("needs amounts that vary over two days an arm"));
      }
      CHECK(analysis.p_best.empty());
      CHECK_NOTHROW(core::dump(to_json(analysis)));
    }
  }
}

TEST_CASE("what was had for nothing is of no day") {
  std::vector<DayArm> arms(2);
  arms[0].name = "control";
  arms[1].name = "b";
  for (int day = 0; day < 7; ++day) {
    arms[0].days.push_back({.numerator = 70, .denominator = 40});
    arms[1].days.push_back({.numerator = 72.0 + day, .denominator = day < 3 ? 0.0 : 40.0});
  }
  AnalysisOptions options;
  options.metric = Metric::kClicksPerSpend;
  const Analysis analysis = analyze_days(arms, options);
  CHECK(analysis.arms[1].sum == 75 + 76 + 77 + 78);
  CHECK_CLOSE(std::log(*analysis.arms[1].mean / *analysis.arms[0].mean),
              analysis.comparisons.front().day_sums->log_ratio, 1e-2, 0);
}

TEST_CASE("the sequential test does not mind in which unit values come") {
  const auto at = [](double unit) {
    std::vector<Arm> arms;
    for (const int more : {0, 1}) {
      stats::SampleBuilder values;
      for (int i = 0; i < 60; ++i) values.add((i % 7 + more) * unit);
      arms.push_back({more == 0 ? "control" : "b", std::move(values).build()});
    }
    AnalysisOptions options;
    options.planned_n = 100;
    return of(std::move(arms), options).comparisons.front().sequential.value();
  };
  const Sequential one = at(1);
  for (const double unit : {1e-100, 1e90, 1e140}) {
    CHECK_CLOSE(at(unit).p_value, one.p_value, 1e-12, 0);
    CHECK_CLOSE(at(unit).interval.upper, one.interval.upper * unit, 1e-12, 0);
  }
}

TEST_CASE("a split is invalid where both of its tests say so") {
  const auto is_invalid = [](std::int64_t control, std::int64_t variant, double split) {
    AnalysisOptions options;
    options.split = split;
    const Analysis analysis =
        of({{"control", binary(0, control)}, {"b", binary(0, variant)}}, options);
    return analysis.sample_ratio.value().is_invalid;
  };
  CHECK(is_invalid(9, 40, 0.5));
  // By SciPy, chi-square and binomial: 3 of 10 where 1 in 50 was planned 2.5e-10 and 0.0009, 2 of 4
  // 7.0e-12 and 0.0023.
  CHECK(is_invalid(7, 3, 0.02));
  CHECK_FALSE(is_invalid(2, 2, 0.02));
}

TEST_CASE("other metrics change the q of what decides, and nothing else of it") {
  const auto arm = [](const char* name, double more) {
    DayArm days{.name = name, .days = {}};
    for (int day = 0; day < 7; ++day) {
      days.days.push_back({.numerator = 70 + more + 3 * (day % 4), .denominator = 6000});
    }
    return days;
  };
  AnalysisOptions options;
  const Analysis alone = analyze_days({arm("control", 0), arm("b", 15)}, options);
  const Analysis among =
      analyze_metrics({{.metric = Metric::kLinkCtr, .arms = {arm("control", 0), arm("b", 15)}},
                       {.metric = Metric::kCpa, .arms = {arm("control", 0), arm("b", 1)}},
                       {.metric = Metric::kRoas, .arms = {arm("control", 0), arm("b", 40)}}},
                      options);
  const Evidence& before = *alone.comparisons.front().evidence;
  const Evidence& after = *among.comparisons.front().evidence;
  CHECK(*before.q_value == before.p_value);
  CHECK(after.p_value == before.p_value);
  CHECK(*after.holm_p_value == *before.holm_p_value);
  CHECK(*after.q_value > before.p_value);
  CHECK(among.reason == alone.reason);
  CHECK(among.decision == alone.decision);
  REQUIRE(among.secondary.size() == 2);
  // 3 p-values: the smallest times 3, the middle one times 3 / 2.
  CHECK_CLOSE(*among.secondary[1].comparisons.front().evidence->q_value,
              3 * among.secondary[1].comparisons.front().evidence->p_value, 1e-12, 0);
  CHECK_CLOSE(*after.q_value, 1.5 * after.p_value, 1e-12, 0);
}

TEST_CASE("of money the sequential test takes no more than the pooled 99th percentile") {
  const auto arm = [](const char* name, double from, double largest) {
    std::vector<double> values;
    for (int i = 0; i < 99; ++i) values.push_back(from + i % 10);
    values.push_back(largest);
    return Arm{.name = name, .sample = stats::make_sample(std::move(values))};
  };
  // 200 values: the 198th smallest is 21, the largest one is 1e6.
  const auto difference = [&](Metric metric, double largest) {
    AnalysisOptions options;
    options.planned_n = 500;
    options.metric = metric;
    return of({arm("control", 10, 19), arm("b", 12, largest)}, options)
        .comparisons.front()
        .sequential->difference;
  };
  CHECK(difference(Metric::kRoas, 1e6) == difference(Metric::kRoas, 21));
  CHECK(difference(Metric::kRoas, 1e6) < 3);
  CHECK(difference(Metric::kLinkCtr, 1e6) > 9000);
}
