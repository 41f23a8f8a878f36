#include <doctest/doctest.h>

#include <adgenome/core/random.hpp>
#include <adgenome/experiments/analysis.hpp>
#include <adgenome/stats/distributions.hpp>
#include <cmath>
#include <cstdlib>

#include "parts.hpp"

using namespace adgenome;
using namespace adgenome::experiments;

namespace {

/// 2,000 under ADGENOME_LONG, a tenth otherwise.
int repetitions() {
  return std::getenv("ADGENOME_LONG") != nullptr ? 2000 : 200;
}

/// Most errors that a test of this size makes by chance (three standard errors).
double most(double size) {
  const double n = repetitions();
  return size + 3 * std::sqrt(size * (1 - size) / n);
}

double normal(core::RandomStream& random) {
  return stats::normal_quantile(random.next_uniform());
}

/// A Poisson count of a large mean.
double count(core::RandomStream& random, double mean) {
  return std::max(0.0, std::round(mean + std::sqrt(mean) * normal(random)));
}

DayArm ad(core::RandomStream& random, const std::string& name, double log_sd) {
  DayArm arm{.name = name, .days = {}};
  for (int day = 0; day < 14; ++day) {
    const double rate = 0.012 * std::exp(log_sd * normal(random));
    arm.days.push_back({.numerator = count(random, 6000 * rate), .denominator = 6000});
  }
  return arm;
}

/// What an ad bought of about the same money a day, at prices and rates that vary.
DayArm buying_ad(core::RandomStream& random, const std::string& name) {
  DayArm arm{.name = name, .days = {}};
  for (int day = 0; day < 14; ++day) {
    const double spend = 40 * std::exp(0.1 * normal(random));
    const double impressions = spend / 0.0066 * std::exp(0.25 * normal(random));
    const double rate = 0.012 * std::exp(0.3 * normal(random));
    arm.days.push_back({.numerator = count(random, impressions * rate), .denominator = spend});
    arm.impressions.push_back(impressions);
  }
  return arm;
}

DayArm first_days(const DayArm& arm, std::size_t days) {
  DayArm part = arm;
  part.days.resize(days);
  if (!part.impressions.empty()) part.impressions.resize(days);
  return part;
}

/// Runs of five ads whose chances of approval differ from run to run.
Arm runs(core::RandomStream& random, const std::string& name, int count_of_runs) {
  Arm arm{.name = name, .sample = {}};
  stats::SampleBuilder values;
  for (int run = 0; run < count_of_runs; ++run) {
    const double chance = 1 / (1 + std::exp(-1.5 * normal(random)));
    stats::Cluster cluster;
    for (int i = 0; i < 5; ++i) {
      const double value = random.next_uniform() < chance ? 1 : 0;
      values.add(value);
      cluster.add(value);
    }
    arm.clusters.push_back(cluster);
  }
  arm.sample = std::move(values).build();
  return arm;
}

/// One of several looks at the arms, which leaves behind what the next has to know; false where the
/// sequential test does not judge yet.
bool look(std::vector<Arm> arms, std::int64_t number, AnalysisOptions& options) {
  options.look = number;
  const Comparison found = analyze(std::move(arms), options).comparisons.front();
  if (!found.sequential) return false;
  options.past["b"] = {.p_value = found.sequential->p_value,
                       .interval = found.sequential->interval,
                       .tau2 = found.sequential->tau2};
  return true;
}

}  // namespace

TEST_CASE("equal ads whose days vary: the robust rule names a winner in at most 6 %") {
  core::RandomStream random(2026, "equal ads");
  int robust = 0;
  int classic = 0;
  for (int i = 0; i < repetitions(); ++i) {
    const DayArm control = ad(random, "control", 0.4);
    const DayArm variant = ad(random, "b", 0.4);
    bool is_found = false;
    for (const std::size_t days : {7, 10, 14}) {
      const Analysis analysis =
          analyze_days({first_days(control, days), first_days(variant, days)}, {});
      is_found = is_found || analysis.winner;
    }
    robust += is_found;
    bool is_named = false;  // by P(best) of any day, as the classic rule looks
    for (std::size_t days = 1; days <= 14 && !is_named; ++days) {
      for (const double p :
           analyze_days({first_days(control, days), first_days(variant, days)}, {}).p_best) {
        is_named = is_named || p > 0.9;
      }
    }
    classic += is_named;
  }
  MESSAGE("winners among equal ads: robust ", robust, ", classic ", classic, " of ", repetitions());
  CHECK(robust <= most(0.06) * repetitions());
  CHECK(classic > repetitions() / 3);
}

TEST_CASE("ads of which money buys the same: the robust rule names a winner in at most 6 %") {
  core::RandomStream random(2026, "equal money");
  int found = 0;
  for (int i = 0; i < repetitions(); ++i) {
    const DayArm control = buying_ad(random, "control");
    const DayArm variant = buying_ad(random, "b");
    bool is_found = false;
    for (const std::size_t days : {7, 10, 14}) {
      const Analysis analysis = analyze_days({first_days(control, days), first_days(variant, days)},
                                             {.metric = Metric::kClicksPerSpend});
      is_found = is_found || analysis.winner;
    }
    found += is_found;
  }
  MESSAGE("winners by clicks for money: ", found, " of ", repetitions());
  CHECK(found <= most(0.06) * repetitions());
  CHECK(found > 0);
}

