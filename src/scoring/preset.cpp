#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/scoring/preset.hpp>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::scoring {
namespace {

using core::InvalidInput;
using core::Json;

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

std::size_t scorer_at(const std::string& name, const std::string& where) {
  if (name.starts_with("exec:")) {
    throw InvalidInput("scorers that are programs are not supported yet: \"" + name + "\"", "",
                       where);
  }
  if (const auto index = find_scorer(name)) return *index;
  const auto near = core::nearest(name, scorer_names());
  throw InvalidInput(
      "there is no scorer \"" + name + "\"",
      near ? "did you mean " + *near + "?" : "scorers: " + core::join(scorer_names(), ", "), where);
}

double weight_of(std::size_t scorer, const Json& value, const std::string& where) {
  const std::string name(scorers()[scorer].name);
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    throw InvalidInput("weight of " + name + ": expected a number, found " + core::dump(value), "",
                       where);
  }
  const double weight = value.get<double>();
  if (weight < 0) {
    throw InvalidInput("weight of " + name + " is negative: " + core::format_double(weight), "",
                       where);
  }
  if (weight > 0 && scorers()[scorer].score == nullptr) {
    throw InvalidInput("scorer " + name + " is not supported yet", "give it weight 0", where);
  }
  return weight;
}

void require_object(const Json& value, const std::string& where) {
  if (!value.is_object()) throw InvalidInput("expected an object", "", where);
}

/// Members of a preset that change nothing as long as they are at their default.
void refuse_explore(const Json& value, const std::string& where) {
  if (value == "none") return;
  if (value == "thompson")
    throw InvalidInput("explore \"thompson\" is not supported yet", "", where);
  throw InvalidInput("expected \"none\" or \"thompson\", found " + core::dump(value), "", where);
}

void refuse_similarity(const Json& value, const std::string& where) {
  if (number_between(value, -1, 1, where) < 1) {
    throw InvalidInput("max_similarity under 1 is not supported yet", "leave it out", where);
  }
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
    set.weights[scorer] =
        weight_of(scorer, row.value("effective_weight", Json()), where + "/effective_weight");
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

}  // namespace

std::optional<Preset> built_in_preset(std::string_view name) {
  Preset preset{.name = std::string(name), .weights = {}};
  if (name == "roll_the_dice") {
    for (const Scorer& scorer : scorers()) preset.weights.push_back(scorer.roll_the_dice);
    return preset;
  }
  if (name != "smart_select" && name != "smart_select_t1") return std::nullopt;
  for (const Scorer& scorer : scorers()) preset.weights.push_back(scorer.smart_select);
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

void replace_weights(Weights& weights, const Json& map, const std::string& where) {
  require_object(map, where);
  for (const auto& [name, value] : map.items()) {
    const std::string at = where + "/" + name;
    const std::size_t scorer = scorer_at(name, at);
    weights[scorer] = weight_of(scorer, value, at);
  }
}

Preset parse_preset(const Json& document, const std::string& source) {
  require_object(document, source);
  Preset preset{.name = stem_of(source), .weights = Weights(scorers().size(), 0)};
  bool has_weights = false;
  bool has_temperature = false;
  for (const auto& [member, value] : document.items()) {
    const std::string where = source + " /" + member;
    if (member == "schema" || value.is_null()) continue;
    if (member == "name") {
      if (!value.is_string()) throw InvalidInput("expected a name", "", where);
      preset.name = value.get<std::string>();
    } else if (member == "weights") {
      replace_weights(preset.weights, value, where);
      has_weights = true;
    } else if (member == "temperature") {
      preset.temperature = number(value, where);
      if (preset.temperature <= 0) {
        throw InvalidInput(
            "expected a number above 0, found " + core::format_double(preset.temperature), "",
            where);
      }
      has_temperature = true;
    } else if (member == "target_effective") {
      preset.target_effective = number_between(value, 1, 1e15, where);
    } else if (member == "explore_floor") {
      preset.explore_floor = number_between(value, 0, 1, where, kHintOfFloor);
    } else if (member == "min_asset_score") {
      preset.min_asset_score = number_between(value, 0, 1, where);
    } else if (member == "explore") {
      refuse_explore(value, where);
    } else if (member == "max_similarity") {
      refuse_similarity(value, where);
    } else if (member == "expect") {
      require_object(value, where);
    } else {
      const std::array<std::string, 9> known{
          "name",          "weights",         "temperature", "target_effective",
          "explore_floor", "min_asset_score", "explore",     "max_similarity",
          "expect"};
      const auto near = core::nearest(member, known);
      throw InvalidInput("a preset has no member \"" + member + "\"",
                         near ? "did you mean " + *near + "?" : "", where);
    }
  }
  if (!has_weights) throw InvalidInput("\"weights\" is missing", "", source + " /weights");
  if (has_temperature && preset.target_effective) {
    throw InvalidInput("a preset has either a temperature or a target_effective", "", source);
  }
  return preset;
}

WeightSet parse_weights(const Json& document, const std::string& source) {
  require_object(document, source);
  if (document.value("schema", Json()) == "adgenome/weights/v1" || document.contains("scorers")) {
    return parse_learned(document, source);
  }
  if (document.contains("weights")) return {.weights = parse_preset(document, source).weights};
  WeightSet set{.weights = Weights(scorers().size(), 0)};
  replace_weights(set.weights, document, source + " ");
  return set;
}

}  // namespace adgenome::scoring
