#include <doctest/doctest.h>

#include <adgenome/core/error.hpp>
#include <adgenome/scoring/preset.hpp>
#include <nlohmann/json.hpp>

using namespace adgenome;
using namespace adgenome::scoring;
using core::Json;

namespace {

double weight(const Weights& weights, const char* scorer) {
  return weights[find_scorer(scorer).value()];
}

Preset parse(const char* text) {
  return parse_preset(core::parse_json(text, "p.json"), "folder/p.json");
}

/// The whole of an error, as "where: message".
std::string refusal(const char* text) {
  try {
    parse(text);
  } catch (const core::InvalidInput& error) {
    return error.where() + ": " + error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("built-in presets") {
  const Preset smart = built_in_preset("smart_select").value();
  CHECK(smart.temperature == 0.1);
  CHECK(smart.explore_floor == 0.02);
  CHECK(smart.weights == Weights{1, 0.8, 0.6, 0.5, 0.4, 0.6, 0.3, 0.4, 0, 0, 0});
  const Preset classic = built_in_preset("smart_select_t1").value();
  CHECK(classic.temperature == 1);
  CHECK(classic.explore_floor == 0);
  CHECK(classic.weights == smart.weights);
  // Where any candidate carries ad-library data, three more take part.
  Pool pool;
  pool.add({.id = "a"});
  CHECK(weights_for(smart, pool) == smart.weights);
  pool.add({.id = "b", .ad_library = {.variants = 3}});
  CHECK(weights_for(smart, pool) == Weights{1, 0.8, 0.6, 0.5, 0.4, 0.6, 0.3, 0.4, 0.4, 0.6, 0.3});
  CHECK(weights_for(classic, pool) == weights_for(smart, pool));
  CHECK(weights_for(*built_in_preset("roll_the_dice"), pool)[8] == 0);
  Preset changed = smart;
  replace_weights(changed, core::parse_json(R"({"impression_rank": 0})", "x"), "x");
  CHECK(weights_for(changed, pool)[8] == 0);
  CHECK(weights_for(changed, pool)[9] == 0.6);
  const Preset dice = built_in_preset("roll_the_dice").value();
  CHECK(dice.weights == Weights{0, 1, 0.5, 0, 0, 0, 0, 0.2, 0, 0, 0});
  CHECK(dice.temperature == 1);
  CHECK(!built_in_preset("dice"));
}

TEST_CASE("a preset from a file") {
  const Preset preset = parse(
      R"({"schema": "adgenome/preset/v1", "name": "mine", "weights": {"fatigue": 2, "impression_rank": 0},
          "target_effective": 12, "explore_floor": 0.1, "min_asset_score": 0.3,
          "explore": "none", "max_similarity": 1, "temperature": null, "expect": {"max_share": 0.1}})");
  CHECK(preset.name == "mine");
  CHECK(weight(preset.weights, "fatigue") == 2);
  CHECK(weight(preset.weights, "asset_match") == 0);
  CHECK(preset.target_effective == 12);
  CHECK(preset.explore_floor == 0.1);
  CHECK(preset.min_asset_score == 0.3);
  CHECK(parse(R"({"weights": {}})").name == "p");
  CHECK(preset.expect.max_share == 0.1);
  CHECK(!preset.expect.min_gate_survivors);
  CHECK(preset.explore == Explore::kNone);

  const Preset full = parse(
      R"({"weights": {"fatigue": 1, "exec:./mine": 0.5, "impression_rank": 0.4, "exec:theirs": 2},
          "explore": "thompson", "max_similarity": 0.9,
          "expect": {"min_effective_templates": 20, "max_share": 0.1, "min_gate_survivors": 5,
                     "max_distance_to_baseline": 0.3}})");
  CHECK(full.programs == std::vector<std::string>{"exec:./mine", "exec:theirs"});
  REQUIRE(full.weights.size() == scorers().size() + 2);
  CHECK(full.weights[scorers().size() + 1] == 2);
  CHECK(scorer_name(full, scorers().size()) == "exec:./mine");
  CHECK(scorer_name(full, 0) == "asset_match");
  CHECK(full.explore == Explore::kThompson);
  CHECK(full.max_similarity == 0.9);
  CHECK(full.expect.min_effective_templates == 20);
  CHECK(full.expect.max_distance_to_baseline == 0.3);
  // Written down and read again it is the same.
  const Preset again = parse(core::dump(to_json(full)).c_str());
  CHECK(core::dump(to_json(again)) == core::dump(to_json(full)));
}

TEST_CASE("all that is wrong with a preset is told at once") {
  std::vector<core::InvalidInput> problems;
  const Preset preset =
      parse_preset(core::parse_json(R"({"weights": {"fatige": 1, "fatigue": -1, "asset_match": 1},
                           "explore": "often", "tempereature": 1,
                           "expect": {"max_share": 2, "min_templates": 3, "min_gate_survivors": 5}})",
                                    "p.json"),
                   "p.json", problems);
  std::vector<std::string> where;
  for (const auto& problem : problems) where.push_back(problem.where());
  CHECK(where == std::vector<std::string>{"p.json /weights/fatige", "p.json /weights/fatigue",
                                          "p.json /explore", "p.json /tempereature",
                                          "p.json /expect/max_share",
                                          "p.json /expect/min_templates"});
  CHECK(weight(preset.weights, "asset_match") == 1);
  CHECK(preset.expect.min_gate_survivors == 5);
}

