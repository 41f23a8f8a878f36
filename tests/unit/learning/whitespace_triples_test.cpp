#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/learning/whitespace.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::learning;

namespace {

core::Json key_of(const WhitespaceCandidate& candidate) {
  core::Json key = core::Json::array();
  for (const TagValue& tag : {candidate.a, candidate.b, *candidate.c}) {
    key.push_back({tag.dimension, tag.value});
  }
  return key;
}

}  // namespace

TEST_CASE("triples are those found by trying all of them") {
  const core::Json reference = core::read_json(TEST_SOURCE_DIR "/reference/learning.json");
  for (const core::Json& row : reference.at("triples")) {
    WhitespaceInput input = whitespace_input(row.at("input"), "reference");
    const auto found = find_triples(input).candidates;
    REQUIRE(found.size() == row.at("best").size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const core::Json& expected = row.at("best").at(i);
      CAPTURE(i);
      CHECK(key_of(found[i]) == expected.at("key"));
      CHECK(found[i].potential ==
            doctest::Approx(expected.at("potential").get<double>()).epsilon(1e-12));
      CHECK(found[i].interval[0] ==
            doctest::Approx(expected.at("interval").at(0).get<double>()).epsilon(1e-9));
      CHECK(found[i].usage == expected.at("usage"));
    }
    const auto hopeful = find_triples(input, {.is_optimistic = true}).candidates;
    for (std::size_t i = 0; i < hopeful.size(); ++i) {
      CHECK(key_of(hopeful[i]) == row.at("optimistic").at(i));
    }
    // In whatever order the elements come.
    std::reverse(input.elements.begin(), input.elements.end());
    std::reverse(input.usage.begin(), input.usage.end());
    const auto again = find_triples(input).candidates;
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(key_of(again[i]) == key_of(found[i]));
  }
}

TEST_CASE("triples of equal potential stand in their order, and none is none with a reason") {
  WhitespaceInput input;
  for (const char* dimension : {"c", "a", "b", "d"}) {
    for (int v = 0; v < 9; ++v) {
      input.elements.push_back({{dimension, "v" + std::to_string(v)}, 3, 2});
    }
  }
  const auto found = find_triples(input).candidates;
  REQUIRE(found.size() == 20);
  CHECK(found[0].a.dimension == "a");
  CHECK(found[0].c->dimension == "c");
  CHECK(found[19].c->value == "v1");  // a=v0, b=v1, ...
  CHECK(whitespace_id(found[0]).size() == 16);
  CHECK(whitespace_id(found[0]) != whitespace_id(found[1]));
  CHECK(find_triples({}).reason == "no elements are known");
  input.usage = {{{"a", "v0"}, {"b", "v0"}, 2, TagValue{"c", "v0"}},
                 {{"b", "v0"}, {"c", "v0"}, 2, TagValue{"a", "v0"}}};
  CHECK_THROWS_AS(find_triples(input), core::InvalidInput);
}
