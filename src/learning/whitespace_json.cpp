#include <adgenome/learning/whitespace.hpp>
#include <algorithm>
#include <functional>

#include "place.hpp"

namespace adgenome::learning {
namespace {

using core::Json;

const std::vector<std::string> kLists = {"elements", "interactions", "usage", "competitors"};

TagValue tag_at(const Place& place) {
  return {place.at("dimension").text(), place.at("value").text()};
}

PairCount pair_count(const Place& place, const std::string& member) {
  return {tag_at(place.at("a")), tag_at(place.at("b")), place.at(member).count(),
          place.has("c") ? std::optional(tag_at(place.at("c"))) : std::nullopt};
}

PairEffect pair_effect(const Place& place) {
  const Place direction = place.at("direction");
  const std::string name = direction.text();
  if (name != "synergy" && name != "conflict" && name != "neutral") {
    direction.fail("expected synergy, conflict or neutral, found \"" + name + "\"");
  }
  return {tag_at(place.at("a")), tag_at(place.at("b")), place.at("effect").number(),
          name == "conflict"};
}

void for_each(const Place& root, const std::string& key,
              const std::function<void(const Place&)>& take) {
  if (!root.has(key)) return;
  const Place list = root.at(key).list();
  for (std::size_t i = 0; i < list.value.size(); ++i) take(list.at(i));
}

Json tag_json(const TagValue& tag) {
  return {{"dimension", tag.dimension}, {"value", tag.value}};
}

}  // namespace

WhitespaceInput whitespace_input(const Json& document, const std::string& name) {
  const Place root{document, name};
  if (!document.is_object()) root.fail("expected an object with elements, interactions and usage");
  for (const auto& [key, value] : document.items()) {
    if (key == "schema" || std::find(kLists.begin(), kLists.end(), key) != kLists.end()) continue;
    const auto near = core::nearest(key, kLists);
    Place{value, name, "/" + key, near ? "did you mean " + *near + "?" : ""}.fail(
        "unknown member \"" + key + "\"");
  }
  WhitespaceInput input;
  for_each(root, "elements", [&](const Place& place) {
    input.elements.push_back(
        {tag_at(place), place.at("alpha").number_above(0), place.at("beta").number_above(0)});
  });
  for_each(root, "interactions",
           [&](const Place& place) { input.interactions.push_back(pair_effect(place)); });
  for_each(root, "usage",
           [&](const Place& place) { input.usage.push_back(pair_count(place, "times_used")); });
  if (root.has("competitors")) input.competitors.emplace();
  for_each(root, "competitors", [&](const Place& place) {
    input.competitors->push_back(pair_count(place, "times_seen"));
  });
  return input;
}

Json to_json(const WhitespaceCandidate& candidate, std::int64_t rank) {
  Json competitor_usage = nullptr;
  Json competition_name = nullptr;
  if (candidate.competitor_usage) competitor_usage = *candidate.competitor_usage;
  if (const auto name = competition(candidate)) competition_name = *name;
  Json json = {{"rank", rank}, {"a", tag_json(candidate.a)}, {"b", tag_json(candidate.b)}};
  if (candidate.c) json["c"] = tag_json(*candidate.c);
  json["potential"] = candidate.potential;
  json["mean_a"] = candidate.mean_a;
  json["mean_b"] = candidate.mean_b;
  if (candidate.c) json["mean_c"] = candidate.mean_c;
  json["synergy_bonus"] = candidate.synergy_bonus;
  json["novelty_bonus"] = candidate.novelty_bonus;
  json["usage"] = candidate.usage;
  json["competitor_usage"] = std::move(competitor_usage);
  json["competition"] = std::move(competition_name);
  json["interval"] = candidate.interval;
  return json;
}

}  // namespace adgenome::learning
