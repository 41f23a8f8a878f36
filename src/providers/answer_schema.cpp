#include "answer_schema.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace adgenome::providers {
namespace {

using core::Json;
using Fault = std::optional<std::string>;

constexpr std::array<std::string_view, 11> kWords = {
    "type",  "properties", "required", "additionalProperties", "items", "enum",
    "title", "minimum",    "maximum",  "description",          "const"};

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type == "integer") {
    if (value.is_number_integer()) return true;
    return value.is_number_float() &&
           value.get<double>() ==
               static_cast<double>(static_cast<std::int64_t>(value.get<double>()));
  }
  throw core::Error(core::ExitCode::kInternal, "a schema with the type " + type);
}

Fault type_fault(const Json& value, const Json& types, const std::string& where) {
  if (types.is_string()) {
    if (has_type(value, types.get<std::string>())) return std::nullopt;
    return where + ": expected " + types.get<std::string>();
  }
  std::string shown;
  for (const Json& type : types) {
    if (has_type(value, type.get<std::string>())) return std::nullopt;
    shown += (shown.empty() ? "" : " or ") + type.get<std::string>();
  }
  return where + ": expected " + shown;
}

Fault object_fault(const Json& value, const Json& schema, const std::string& where) {
  for (const Json& name : schema.value("required", Json::array())) {
    if (!value.contains(name.get<std::string>()))
      return where + "/" + name.get<std::string>() + ": missing";
  }
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) {
      if (auto fault = schema_fault(member, properties.at(name), where + "/" + name)) return fault;
    } else if (schema.value("additionalProperties", Json(true)) == Json(false)) {
      return where + "/" + name + ": not asked for";
    }
  }
  return std::nullopt;
}

Fault number_fault(const Json& value, const Json& schema, const std::string& where) {
  const double number = value.get<double>();
  if (schema.contains("minimum") && number < schema.at("minimum").get<double>())
    return where + ": below " + schema.at("minimum").dump();
  if (schema.contains("maximum") && number > schema.at("maximum").get<double>())
    return where + ": above " + schema.at("maximum").dump();
  return std::nullopt;
}

}  // namespace

Fault schema_fault(const Json& value, const Json& schema, const std::string& where) {
  for (const auto& [word, unused] : schema.items()) {
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end())
      throw core::Error(core::ExitCode::kInternal, "a schema with the word " + word);
  }
  if (schema.contains("type")) {
    if (auto fault = type_fault(value, schema.at("type"), where)) return fault;
  }
  if (schema.contains("enum")) {
    const Json& known = schema.at("enum");
    if (std::find(known.begin(), known.end(), value) == known.end())
      return where + ": expected one of " + known.dump();
  }
  if (schema.contains("const") && value != schema.at("const"))
    return where + ": expected " + schema.at("const").dump();
  if (value.is_object()) return object_fault(value, schema, where);
  if (value.is_number()) return number_fault(value, schema, where);
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (auto fault = schema_fault(value[i], schema.at("items"), where + "/" + std::to_string(i)))
        return fault;
    }
  }
  return std::nullopt;
}

Json without_bounds(const Json& schema) {
  Json kept = schema;
  kept.erase("minimum");
  kept.erase("maximum");
  if (kept.contains("items")) kept["items"] = without_bounds(kept["items"]);
  if (kept.contains("properties")) {
    for (auto& [name, member] : kept["properties"].items()) member = without_bounds(member);
  }
  return kept;
}

}  // namespace adgenome::providers
