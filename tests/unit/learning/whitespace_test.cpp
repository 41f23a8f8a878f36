#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

TagValue tag(const std::string& text) {
  const auto parts = core::split(text, '=');
  return {parts.at(0), parts.at(1)};
}

std::string shown(const TagValue& value) {
  return value.dimension + "=" + value.value;
}

/// The pairs of the reference are given the other way round on purpose.
WhitespaceInput reference_input(const core::Json& document) {
  WhitespaceInput input;
  for (const auto& each : document.at("elements")) {
    input.elements.push_back({tag(each.at("tag")), each.at("alpha"), each.at("beta")});
  }
  for (const auto& each : document.at("interactions")) {
    input.interactions.push_back({tag(each.at("pair")[1]), tag(each.at("pair")[0]),
                                  each.at("effect"), each.at("direction") == "conflict"});
  }
  for (const auto& each : document.at("usage")) {
    input.usage.push_back({tag(each.at("pair")[1]), tag(each.at("pair")[0]), each.at("count")});
  }
  return input;
}

WhitespaceInput two_dimensions() {
  return {.elements = {{{"hook", "a"}, 8, 2}, {{"hook", "b"}, 8, 2}, {{"persona", "x"}, 6, 2}},
          .interactions = {},
          .usage = {},
          .competitors = {}};
}

}  // namespace

TEST_CASE("whitespace gives the numbers computed elsewhere") {
  const auto expected = core::read_json(TEST_SOURCE_DIR "/reference/whitespace.json");
  const Whitespace found = find_whitespace(reference_input(expected));
  REQUIRE(found.candidates.size() == expected.at("candidates").size());
  for (std::size_t i = 0; i < found.candidates.size(); ++i) {
    const auto& row = expected.at("candidates")[i];
    const WhitespaceCandidate& candidate = found.candidates[i];
    CHECK(shown(candidate.a) == row.at("a").get<std::string>());
    CHECK(shown(candidate.b) == row.at("b").get<std::string>());
    CHECK(candidate.usage == row.at("usage").get<std::int64_t>());
    CHECK(std::abs(candidate.potential - row.at("potential").get<double>()) < 1e-14);
    for (std::size_t side : {0, 1}) {
      CHECK(std::abs(candidate.interval[side] - row.at("interval")[side].get<double>()) < 1e-14);
    }
  }
}

TEST_CASE("use makes a pair less promising, five uses or a conflict take it out") {
  WhitespaceInput input = two_dimensions();
  double before = 2;
  for (std::int64_t uses = 0; uses < 5; ++uses) {
    input.usage = {{{"persona", "x"}, {"hook", "a"}, uses}};
    const auto found = find_whitespace(input);
    CHECK(found.candidates.size() == 2);
    const auto& row = found.candidates[uses == 0 ? 0 : 1];
    CHECK(row.a.value == "a");
    CHECK(row.potential < before);
    before = row.potential;
  }
  input.usage[0].count = 5;
  CHECK(find_whitespace(input).candidates.size() == 1);
  input.interactions = {{{"hook", "b"}, {"persona", "x"}, 0.3, true}};
  const auto none = find_whitespace(input);
  CHECK(none.candidates.empty());
  CHECK(none.reason == "every promising pair was tried or is in conflict");
}

TEST_CASE("ties go by canonical order whatever the order of the rows") {
  WhitespaceInput input = two_dimensions();
  std::reverse(input.elements.begin(), input.elements.end());
  const auto found = find_whitespace(input);
  REQUIRE(found.candidates.size() == 2);
  CHECK(found.candidates[0].a.value == "a");
  CHECK(found.candidates[1].a.value == "b");
  CHECK(find_whitespace(input, {.limit = 1}).candidates.size() == 1);
  CHECK(find_whitespace(input, {.limit = 1}).promising_pairs == 2);
}

TEST_CASE("optimism prefers what is less well known") {
  WhitespaceInput input = two_dimensions();
  input.elements[1] = {{"hook", "b"}, 3, 1};  // lower mean, wider interval
  CHECK(find_whitespace(input).candidates[0].a.value == "a");
  CHECK(find_whitespace(input, {.is_optimistic = true}).candidates[0].a.value == "b");
}

TEST_CASE("what competitors do is marked, and not known where no ads of theirs are") {
  WhitespaceInput input = two_dimensions();
  CHECK_FALSE(competition(find_whitespace(input).candidates[0]));
  CHECK_FALSE(find_whitespace(input).candidates[0].competitor_usage);
  input.competitors = {{{{"persona", "x"}, {"hook", "b"}, 3}}};
  const auto found = find_whitespace(input).candidates;
  CHECK(competition(found[0]) == "open");
  CHECK(competition(found[1]) == "crowded");
  input.competitors->front().count = 2;
  CHECK_FALSE(competition(find_whitespace(input).candidates[1]));
}

TEST_CASE("an element or pair that is given twice is refused") {
  WhitespaceInput input = two_dimensions();
  input.usage = {{{"hook", "a"}, {"persona", "x"}, 1}, {{"persona", "x"}, {"hook", "a"}, 2}};
  CHECK_THROWS_WITH_AS(find_whitespace(input), "usage give the pair persona=x, hook=a twice",
                       core::InvalidInput);
  input.usage = {{{"hook", "a"}, {"hook", "b"}, 1}};
  CHECK_THROWS_AS(find_whitespace(input), core::InvalidInput);
  input.usage.clear();
  input.elements.push_back(input.elements.front());
  CHECK_THROWS_WITH_AS(find_whitespace(input), "elements give hook=a twice", core::InvalidInput);
}

TEST_CASE("nothing found says why") {
  CHECK(find_whitespace({}).reason == "no elements are known");
  WhitespaceInput input = two_dimensions();
  input.elements.pop_back();
  CHECK(find_whitespace(input).reason == "elements with a mean above 0.5 are all of one dimension");
  for (TagPosterior& element : input.elements) element.alpha = element.beta;  // exactly one half
  CHECK(find_whitespace(input).reason == "no element has a mean above 0.5");
}