TEST_CASE("a preset that cannot be meant is refused with its place") {
  CHECK(refusal(R"({"weights": {"fatige": 1}})") ==
        "folder/p.json /weights/fatige: there is no scorer \"fatige\"");
  CHECK(refusal(R"({"weights": {"fatigue": -0.5}})") ==
        "folder/p.json /weights/fatigue: weight of fatigue is negative: -0.5");
  CHECK(refusal(R"({"weights": {"fatigue": "NaN"}})") ==
        "folder/p.json /weights/fatigue: weight of fatigue: expected a number, found \"NaN\"");
  CHECK(refusal(R"({"weights": {"fatigue": null}})").ends_with("found null"));
  CHECK(refusal(R"({"weights": {"exec:": 1}})") ==
        "folder/p.json /weights/exec:: no program is named");
  CHECK(refusal(R"({"weights": [1]})") == "folder/p.json /weights: expected an object");
  CHECK(refusal(R"({"name": "x"})") == "folder/p.json /weights: \"weights\" is missing");
  CHECK(refusal(R"({"weights": {}, "temperature": 0})") ==
        "folder/p.json /temperature: expected a number above 0, found 0");
  CHECK(refusal(R"({"weights": {}, "temperature": 1, "target_effective": 3})").find("either") !=
        std::string::npos);
  CHECK(refusal(R"({"weights": {}, "explore_floor": 1.5})").find("from 0 to 1") !=
        std::string::npos);
  CHECK(refusal(R"({"weights": {}, "explore": "thomson"})") ==
        "folder/p.json /explore: expected \"none\" or \"thompson\", found \"thomson\"");
  CHECK(refusal(R"({"weights": {}, "max_similarity": 2})").find("from -1 to 1") !=
        std::string::npos);
  CHECK(refusal(R"({"weights": {}, "expect": []})") == "folder/p.json /expect: expected an object");
  CHECK(refusal(R"({"weights": {}, "temprature": 1})") ==
        "folder/p.json /temprature: a preset has no member \"temprature\"");
  CHECK(refusal("[]") == "folder/p.json: expected an object");
}

TEST_CASE("weights from a preset, a bare map, or what learn-weights wrote") {
  const auto read = [](const char* text) {
    return parse_weights(core::parse_json(text, "w.json"), "w.json");
  };
  CHECK(weight(read(R"({"weights": {"fatigue": 2}})").weights, "fatigue") == 2);
  const WeightSet bare = read(R"({"fatigue": 0.5, "asset_match": 1})");
  CHECK(weight(bare.weights, "fatigue") == 0.5);
  CHECK(weight(bare.weights, "unused_bonus") == 0);
  CHECK(!bare.id);
  CHECK(!bare.phase);
  const WeightSet learned = read(
      R"({"schema": "adgenome/weights/v1", "weight_set": "ws-1", "scorers": [
          {"scorer": "fatigue", "static_weight": 0.4, "effective_weight": 0.55, "phase": "warm"},
          {"scorer": "asset_match", "static_weight": 1, "effective_weight": 0.85, "phase": "hot"}]})");
  CHECK(weight(learned.weights, "fatigue") == 0.55);
  CHECK(weight(learned.weights, "asset_match") == 0.85);
  CHECK(learned.id == "ws-1");
  CHECK(learned.phase == "warm");
  CHECK_THROWS_AS(read(R"({"scorers": [{"scorer": "fatigue"}]})"), core::InvalidInput);
  CHECK_THROWS_AS(read(R"({"fatige": 1})"), core::InvalidInput);
  CHECK_THROWS_AS(read(R"({"exec:./mine": 1})"), core::InvalidInput);
  CHECK(read(R"({"weights": {"exec:./mine": 1}})").weights.size() == scorers().size());
  CHECK_THROWS_AS(core::parse_json(R"({"fatigue": 1e999})", "w.json"), core::InvalidInput);
  CHECK_THROWS_AS(core::parse_json(R"({"fatigue": NaN})", "w.json"), core::InvalidInput);
}
