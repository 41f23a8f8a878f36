#include <adgenome/learning/attribution.hpp>
#include <adgenome/learning/strata.hpp>
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "../../support/reference.hpp"

using namespace adgenome;
using adgenome::test::reference;
using learning::Attribution;
using learning::ElementAttribution;

namespace {

struct Row {
  std::vector<std::pair<std::string, std::string>> tags;
  std::string stratum;
  std::string cluster;
  std::int64_t trials = 0;
  std::int64_t successes = 0;
};

Attribution attribute(const std::vector<Row>& rows, learning::StratumDimensions dimensions = {}) {
  learning::AttributionFold fold(std::move(dimensions));
  for (const Row& row : rows) {
    const std::vector<std::pair<std::string_view, std::string_view>> tags(row.tags.begin(),
                                                                          row.tags.end());
    fold.add({.tags = tags,
              .stratum = row.stratum,
              .cluster = row.cluster,
              .block = "",
              .successes = row.successes,
              .trials = row.trials});
  }
  return learning::attribute(std::move(fold).finish(), 1);
}

const ElementAttribution& find(const Attribution& result, const std::string& dimension,
                               const std::string& value) {
  const auto found = std::ranges::find(result.elements, learning::TagValue{dimension, value},
                                       &ElementAttribution::tag);
  REQUIRE(found != result.elements.end());
  return *found;
}

/// Rows of page 6.3; ads 0, 1 and 5 have the element.
std::vector<Row> page_rows() {
  const std::vector<std::tuple<int, int, int, int>> rows = {
      {0, 0, 1000, 10}, {1, 0, 2000, 30}, {2, 0, 1500, 12}, {3, 0, 1000, 8}, {0, 1, 1200, 15},
      {1, 1, 1800, 25}, {2, 1, 1600, 16}, {4, 1, 900, 6},   {3, 1, 800, 9},  {4, 2, 1000, 7},
      {2, 2, 700, 8},   {5, 2, 1100, 20}, {5, 1, 500, 6}};
  std::vector<Row> list;
  for (const auto& [ad, week, trials, successes] : rows) {
    const bool has = ad == 0 || ad == 1 || ad == 5;
    list.push_back({.tags = {{"hook", has ? "yes" : "no"}},
                    .stratum = std::to_string(week),
                    .cluster = "ad" + std::to_string(ad),
                    .trials = trials,
                    .successes = successes});
  }
  return list;
}

/// Twelve runs of three strata, six with the element, which does nothing.
std::vector<Row> plain_rows() {
  std::vector<Row> rows;
  for (int run = 0; run < 12; ++run) {
    for (int k = 0; k < 3; ++k) {
      const int trials = 1000 + 37 * run + 11 * k;
      rows.push_back({.tags = {{"hook", run % 2 == 0 ? "story" : "question"},
                               {"color", run < 6 ? "light" : "dark"}},
                      .stratum = "s" + std::to_string(k),
                      .cluster = "run" + std::to_string(run),
                      .trials = trials,
                      .successes = 20 + (run * 7 + k * 3) % 11});
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("the figures of the page") {
  const Attribution result = attribute(page_rows());
  const ElementAttribution& with = find(result, "hook", "yes");
  CHECK_CLOSE(std::exp(*with.log_odds_ratio), 1.61588635038, 1e-11, 0);
  CHECK_CLOSE(*with.naive.p, 0.00214185, 1e-5, 0);
  CHECK_CLOSE(*with.se_jackknife, 0.158880841434, 1e-11, 0);
  CHECK(with.df == 2);
  CHECK_CLOSE(*with.p, 0.09435692286, 1e-9, 0);
  CHECK_CLOSE(*with.permutation_statistic, 3.80266094637, 1e-11, 0);
  CHECK_CLOSE(*with.permutation_p, 0.1, 1e-12, 0);
  CHECK(with.clusters_with == 3);
  CHECK(with.clusters_without == 3);
  CHECK(with.reason == "not_enough_ads");
  CHECK(with.naive.is_reported);
  CHECK_FALSE(with.is_reported);
  const ElementAttribution& without = find(result, "hook", "no");
  CHECK_CLOSE(*without.log_odds_ratio, -*with.log_odds_ratio, 1e-12, 0);
  CHECK_CLOSE(*without.permutation_p, *with.permutation_p, 1e-12, 0);
}

TEST_CASE("jackknife and permutations are those written out row by row") {
  for (const auto expected_cases = reference("attribution.json");
       const auto& each : expected_cases["clustered"]) {
    std::vector<Row> rows;
    for (const auto& row : each["rows"]) {
      rows.push_back({.tags = {{"x", row["x"] == 1 ? "yes" : "no"}},
                      .stratum = row["stratum"],
                      .cluster = row["cluster"],
                      .trials = row["n"],
                      .successes = row["y"]});
    }
    const ElementAttribution with = find(attribute(rows), "x", "yes");
    CHECK_CLOSE(std::exp(*with.log_odds_ratio), each["odds_ratio"], 1e-9, 0);
    CHECK_CLOSE(*with.se_jackknife, each["se_jackknife"], 1e-9, 0);
    CHECK(with.df == each["df"]);
    CHECK_CLOSE(*with.p, each["p"], 1e-9, 0);
    CHECK_CLOSE(*with.permutation_statistic, each["statistic"], 1e-9, 0);
    CHECK_CLOSE(*with.permutation_p, each["permutation_p"], 1e-12, 0);
  }
}

TEST_CASE("the order of rows does not matter, nor whether they come in parts") {
  std::vector<Row> rows = plain_rows();
  const Attribution first = attribute(rows);
  std::vector<Row> parts;
  for (const Row& row : rows) {
    Row half = row;
    half.trials = row.trials / 3;
    half.successes = row.successes / 3;
    Row rest = row;
    rest.trials -= half.trials;
    rest.successes -= half.successes;
    parts.insert(parts.begin(), {rest, half});
  }
  const Attribution second = attribute(parts);
  REQUIRE(first.elements.size() == second.elements.size());
  for (std::size_t i = 0; i < first.elements.size(); ++i) {
    CHECK(first.elements[i].tag == second.elements[i].tag);
    CHECK(first.elements[i].log_odds_ratio == second.elements[i].log_odds_ratio);
    CHECK(first.elements[i].se_jackknife == second.elements[i].se_jackknife);
    CHECK(first.elements[i].permutation_p == second.elements[i].permutation_p);
    CHECK(first.elements[i].shrunk_log_odds_ratio == second.elements[i].shrunk_log_odds_ratio);
  }
}

TEST_CASE("sampled permutations come near all of them") {
  // 924 exchanges of the twelve runs in one block; as shares that all differ there are too many.
  std::vector<Row> rows = plain_rows();
  const double exact = *find(attribute(rows), "hook", "story").permutation_p;
  for (int run = 0; run < 12; ++run) {
    // One trial of the other value, in another number each, makes every share its own.
    rows.push_back({.tags = {{"hook", run % 2 == 0 ? "question" : "story"}},
                    .stratum = "s0",
                    .cluster = "run" + std::to_string(run),
                    .trials = 1 + run,
                    .successes = 0});
  }
  CHECK(std::abs(*find(attribute(rows), "hook", "story").permutation_p - exact) < 0.05);
}

TEST_CASE("an element that looks good because it ran where all do well") {
  std::vector<Row> rows;
  for (int run = 0; run < 20; ++run) {
    const bool has = run % 2 == 0;
    // With the element mostly in the easy stratum, where it does worse than the others.
    for (const bool is_easy : {true, false}) {
      const std::int64_t trials = is_easy == has ? 9000 : 1000;
      const double rate = (is_easy ? 0.06 : 0.01) * (has ? 0.8 : 1.0);
      rows.push_back({.tags = {{"hook", has ? "offer" : "story"}},
                      .stratum = is_easy ? "easy" : "hard",
                      .cluster = "run" + std::to_string(run),
                      .trials = trials,
                      .successes = static_cast<std::int64_t>(rate * static_cast<double>(trials))});
    }
  }
  const ElementAttribution offer = find(attribute(rows), "hook", "offer");
  CHECK(*offer.crude_odds_ratio > 1);
  CHECK(*offer.log_odds_ratio < 0);
  CHECK(offer.is_simpsons_paradox);
  CHECK_FALSE(offer.is_reported);  // two strata
}

TEST_CASE("an effect in enough runs and strata is reported, and not without runs") {
  std::vector<Row> rows;
  for (int run = 0; run < 30; ++run) {
    for (int k = 0; k < 4; ++k) {
      const bool has = run % 3 == 0;
      rows.push_back({.tags = {{"hook", has ? "story" : "question"}},
                      .stratum = "s" + std::to_string(k),
                      .cluster = "run" + std::to_string(run),
                      .trials = 5000,
                      .successes = (has ? 90 : 50) + (run * 5 + k) % 9});
    }
  }
  const ElementAttribution story = find(attribute(rows), "hook", "story");
  CHECK(story.is_reported);
  CHECK(story.reason.empty());
  CHECK(story.interval->lower > 1);
  CHECK(*story.design_effect > 0);
  for (Row& row : rows) row.cluster.clear();
  const ElementAttribution alone = find(attribute(rows), "hook", "story");
  CHECK_FALSE(alone.is_reported);
  CHECK(alone.reason == "no_cluster");
  CHECK_FALSE(alone.se_jackknife);
  CHECK_FALSE(alone.permutation_p);
  CHECK(alone.naive.is_reported);
}

TEST_CASE("elements that never occur apart are named together") {
  std::vector<Row> rows = plain_rows();
  for (Row& row : rows) {
    row.tags.emplace_back("persona", row.tags[0].second == "story" ? "p1" : "p2");
  }
  const Attribution result = attribute(rows);
  const ElementAttribution& story = find(result, "hook", "story");
  REQUIRE(story.confounded_with.size() == 1);
  CHECK(story.confounded_with[0] == learning::TagValue{"persona", "p1"});
  CHECK(find(result, "color", "light").confounded_with.empty());
}

TEST_CASE("what cannot be compared is named, not computed") {
  SUBCASE("one value alone") {
    const ElementAttribution only =
        find(attribute({{{{"hook", "story"}}, "s", "r1", 100, 10}}), "hook", "story");
    CHECK(only.strata == 0);
    CHECK_FALSE(only.log_odds_ratio);
    CHECK_FALSE(only.permutation_p);
    CHECK_FALSE(only.q);
    CHECK(only.reason == "not_enough_ads");
  }
  SUBCASE("one row a stratum") {
    std::vector<Row> rows = plain_rows();
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].stratum = std::to_string(i);
    const Attribution result = attribute(rows);
    for (const ElementAttribution& each : result.elements) {
      CHECK(each.strata == 0);
      CHECK_FALSE(each.is_reported);
      CHECK(each.crude_odds_ratio);
    }
  }
  SUBCASE("all outcomes equal") {
    std::vector<Row> rows = plain_rows();
    for (Row& row : rows) row.successes = row.trials;
    for (const ElementAttribution& each : attribute(rows).elements) {
      CHECK(each.strata == 0);
      CHECK_FALSE(each.naive.p);
    }
  }
  SUBCASE("nothing") {
    CHECK(attribute({}).elements.empty());
    CHECK(attribute({{{{"hook", "story"}}, "s", "r", 0, 0}}).elements.empty());
  }
}

TEST_CASE("elements of a dimension are not compared within strata made of it") {
  const auto part = [](const std::string& name, const std::string& value) {
    return name + learning::kPartValue + value + learning::kPartEnd;
  };
  std::vector<Row> rows;  // with the audience in the stratum
  std::vector<Row> without;
  for (int i = 0; i < 48; ++i) {
    const std::string persona = i % 3 == 0 ? "parent" : "student";
    Row row{.tags = {{"hook", i % 4 < 2 ? "story" : "question"}, {"persona", persona}},
            .stratum = part("month", std::to_string(i / 16)),
            .cluster = "run" + std::to_string(i / 2),
            .trials = 1000,
            .successes = 20 + (i * 7) % 13};
    without.push_back(row);
    row.stratum = part("audience", persona) + row.stratum;
    rows.push_back(std::move(row));
  }
  const Attribution by_month = attribute(without);
  const Attribution by_both = attribute(rows);
  const Attribution found = attribute(rows, {{"audience", "persona"}});
  CHECK(find(by_both, "persona", "parent").strata == 0);
  const ElementAttribution& persona = find(found, "persona", "parent");
  CHECK(persona.strata == 3);
  CHECK(persona.log_odds_ratio == find(by_month, "persona", "parent").log_odds_ratio);
  CHECK(persona.se_jackknife == find(by_month, "persona", "parent").se_jackknife);
  CHECK(persona.permutation_p == find(by_month, "persona", "parent").permutation_p);
  const ElementAttribution& hook = find(found, "hook", "story");
  CHECK(hook.strata == 6);
  CHECK(hook.log_odds_ratio == find(by_both, "hook", "story").log_odds_ratio);
  CHECK(hook.permutation_p == find(by_both, "hook", "story").permutation_p);
}

TEST_CASE("strata that are results of performance, and quartiles") {
  for (const char* name : {"spend_bucket", "Amount spent", "impressions_bucket", "frequency",
                           "age_weeks", "days_since_launch"}) {
    CHECK(learning::is_post_treatment(name));
  }
  for (const char* name : {"age", "audience", "week", "objective", "placement"}) {
    CHECK_FALSE(learning::is_post_treatment(name));
  }
  CHECK(learning::quartiles(std::vector<std::int64_t>{40, 10, 20, 30}) ==
        std::vector<int>{4, 1, 2, 3});
  CHECK(learning::quartiles(std::vector<std::int64_t>{5, 5, 5}) == std::vector<int>{1, 1, 1});
  CHECK(learning::quartiles({}).empty());
}
