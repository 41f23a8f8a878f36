#include <adgenome/core/text.hpp>
#include <adgenome/scoring/preset.hpp>
#include <array>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>

namespace adgenome::scoring {
namespace {

using core::InvalidInput;
using core::Json;

constexpr std::string_view kProgram = "exec:";
constexpr std::string_view kHintOfFloor = "it is the share of the draw that is uniform, 0 to 1";

double number(const Json& value, const std::string& where) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    throw InvalidInput("expected a number, found " + core::dump(value), "", where);
  }
  return value.get<double>();
}

double number_between(const Json& value, double low, double high, const std::string& where,
                      std::string_view hint = "") {
  const double found = number(value, where);
  if (found < low || found > high) {
    throw InvalidInput("expected a number from " + core::format_double(low) + " to " +
                           core::format_double(high) + ", found " + core::format_double(found),
                       std::string(hint), where);
  }
  return found;
}

bool is_program(std::string_view scorer) {
  return scorer.starts_with(kProgram);
}

std::size_t scorer_at(const std::string& name, const std::string& where) {
  if (is_program(name)) {
    throw InvalidInput(
        "a scorer that is a program can only have its weight in a preset: \"" + name + "\"", "",
        where);
  }
  if (const auto index = find_scorer(name)) return *index;
  const auto near = core::nearest(name, scorer_names());
  throw InvalidInput(
      "there is no scorer \"" + name + "\"",
      near ? "did you mean " + *near + "?" : "scorers: " + core::join(scorer_names(), ", "), where);
}

double weight_of(const std::string& name, const Json& value, const std::string& where) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    throw InvalidInput("weight of " + name + ": expected a number, found " + core::dump(value), "",
                       where);
  }
  const double weight = value.get<double>();
  if (weight < 0) {
    throw InvalidInput("weight of " + name + " is negative: " + core::format_double(weight), "",
                       where);
  }
  return weight;
}

void require_object(const Json& value, const std::string& where) {
  if (!value.is_object()) throw InvalidInput("expected an object", "", where);
}

/// The name of a file without its folder and ending.
std::string stem_of(std::string_view source) {
  source.remove_prefix(source.find_last_of('/') + 1);  // none: npos + 1 is 0
  return std::string(source.substr(0, source.find_last_of('.')));
}

WeightSet parse_learned(const Json& document, const std::string& source) {
  constexpr std::array<std::string_view, 3> kPhases{"cold", "warm", "hot"};
  WeightSet set{.weights = Weights(scorers().size(), 0)};
  const auto rows = document.find("scorers");
  if (rows == document.end() || !rows->is_array()) {
    throw InvalidInput("expected a list of scorers", "", source + " /scorers");
  }
  std::size_t least = kPhases.size();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Json& row = (*rows)[i];
    const std::string where = source + " /scorers/" + std::to_string(i);
    require_object(row, where);
    const Json name = row.value("scorer", Json());
    if (!name.is_string()) throw InvalidInput("expected a name", "", where + "/scorer");
    const std::size_t scorer = scorer_at(name.get<std::string>(), where + "/scorer");
    set.weights[scorer] = weight_of(name.get<std::string>(), row.value("effective_weight", Json()),
                                    where + "/effective_weight");
    const Json phase = row.value("phase", Json());
    for (std::size_t at = 0; at < least && at < kPhases.size(); ++at) {
      if (phase == kPhases[at]) least = at;
    }
  }
  if (least < kPhases.size()) set.phase = std::string(kPhases[least]);
  const Json id = document.value("weight_set", Json());
  if (id.is_string()) set.id = id.get<std::string>();
  return set;
}

/// Calls `read` and keeps what it finds wrong, so that all of it can be told at once.
void attempt(std::vector<InvalidInput>& problems, const std::function<void()>& read) {
  try {
    read();
  } catch (const InvalidInput& error) {
    problems.push_back(error);
  }
}

void read_weight(Preset& preset, const std::string& name, const Json& value,
                 const std::string& where) {
  if (!is_program(name)) {
    preset.weights[scorer_at(name, where)] = weight_of(name, value, where);
    return;
  }
  if (name.size() == kProgram.size()) {
    throw InvalidInput("no program is named", "write it as \"exec:./my-scorer\"", where);
  }
  preset.programs.push_back(name);
  preset.weights.push_back(weight_of(name, value, where));
}

