#include <adgenome/core/error.hpp>
#include <adgenome/core/json.hpp>
#include <adgenome/store/connection.hpp>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace adgenome::store {
namespace {

/// Whole doubles digit by digit: of "1e+05" PostgreSQL's jsonb would keep 100000, which reads back
/// as an integer.
void write_out_whole_doubles(core::Json& value) {
  if (value.is_structured()) {
    for (core::Json& item : value) write_out_whole_doubles(item);
  } else if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) < 1e5 || number != std::floor(number) || !std::isfinite(number)) return;
    char digits[320];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed).ptr;
    value = core::exact_number(std::string(digits, end) + ".0");
  }
}

}  // namespace

Value json_value(const core::Json& document) {
  core::Json written = document;
  write_out_whole_doubles(written);
  return core::dump(written);
}

core::Json Row::json(int column) const {
  const std::string document = text(column);
  // A map sorts the members: PostgreSQL's jsonb does not keep the order in which they were written.
  const auto sorted = nlohmann::json::parse(document, nullptr, false);
  if (sorted.is_discarded()) {
    throw core::StoreError("the store holds a document that is not JSON: " + document.substr(0, 40),
                           "was it changed by another program?");
  }
  return sorted;
}

std::optional<std::int64_t> Row::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<double> Row::optional_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<std::string> Row::optional_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}
std::optional<bool> Row::optional_boolean(int column) const {
  return is_null(column) ? std::nullopt : std::optional(boolean(column));
}
std::optional<core::Time> Row::optional_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}
std::optional<core::Day> Row::optional_day_number(int column) const {
  return is_null(column) ? std::nullopt : std::optional(day_number(column));
}

}  // namespace adgenome::store
