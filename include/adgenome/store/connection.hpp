#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace adgenome::store {

enum class Backend { kSqlite, kPostgres };

/// Raw bytes of a BYTES column.
struct Bytes {
  std::string bytes;
};

/// A parameter of a statement. A document is passed as json_value(), a day as format_day().
using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, core::Time, Bytes>;

/// The days since 1970-01-01.
inline std::int64_t day_number(core::Day day) {
  return day.time_since_epoch().count();
}

/// A document for a JSON column.
Value json_value(const core::Json& document);

/// The value, or NULL.
template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

/// The row that a query stands on, by column from 0. Valid during the visit only.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual bool boolean(int column) const = 0;
  virtual std::string bytes(int column) const = 0;

  core::Time time(int column) const { return core::parse_time(text(column)); }
  core::Day day(int column) const { return core::parse_day(text(column)); }
  /// A day that is kept as its number since 1970-01-01.
  core::Day day_number(int column) const { return core::Day{std::chrono::days{integer(column)}}; }
  /// A document with its members sorted by name, the same on both backends.
  core::Json json(int column) const;

  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<double> optional_real(int column) const;
  std::optional<std::string> optional_text(int column) const;
  std::optional<bool> optional_boolean(int column) const;
  std::optional<core::Time> optional_time(int column) const;
  std::optional<core::Day> optional_day_number(int column) const;
};

/// Raw bytes of a BYTES column.
struct BulkBytes {
  std::string_view bytes;
};

/// A value of a row that is added in bulk; texts and bytes need to last for the call only.
using BulkValue = std::variant<std::monostate, bool, std::int64_t, double, std::string_view,
                               core::Time, BulkBytes>;

template <class T>
BulkValue bulk_or_null(const std::optional<T>& value) {
  return value ? BulkValue(*value) : BulkValue();
}

/// Rows on their way into a table, as fast as the backend takes them (COPY on PostgreSQL). Nothing
/// else may run on the connection before finish(); without it the rows may be lost.
class BulkInsert {
 public:
  virtual ~BulkInsert() = default;
  /// The values of a row in the order of the columns.
  virtual void add(std::span<const BulkValue> row) = 0;
  virtual void finish() = 0;
};

/// One open connection to a database. Statements are written once for both backends: placeholders
/// $1, $2, ...; each text is prepared once a connection. Failures of the database are StoreError.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Backend backend() const = 0;

  /// Runs a statement; gives the number of rows that it changed.
  virtual std::int64_t execute(std::string_view sql, std::span<const Value> parameters) = 0;
  /// Runs a query and visits its rows in order.
  virtual void query(std::string_view sql, std::span<const Value> parameters,
                     const std::function<void(const Row&)>& visit) = 0;
  /// Begins to add rows to a table; to be called within a transaction.
  virtual std::unique_ptr<BulkInsert> bulk_insert(const std::string& table,
                                                  const std::vector<std::string>& columns) = 0;
  /// Runs a statement of the schema, which is not prepared.
  virtual void run(std::string_view sql) = 0;

  /// Opens a transaction that may write. On SQLite the only one at a time.
  virtual void begin() = 0;
  /// Opens a transaction that only reads, and sees the store as it is now to its end.
  virtual void begin_snapshot() = 0;
  virtual void commit() = 0;
  virtual void rollback() = 0;
  /// Waits until no other transaction holds this name; kept to the end of the transaction.
  virtual void lock(std::string_view name) = 0;
  /// Ends a SELECT whose rows this transaction takes, passing over those that another one has.
  virtual std::string_view for_update_skip_locked() const = 0;

  /// Names of the tables, sorted.
  virtual std::vector<std::string> tables() = 0;
  /// Every object of the schema as one line ("table ads: column tags ..."), sorted.
  virtual std::vector<std::string> schema_objects() = 0;
  /// The same lines for a schema made by these statements, without touching the live one.
  virtual std::vector<std::string> objects_made_by(std::span<const std::string> statements) = 0;
};

/// The driver of PostgreSQL is a module loaded on demand; this is what it exports.
class PostgresDriver {
 public:
  virtual ~PostgresDriver() = default;
  /// `url` is a connection URI of libpq. `busy_timeout_ms` bounds the wait for locks.
  virtual std::unique_ptr<Connection> connect(const std::string& url,
                                              std::int64_t busy_timeout_ms) = 0;
};

}  // namespace adgenome::store
