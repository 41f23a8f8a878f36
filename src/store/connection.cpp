#include <adgenome/core/json.hpp>
#include <adgenome/store/connection.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::store {

Value json_value(const core::Json& document) {
  return core::dump(document);
}

core::Json Row::json(int column) const {
  // A map sorts the members: PostgreSQL's jsonb does not keep the order in which they were written.
  const auto sorted = nlohmann::json::parse(text(column));
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
