#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// Rows of parameters inside a statement, "VALUES (CAST($2 AS BIGINT), ...), ...": many keys in one
/// statement of the common dialect. `first` is the number of their first parameter.
inline std::string values_rows(std::size_t rows, std::initializer_list<std::string_view> types,
                               std::size_t first) {
  std::string sql = "VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row == 0 ? "(" : ", (";
    for (const std::string_view& type : types) {
      if (&type != types.begin()) sql += ", ";
      sql += "CAST($" + std::to_string(first++) + " AS " + std::string(type) + ")";
    }
    sql += ")";
  }
  return sql;
}

/// So many rows a statement: enough for the round trips not to count.
inline constexpr std::size_t kRowsAtOnce = 200;

/// Calls use(part) with parts of at most kRowsAtOnce.
template <class T, class Use>
void in_parts(std::span<const T> all, Use use) {
  for (std::size_t begin = 0; begin < all.size(); begin += kRowsAtOnce) {
    use(all.subspan(begin, std::min(kRowsAtOnce, all.size() - begin)));
  }
}

}  // namespace adgenome::store