void read_weights(Preset& preset, const Json& map, const std::string& where,
                  std::vector<InvalidInput>& problems) {
  require_object(map, where);
  for (const auto& [name, value] : map.items()) {
    attempt(problems, [&] { read_weight(preset, name, value, where + "/" + name); });
  }
}

double above_zero(const Json& value, const std::string& where) {
  const double found = number(value, where);
  if (found > 0) return found;
  throw InvalidInput("expected a number above 0, found " + core::format_double(found), "", where);
}

Explore explore_of(const Json& value, const std::string& where) {
  if (value == "none") return Explore::kNone;
  if (value == "thompson") return Explore::kThompson;
  throw InvalidInput("expected \"none\" or \"thompson\", found " + core::dump(value), "", where);
}

/// The error of a member that is not one of those known.
InvalidInput unknown_member(const std::string& what, const std::string& member,
                            std::span<const std::string> known, const std::string& where) {
  const auto near = core::nearest(member, known);
  return InvalidInput(what + " has no member \"" + member + "\"",
                      near ? "did you mean " + *near + "?" : "members: " + core::join(known, ", "),
                      where);
}

Expectations expectations_of(const Json& map, const std::string& where,
                             std::vector<InvalidInput>& problems) {
  require_object(map, where);
  constexpr double kAnyNumber = 1e15;
  Expectations expect;
  for (const auto& [member, value] : map.items()) {
    if (value.is_null()) continue;
    attempt(problems, [&] {
      const std::string at = where + "/" + member;
      if (member == "min_effective_templates") {
        expect.min_effective_templates = number_between(value, 0, kAnyNumber, at);
      } else if (member == "max_share") {
        expect.max_share = number_between(value, 0, 1, at);
      } else if (member == "min_gate_survivors") {
        expect.min_gate_survivors = number_between(value, 0, kAnyNumber, at);
      } else if (member == "max_distance_to_baseline") {
        expect.max_distance_to_baseline = number_between(value, 0, 1, at);
      } else {
        const std::array<std::string, 4> known{"min_effective_templates", "max_share",
                                               "min_gate_survivors", "max_distance_to_baseline"};
        throw unknown_member("expect", member, known, at);
      }
    });
  }
  return expect;
}

void read_member(Preset& preset, const std::string& member, const Json& value,
                 const std::string& where, std::vector<InvalidInput>& problems) {
  if (member == "name") {
    if (!value.is_string()) throw InvalidInput("expected a name", "", where);
    preset.name = value.get<std::string>();
  } else if (member == "weights") {
    read_weights(preset, value, where, problems);
  } else if (member == "temperature") {
    preset.temperature = above_zero(value, where);
  } else if (member == "target_effective") {
    preset.target_effective = number_between(value, 1, 1e15, where);
  } else if (member == "explore_floor") {
    preset.explore_floor = number_between(value, 0, 1, where, kHintOfFloor);
  } else if (member == "min_asset_score") {
    preset.min_asset_score = number_between(value, 0, 1, where);
  } else if (member == "explore") {
    preset.explore = explore_of(value, where);
  } else if (member == "max_similarity") {
    preset.max_similarity = number_between(value, -1, 1, where);
  } else if (member == "expect") {
    preset.expect = expectations_of(value, where, problems);
  } else {
    const std::array<std::string, 9> known{
        "name",          "weights",         "temperature", "target_effective",
        "explore_floor", "min_asset_score", "explore",     "max_similarity",
        "expect"};
    throw unknown_member("a preset", member, known, where);
  }
}

bool has(const Json& document, const char* member) {
  return document.contains(member) && !document.at(member).is_null();
}

}  // namespace

std::optional<Preset> built_in_preset(std::string_view name) {
  Preset preset{.name = std::string(name), .weights = {}};
  if (name == "roll_the_dice") {
    for (const Scorer& scorer : scorers()) preset.weights.push_back(scorer.roll_the_dice);
    return preset;
  }
  if (name != "smart_select" && name != "smart_select_t1") return std::nullopt;
  for (const Scorer& scorer : scorers()) {
    const bool is_conditional = scorer.needs == Needs::kAdLibrary;
    preset.weights.push_back(is_conditional ? 0 : scorer.smart_select);
    preset.ad_library_weights.push_back(is_conditional ? scorer.smart_select : 0);
  }
  if (name == "smart_select") {
    // At temperature 1 some 97 of 100 templates stay effective: nothing learned could matter.
    preset.temperature = 0.1;
    preset.explore_floor = 0.02;
  }
  return preset;
}

