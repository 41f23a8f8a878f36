#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/scorer.hpp>
#include <adgenome/simulate/world.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace adgenome::simulate {
namespace {

using core::InvalidInput;
using core::Json;

double number(const Json& value, double low, double high, const std::string& where) {
  if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < low ||
      value.get<double>() > high) {
    throw InvalidInput("expected a number from " + core::format_double(low) + " to " +
                           core::format_double(high) + ", found " + core::dump(value),
                       "", where);
  }
  return value.get<double>();
}

std::int64_t count(const Json& value, std::int64_t low, std::int64_t high,
                   const std::string& where) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < low ||
      value.get<std::int64_t>() > high) {
    throw InvalidInput("expected a whole number from " + std::to_string(low) + " to " +
                           std::to_string(high) + ", found " + core::dump(value),
                       "", where);
  }
  return value.get<std::int64_t>();
}

void read_effects(const Json& value, const std::string& where, World& world) {
  if (!value.is_object()) throw InvalidInput("expected an object of scorer to effect", "", where);
  for (const auto& [scorer, effect] : value.items()) {
    const std::string at = where + "/" + scorer;
    if (!scoring::find_scorer(scorer)) {
      const auto near = core::nearest(scorer, scoring::scorer_names());
      throw InvalidInput("there is no scorer \"" + scorer + "\"",
                         near ? "did you mean " + *near + "?" : "", at);
    }
    world.effects.emplace_back(scorer, number(effect, -1, 1, at));
  }
}

World parse_world(const Json& document, const std::string& source) {
  if (!document.is_object()) throw InvalidInput("expected a world", "", source);
  World world{.name = "world"};
  using Read = std::function<void(const Json&, const std::string&)>;
  const auto whole = [](std::int64_t& target, std::int64_t low, std::int64_t high) -> Read {
    return [&target, low, high](const Json& value, const std::string& where) {
      target = count(value, low, high, where);
    };
  };
  const auto real = [](double& target, double low, double high) -> Read {
    return [&target, low, high](const Json& value, const std::string& where) {
      target = number(value, low, high, where);
    };
  };
  const std::map<std::string, Read, std::less<>> members = {
      {"name",
       [&](const Json& value, const std::string& where) {
         if (!value.is_string()) throw InvalidInput("expected a name", "", where);
         world.name = value.get<std::string>();
       }},
      {"templates", whole(world.templates, 2, 100'000)},
      {"selections_a_week", whole(world.selections_a_week, 1, 10'000)},
      {"count", whole(world.count, 1, 1000)},
      {"base_reward", real(world.base_reward, 0, 1)},
      {"noise", real(world.noise, 0, 10)},
      {"longest_delay_weeks", whole(world.longest_delay_weeks, 1, 52)},
      {"matter", whole(world.matter, 0, 100)},
      {"effect", real(world.effect, -1, 1)},
      {"effects",
       [&](const Json& value, const std::string& where) { read_effects(value, where, world); }},
      {"drift_weeks",
       [&](const Json& value, const std::string& where) {
         world.drift_weeks = count(value, 1, 10'000, where);
       }},
  };
  for (const auto& [member, value] : document.items()) {
    if (member == "schema" || value.is_null()) continue;
    const auto found = members.find(member);
    if (found == members.end()) {
      std::vector<std::string> names;
      for (const auto& [name, read] : members) names.push_back(name);
      const auto near = core::nearest(member, names);
      throw InvalidInput(
          "a world has no member \"" + member + "\"",
          near ? "did you mean " + *near + "?" : "members: " + core::join(names, ", "),
          source + "/" + member);
    }
    found->second(value, source + "/" + member);
  }
  return world;
}

}  // namespace

std::vector<World> default_worlds() {
  return {{.name = "two_matter", .matter = 2},
          {.name = "none_matters"},
          {.name = "tastes_drift", .matter = 2, .drift_weeks = 26}};
}

std::vector<World> parse_worlds(const Json& document, const std::string& source) {
  if (!document.is_array()) return {parse_world(document, source + " ")};
  if (document.empty()) throw InvalidInput("the list of worlds is empty", "", source);
  std::vector<World> worlds;
  for (std::size_t i = 0; i < document.size(); ++i) {
    worlds.push_back(parse_world(document[i], source + " /" + std::to_string(i)));
  }
  return worlds;
}

}  // namespace adgenome::simulate
