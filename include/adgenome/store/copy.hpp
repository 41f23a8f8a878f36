#pragma once

#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace adgenome::store {

/// A table of this program's schema as the common dialect describes it.
struct TableShape {
  struct Column {
    std::string name;
    std::string type;  ///< TEXT, JSON, TIMESTAMP, DATE, BOOLEAN, BIGINT, DOUBLE PRECISION, BYTES
  };
  std::string name;
  std::vector<Column> columns;
  std::vector<std::size_t> key;  ///< positions of the primary key's columns
};

/// All tables of the schema but the register of migrations, each behind those that it refers to.
std::vector<TableShape> schema_tables();

/// How much a table holds: its rows, and the SHA-256 of what they say in order of their keys, the
/// same on every backend.
struct TableSum {
  std::string table;
  std::int64_t rows = 0;
  std::string sha256;
  bool operator==(const TableSum&) const = default;
};

TableSum sum_table(Session& session, const TableShape& table);

/// The first table that holds a row; empty where none does.
std::string first_filled_table(Session& session);

/// Copies every row of a table, and gives its sum at the source. Belongs into a transaction of
/// each store.
TableSum copy_table(Session& from, Session& to, const TableShape& table,
                    const std::function<void(std::int64_t)>& on_rows);

}  // namespace adgenome::store