std::vector<std::string> built_in_preset_names() {
  return {"roll_the_dice", "smart_select", "smart_select_t1"};
}

Weights weights_for(const Preset& preset, const Pool& pool) {
  return weights_for(preset, pool.has_ad_library());
}

Weights weights_for(const Preset& preset, bool has_ad_library) {
  Weights weights = preset.weights;
  if (!has_ad_library) return weights;
  for (std::size_t s = 0; s < preset.ad_library_weights.size(); ++s) {
    weights[s] += preset.ad_library_weights[s];
  }
  return weights;
}

std::string_view scorer_name(const Preset& preset, std::size_t scorer) {
  const std::span<const Scorer> registry = scorers();
  return scorer < registry.size() ? registry[scorer].name
                                  : std::string_view(preset.programs[scorer - registry.size()]);
}

void replace_weights(Weights& weights, const Json& map, const std::string& where) {
  require_object(map, where);
  for (const auto& [name, value] : map.items()) {
    const std::string at = where + "/" + name;
    weights[scorer_at(name, at)] = weight_of(name, value, at);
  }
}

void replace_weights(Preset& preset, const Json& map, const std::string& where) {
  replace_weights(preset.weights, map, where);
  if (preset.ad_library_weights.empty()) return;
  for (const auto& [name, value] : map.items()) preset.ad_library_weights[*find_scorer(name)] = 0;
}

Preset parse_preset(const Json& document, const std::string& source,
                    std::vector<InvalidInput>& problems) {
  Preset preset{.name = stem_of(source), .weights = Weights(scorers().size(), 0)};
  attempt(problems, [&] { require_object(document, source); });
  if (!document.is_object()) return preset;
  for (const auto& [member, value] : document.items()) {
    if (member == "schema" || value.is_null()) continue;
    attempt(problems,
            [&] { read_member(preset, member, value, source + " /" + member, problems); });
  }
  if (!has(document, "weights")) {
    problems.emplace_back("\"weights\" is missing", "", source + " /weights");
  }
  if (has(document, "temperature") && has(document, "target_effective")) {
    problems.emplace_back("a preset has either a temperature or a target_effective", "", source);
  }
  return preset;
}

Preset parse_preset(const Json& document, const std::string& source) {
  std::vector<InvalidInput> problems;
  Preset preset = parse_preset(document, source, problems);
  if (!problems.empty()) throw InvalidInput(problems.front());
  return preset;
}

Json to_json(const Preset& preset) {
  Json weights = Json::object();
  for (std::size_t s = 0; s < preset.weights.size(); ++s) {
    const double with_ad_library =
        s < preset.ad_library_weights.size() ? preset.ad_library_weights[s] : 0;
    weights[std::string(scorer_name(preset, s))] = preset.weights[s] + with_ad_library;
  }
  const auto or_null = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json();
  };
  return {{"name", preset.name},
          {"weights", std::move(weights)},
          {"temperature", preset.target_effective ? Json() : Json(preset.temperature)},
          {"target_effective", or_null(preset.target_effective)},
          {"explore_floor", preset.explore_floor},
          {"min_asset_score", or_null(preset.min_asset_score)},
          {"explore", preset.explore == Explore::kThompson ? "thompson" : "none"},
          {"max_similarity", preset.max_similarity},
          {"expect",
           {{"min_effective_templates", or_null(preset.expect.min_effective_templates)},
            {"max_share", or_null(preset.expect.max_share)},
            {"min_gate_survivors", or_null(preset.expect.min_gate_survivors)},
            {"max_distance_to_baseline", or_null(preset.expect.max_distance_to_baseline)}}}};
}

WeightSet parse_weights(const Json& document, const std::string& source) {
  require_object(document, source);
  if (document.value("schema", Json()) == "adgenome/weights/v1" || document.contains("scorers")) {
    return parse_learned(document, source);
  }
  if (document.contains("weights")) {
    WeightSet set{.weights = parse_preset(document, source).weights};
    set.weights.resize(scorers().size());  // programs are run by the preset that names them
    return set;
  }
  WeightSet set{.weights = Weights(scorers().size(), 0)};
  replace_weights(set.weights, document, source + " ");
  return set;
}

}  // namespace adgenome::scoring
