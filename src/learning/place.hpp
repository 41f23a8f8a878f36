#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/core/text.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace adgenome::learning {

/// A value of a document together with where it stands, so that every complaint can say it.
struct Place {
  const core::Json& value;
  std::string name;          ///< of the file
  std::string pointer = {};  ///< within the document
  std::string hint = {};

  [[noreturn]] void fail(const std::string& message) const {
    throw core::InvalidInput(message, hint, pointer.empty() ? name : name + " " + pointer);
  }
  /// Whether the member is there and not null.
  bool has(const std::string& key) const {
    if (!value.is_object()) fail("expected an object");
    const auto found = value.find(key);
    return found != value.end() && !found->is_null();
  }
  Place at(const std::string& key) const {
    if (!has(key)) fail("\"" + key + "\" is missing");
    return {value.at(key), name, pointer + "/" + key, hint};
  }
  Place at(std::size_t index) const {
    return {value.at(index), name, pointer + "/" + std::to_string(index), hint};
  }
  Place list() const {
    if (!value.is_array()) fail("expected a list");
    return *this;
  }
  Place list_of(std::size_t size) const {
    if (!value.is_array() || value.size() != size) {
      fail("expected a list of " + std::to_string(size));
    }
    return *this;
  }
  double number() const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) fail("expected a number");
    return value.get<double>();
  }
  double number_above(double bound) const {
    const double number = this->number();
    if (!(number > bound)) fail("expected a number above " + core::format_double(bound));
    return number;
  }
  double number_from(double bound) const {
    const double number = this->number();
    if (number < bound) fail("expected a number of at least " + core::format_double(bound));
    return number;
  }
  std::int64_t count() const {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0) fail("expected a count");
    return value.get<std::int64_t>();
  }
  std::string text() const {
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      fail("expected a text");
    }
    return value.get<std::string>();
  }
  std::optional<std::string> optional_text(const std::string& key) const {
    if (!has(key)) return std::nullopt;
    return at(key).text();
  }
};

}  // namespace adgenome::learning
