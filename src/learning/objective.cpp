#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/learning/objective.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "place.hpp"

namespace adgenome::learning {
namespace {

struct ObjectiveRow {
  std::string_view name;
  PerComponent<double> weights;  // ctr, conv, roas, cpm
};

constexpr ObjectiveRow kObjectives[] = {
    {"CONVERSIONS", {{0.2, 0.3, 0.5, 0}}},   {"SALES", {{0.2, 0.3, 0.5, 0}}},
    {"LEADS", {{0.2, 0.8, 0, 0}}},           {"TRAFFIC", {{0.7, 0.1, 0.2, 0}}},
    {"BRAND_AWARENESS", {{0.5, 0, 0, 0.5}}}, {"AWARENESS", {{0.5, 0, 0, 0.5}}},
    {"ENGAGEMENT", {{0.5, 0.3, 0.2, 0}}},
};

const ObjectiveRow* find_objective(std::string_view canonical) {
  for (const ObjectiveRow& row : kObjectives) {
    if (row.name == canonical) return &row;
  }
  return nullptr;
}

PerComponent<double> own_weights(const Place& place) {
  if (!place.value.is_object()) place.fail("expected weights by component, {\"ctr\": 0.2, ...}");
  std::vector<std::string> names;
  for (const Component component : kComponents) names.emplace_back(name_of(component));
  PerComponent<double> weights;
  double sum = 0;
  for (const auto& [name, value] : place.value.items()) {
    const auto known = std::find(names.begin(), names.end(), name);
    if (known == names.end()) {
      place.fail("unknown component \"" + name + "\", known: " + core::join(names, ", "));
    }
    double& weight = weights.values[static_cast<std::size_t>(known - names.begin())];
    weight = Place{value, place.name, place.pointer + "/" + name}.number_from(0);
    sum += weight;
  }
  if (!(sum > 0)) place.fail("expected a weight above 0");
  for (double& weight : weights.values) weight /= sum;
  return weights;
}

}  // namespace

std::string canonical_objective(std::string_view objective) {
  constexpr std::string_view kOutcome = "OUTCOME_";
  std::string name(core::trim(objective));
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (name.starts_with(kOutcome) && find_objective(name.substr(kOutcome.size()))) {
    name.erase(0, kOutcome.size());
  }
  return name.empty() ? "UNKNOWN" : name;
}

PerComponent<double> objective_weights(std::string_view objective) {
  if (const ObjectiveRow* row = find_objective(canonical_objective(objective))) return row->weights;
  return {{1.0 / 3, 1.0 / 3, 1.0 / 3, 0}};
}

ObjectiveTable::ObjectiveTable(const core::Json& own, const std::string& where) {
  if (own.is_null()) return;
  const Place root{own, where};
  if (!own.is_object())
    root.fail("expected weights by objective, {\"SALES\": {\"ctr\": 0.2, ...}}");
  for (const auto& [name, value] : own.items()) {
    if (core::trim(name).empty()) root.fail("an objective has no name");
    own_[canonical_objective(name)] = own_weights(Place{value, where, "/" + name});
  }
}

PerComponent<double> ObjectiveTable::weights(std::string_view objective) const {
  const auto own = own_.find(canonical_objective(objective));
  if (own != own_.end()) return own->second;
  // Whatever the table lacks is weighed as UNKNOWN, also by a brand's own weights.
  const auto unknown = own_.find("UNKNOWN");
  const bool is_known = find_objective(canonical_objective(objective)) != nullptr;
  return !is_known && unknown != own_.end() ? unknown->second : objective_weights(objective);
}

}  // namespace adgenome::learning
