#include <doctest/doctest.h>

#include <adgenome/core/files.hpp>
#include <adgenome/core/random.hpp>
#include <adgenome/scoring/draw.hpp>
#include <adgenome/scoring/off_policy.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <sstream>

#include "../../support/reference.hpp"

using namespace adgenome;
using namespace adgenome::scoring;

namespace {

constexpr double kUnclipped = 1e300;

/// The text of a CSV file's rows, cut at commas.
std::vector<std::vector<std::string>> csv_rows(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(core::read_all(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

/// A world whose truth is known: templates with click rates, one policy that draws three of them
/// without replacement, another whose first draw is asked about.
struct World {
  std::vector<double> rates, logging, target;
  double truth = 0;

  explicit World(core::RandomStream& random) {
    constexpr int kTemplates = 15;
    double logged = 0;
    double wanted = 0;
    for (int a = 0; a < kTemplates; ++a) {
      rates.push_back(0.1 + 0.6 * random.next_uniform());
      logging.push_back(0.3 + random.next_uniform());
      target.push_back(logging.back() * (0.5 + 1.5 * random.next_uniform()));
      logged += logging.back();
      wanted += target.back();
    }
    for (int a = 0; a < kTemplates; ++a) {
      const auto i = static_cast<std::size_t>(a);
      logging[i] /= logged;
      target[i] /= wanted;
      truth += target[i] * rates[i];
    }
  }

  std::vector<LoggedDraw> play(core::RandomStream& random, std::size_t count) const {
    std::vector<LoggedDraw> draws;
    for (const Draw& drawn : draw_without_replacement(logging, count, random)) {
      draws.push_back({.reward = random.next_uniform() < rates[drawn.index] ? 1.0 : 0.0,
                       .draw_probability = drawn.draw_probability,
                       .target = target[drawn.index],
                       .model_logged = 0.3,
                       .model_target = 0.3});
    }
    return draws;
  }
};

}  // namespace

TEST_CASE("several draws of a selection are weighed in their order") {
  // The case of the shared reference (robust_reference.py), with the figures worked out by hand.
  const std::vector<LoggedDraw> draws = {{.reward = 0.4, .draw_probability = 0.5, .target = 0.2},
                                         {.reward = 0.6, .draw_probability = 0.4, .target = 0.5}};
  // z = 0.08, 0.30; t = 0.16, 0.08 + 0.75
  CHECK(ordered_value(draws, kUnclipped).value == doctest::Approx((0.16 + 0.83) / 2));
  CHECK(ordered_value(draws, kUnclipped).weight == doctest::Approx(0.4));
  CHECK(ordered_value({draws.data(), 1}, kUnclipped).value == doctest::Approx(0.16));
  CHECK(ordered_value(draws, 1.0).value == doctest::Approx((0.16 + 0.08 + 0.6) / 2));
}

TEST_CASE("the plain ratio is biased with several draws, the ordered estimator is not") {
  core::RandomStream random(11, "world");
  const World world(random);
  double ordered = 0;
  double plain = 0;
  constexpr int kSelections = 20'000;
  for (int i = 0; i < kSelections; ++i) {
    const auto draws = world.play(random, 6);
    ordered += ordered_value(draws, kUnclipped).value;
    for (const LoggedDraw& draw : draws) {
      plain += draw.target / draw.draw_probability * draw.reward / 6;
    }
  }
  CHECK(ordered / kSelections == doctest::Approx(world.truth).epsilon(0.02));
  CHECK(std::abs(plain / kSelections - world.truth) > 0.05 * world.truth);
}

TEST_CASE("estimates on real logs are those computed elsewhere") {
  // Expected: tests/reference/open_bandit.py, the textbook formulas in NumPy.
  const std::string folder = TEST_SHARED_DIR "/data/";
  if (!std::filesystem::exists(folder + "obd_bts_men.csv")) {
    MESSAGE("skipped: the Open Bandit data are not here");
    return;
  }
  const core::Json expected = test::reference("open_bandit.json");
  const auto bts = csv_rows(folder + "obd_bts_men.csv");
  const auto uniform = csv_rows(folder + "obd_random_men.csv");
  std::vector<double> shares(34, 0);
  for (const auto& row : bts) shares[std::stoul(row[1])] += 1.0 / static_cast<double>(bts.size());
  for (const auto& [name, rows, target] :
       {std::tuple{"uniform_from_bts", &bts, std::vector<double>(34, 1.0 / 34)},
        std::tuple{"bts_from_uniform", &uniform, shares}}) {
    CAPTURE(name);
    std::vector<double> clicks(34, 1);
    std::vector<double> seen(34, 200);
    for (const auto& row : *rows) {
      clicks[std::stoul(row[1])] += std::stod(row[3]);
      seen[std::stoul(row[1])] += 1;
    }
    double of_target = 0;
    for (std::size_t a = 0; a < 34; ++a) of_target += target[a] * clicks[a] / seen[a];
    PolicyEvaluation evaluation({});
    for (const auto& row : *rows) {
      const std::size_t item = std::stoul(row[1]);
      const LoggedDraw draw{.reward = std::stod(row[3]),
                            .draw_probability = std::stod(row[4]),
                            .target = target[item],
                            .model_logged = clicks[item] / seen[item],
                            .model_target = of_target};
      evaluation.add({&draw, 1});
    }
    const PolicyEstimates result = evaluation.result();
    const core::Json& figures = expected.at(name);
    CHECK(result.rounds == figures.at("rounds"));
    CHECK_CLOSE(*result.effective_sample_size, figures.at("effective_sample_size"), 1e-10, 0);
    CHECK_CLOSE(*result.largest_weight, figures.at("largest_weight"), 1e-12, 0);
    for (const auto& [estimator, estimate] :
         {std::pair{"ips", result.ips}, {"snips", result.snips}, {"dr", result.dr}}) {
      CAPTURE(estimator);
      REQUIRE(estimate);
      CHECK_CLOSE(estimate->value, figures.at(estimator).at("value"), 1e-10, 0);
      CHECK_CLOSE(*estimate->standard_error, figures.at(estimator).at("standard_error"), 1e-8, 0);
      // What the other log earned indeed, itself known to about 0.0007.
      const double truth = expected.at("click_rates")
                               .at(std::string(name) == "uniform_from_bts" ? "uniform" : "bts");
      CHECK(estimate->interval->lower < truth + 0.0014);
      CHECK(estimate->interval->upper > truth - 0.0014);
    }
  }
}

TEST_CASE("95 % intervals cover the truth where the overlap is fair") {
  // 1,000 worlds under ADGENOME_LONG, a tenth otherwise (binomial limits of 0.1 % either side).
  const bool is_long = std::getenv("ADGENOME_LONG") != nullptr;
  const int worlds = is_long ? 1000 : 100;
  const double low = is_long ? 0.93 : 0.87;
  const double high = is_long ? 0.97 : 1.0;
  int covered[4] = {};
  for (int i = 0; i < worlds; ++i) {
    core::RandomStream random(static_cast<std::uint64_t>(i), "coverage");
    const World world(random);
    PolicyEvaluation several({});
    PolicyEvaluation single({});
    for (int s = 0; s < 200; ++s) {
      several.add(world.play(random, 3));
      single.add(world.play(random, 1));
    }
    const auto covers = [&](const std::optional<stats::Estimate>& estimate) {
      return estimate->interval->lower <= world.truth && world.truth <= estimate->interval->upper;
    };
    const PolicyEstimates of_several = several.result();
    const PolicyEstimates of_single = single.result();
    REQUIRE(of_several.warnings.size() == 1);
    CHECK(of_several.warnings[0].find("no doubly robust estimate: it needs one draw") == 0);
    covered[0] += covers(of_several.ips);
    covered[1] += covers(of_single.ips);
    covered[2] += covers(of_single.snips);
    covered[3] += covers(of_single.dr);
  }
  for (const int count : covered) {
    const double share = static_cast<double>(count) / worlds;
    MESSAGE("covered ", share, " of ", worlds);
    CHECK(share >= low);
    CHECK(share <= high);
  }
}

TEST_CASE("what the logs cannot say is warned of") {
  PolicyEvaluation nothing({});
  CHECK(nothing.result().rounds == 0);
  CHECK(!nothing.result().ips);
  CHECK(nothing.result().warnings.size() == 1);

  PolicyEvaluation elsewhere({});
  PolicyEvaluation thin({});
  PolicyEvaluation wrong({});
  for (int i = 0; i < 200; ++i) {
    const LoggedDraw never{.reward = 1, .draw_probability = 0.5, .target = 0};
    elsewhere.add({&never, 1});
    const LoggedDraw rare{.reward = 1, .draw_probability = 0.01, .target = i % 50 ? 0.0 : 0.5};
    thin.add({&rare, 1});
    const LoggedDraw twice{.reward = 1, .draw_probability = 0.2, .target = 0.4};
    wrong.add({&twice, 1});
  }
  CHECK(elsewhere.result().ips->value == 0);
  CHECK(!elsewhere.result().snips);
  CHECK(elsewhere.result().warnings[0].find("would have drawn nothing") != std::string::npos);
  CHECK(thin.result().warnings[0].find("the overlap is too small") == 0);
  CHECK(wrong.result().warnings[0].find("the weights are 2 on average") == 0);
  CHECK(wrong.result().ips->interval->upper >= 2);
}

TEST_CASE("a comparison is paired") {
  PolicyComparison same({});
  PolicyComparison better({});
  core::RandomStream random(5, "pairs");
  for (int i = 0; i < 400; ++i) {
    const bool is_first = random.next_uniform() < 0.5;
    const LoggedDraw a{
        .reward = is_first ? 0.8 : 0.2, .draw_probability = 0.5, .target = is_first ? 0.7 : 0.3};
    const LoggedDraw b{.reward = a.reward, .draw_probability = 0.5, .target = 0.5};
    same.add({&a, 1}, {&a, 1});
    better.add({&a, 1}, {&b, 1});
  }
  CHECK(same.result()->value == 0);
  CHECK(same.result()->interval->upper == 0);
  CHECK(better.result()->interval->lower <= 0.12);  // 0.7 * 0.8 + 0.3 * 0.2 - 0.5
  CHECK(better.result()->interval->upper >= 0.12);
  CHECK(better.result()->interval->lower > 0);
}