TEST_CASE("two identical ads find a winner in 63 % under the classic rule") {
  CHECK(std::abs(false_winner_rate(2, 100'000, 1000, 1) - 0.63) < 0.03);
}

TEST_CASE("runs of five ads: the test over runs errs in 5 %, that over ads in far more") {
  core::RandomStream random(2026, "equal runs");
  int robust = 0;
  int classic = 0;
  AnalysisOptions options;
  options.parts = only({&Parts::mann_whitney, &Parts::cluster, &Parts::sequential});
  for (int i = 0; i < repetitions(); ++i) {
    const std::vector<Arm> arms = {runs(random, "control", 24), runs(random, "b", 24)};
    options.is_classic = false;
    robust += analyze(arms, options).winner.has_value();
    options.is_classic = true;
    classic += analyze(arms, options).winner.has_value();
  }
  MESSAGE("winners among equal runs: robust ", robust, ", classic ", classic, " of ",
          repetitions());
  CHECK(robust <= most(0.05) * repetitions());
  CHECK(classic > 0.08 * repetitions());
}

TEST_CASE("looked at after every run the sequential test errs in at most 5 %") {
  core::RandomStream random(2026, "looks");
  int errors = 0;
  AnalysisOptions options;
  options.planned_n = 100;
  options.min_sample = 20;
  options.parts = only({&Parts::sequential});
  for (int i = 0; i < repetitions(); ++i) {
    const Arm control = runs(random, "control", 100);
    const Arm variant = runs(random, "b", 100);
    options.past.clear();
    for (std::size_t n = 20; n <= 100; n += 4) {
      Arm c = control;
      Arm v = variant;
      c.clusters.resize(n);
      v.clusters.resize(n);
      look({c, v}, static_cast<std::int64_t>(n), options);
    }
    errors += options.past["b"].p_value < 0.05;
  }
  CHECK(errors <= most(0.05) * repetitions());
}

TEST_CASE("of rates it errs in at most 5 % too, looked at after every twenty ads") {
  core::RandomStream random(2026, "looks at rates");
  AnalysisOptions options;
  options.planned_n = 500;
  options.baseline = 0.2;
  options.parts = only({&Parts::sequential});
  int errors = 0;
  int found_effects = 0;
  for (const bool is_null : {true, false}) {
    for (int i = 0; i < repetitions(); ++i) {
      std::int64_t approved[2] = {0, 0};
      options.past.clear();
      for (std::int64_t n = 20; n <= 500; n += 20) {
        for (int k = 0; k < 20; ++k) {
          approved[0] += random.next_uniform() < 0.2;
          approved[1] += random.next_uniform() < (is_null ? 0.2 : 0.32);
        }
        const auto arm = [&](const char* name, std::int64_t successes) {
          stats::SampleBuilder values;
          values.add(1, successes);
          values.add(0, n - successes);
          return Arm{.name = name, .sample = std::move(values).build()};
        };
        REQUIRE(look({arm("control", approved[0]), arm("b", approved[1])}, n / 20, options));
      }
      (is_null ? errors : found_effects) += options.past["b"].p_value < 0.05;
    }
  }
  MESSAGE("rates looked at 25 times: ", errors, " false alarms, ", found_effects,
          " effects found of ", repetitions());
  CHECK(errors <= most(0.05) * repetitions());
  CHECK(found_effects > 0.8 * repetitions());
}

TEST_CASE("a thousand arms, one value, nothing that varies: an outcome each time") {
  std::vector<Arm> many;
  for (int i = 0; i < 1000; ++i) {
    stats::SampleBuilder values;
    values.add(0, 30);
    values.add(1, 10 + i % 5);
    many.push_back({.name = i == 0 ? "control" : "v" + std::to_string(i),
                    .sample = std::move(values).build()});
  }
  AnalysisOptions options;
  options.parts.bayes = false;
  options.parts.brunner_munzel = false;
  CHECK(analyze(many, options).decision == Decision::kInconclusive);
  CHECK(analyze_days({{.name = "control", .days = {}}}, {}).decision ==
        Decision::kInsufficientData);
  const std::vector<stats::DayTotals> nothing(14);
  CHECK(analyze_days({{.name = "control", .days = nothing}, {.name = "b", .days = nothing}}, {})
            .decision == Decision::kInsufficientData);
}

TEST_CASE("past ads of two sides that do alike: within templates the test errs in 5 %") {
  core::RandomStream random(2026, "templates");
  int found = 0;
  for (int repetition = 0; repetition < repetitions(); ++repetition) {
    MatchedArms match{.variant = "b", .strata = {}};
    for (int i = 0; i < 40; ++i) {
      const double chance = 0.2 + 0.6 * random.next_uniform();
      stats::ClusterStratum& stratum = match.strata.emplace_back();
      for (auto* side : {&stratum.control, &stratum.variant}) {
        stats::Cluster run;
        for (int ad = 0; ad < 5; ++ad) run.add(random.next_uniform() < chance ? 1 : 0);
        side->push_back(run);
      }
    }
    const Analysis analysis =
        analyze_matched({{"control", {}}, {"b", {}}}, {match}, {.min_sample = 100});
    found += analysis.winner.has_value();
  }
  MESSAGE("winners among sides that do alike: ", found, " of ", repetitions());
  CHECK(found <= most(0.05) * repetitions());
  CHECK(found > 0);
}
