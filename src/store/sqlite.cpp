#include "sqlite.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace adgenome::store {
namespace {

using core::StoreError;

/// Times are text of one width, so that they sort as they follow each other.
std::string sortable(core::Time time) {
  std::string text = core::format_time(time);
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000000");
  return text;
}

[[noreturn]] void fail(const SQLite::Exception& error, const std::string& file) {
  const int code = error.getErrorCode() & 0xFF;
  std::string hint;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    throw StoreError("the store is locked by another process",
                     "run it again, or wait longer with --busy-timeout", file);
  }
  if (code == SQLITE_CONSTRAINT) {
    throw StoreError("the store refused a record that is there already or does not fit the others",
                     "was the same made before with this --seed and --now?", file);
  }
  if (code == SQLITE_NOTADB) hint = "this file is not an SQLite database";
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
    hint = "is the folder there and writable?";
  if (code == SQLITE_FULL) hint = "the disk is full";
  throw StoreError(error.what(), hint, file);
}

/// A prepared statement of SQLite's own interface: SQLiteCpp counts owners of the statement anew
/// for every column that is read, which takes longer than reading it.
class Statement {
 public:
  Statement(SQLite::Database& database, std::string_view sql) : database_(database) {
    check(sqlite3_prepare_v2(database_.getHandle(), sql.data(), static_cast<int>(sql.size()),
                             &handle_, nullptr));
  }
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  sqlite3_stmt* handle() const { return handle_; }

  /// The place of a parameter by its name; 0 where the statement has none of it.
  int place_of(const std::string& name) const {
    return sqlite3_bind_parameter_index(handle_, name.c_str());
  }

  void bind(int place, const Value& value) {
    check(std::visit([&](const auto& held) { return bind_value(place, held); }, value));
  }

  /// Whether there is a row.
  bool step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) check(code);
    return false;
  }

  void reset() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }

 private:
  int bind_value(int place, std::monostate) { return sqlite3_bind_null(handle_, place); }
  int bind_value(int place, bool value) { return sqlite3_bind_int(handle_, place, value ? 1 : 0); }
  int bind_value(int place, std::int64_t value) {
    return sqlite3_bind_int64(handle_, place, value);
  }
  int bind_value(int place, double value) { return sqlite3_bind_double(handle_, place, value); }
  int bind_value(int place, const std::string& text) {
    return sqlite3_bind_text(handle_, place, text.data(), static_cast<int>(text.size()),
                             SQLITE_TRANSIENT);
  }
  int bind_value(int place, core::Time time) { return bind_value(place, sortable(time)); }
  int bind_value(int place, const Bytes& value) {
    return sqlite3_bind_blob(handle_, place, value.bytes.data(),
                             static_cast<int>(value.bytes.size()), SQLITE_TRANSIENT);
  }

  void check(int code) const {
    if (code != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), code);
  }

  SQLite::Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

class SqliteRow : public Row {
 public:
  explicit SqliteRow(const Statement& statement) : handle_(statement.handle()) {}
  bool is_null(int column) const override {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }
  double real(int column) const override { return sqlite3_column_double(handle_, column); }
  std::string text(int column) const override {
    // The text first: it may be written out only now, and its length is that of what is written.
    const auto* text = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    return {text == nullptr ? "" : text,
            static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  bool boolean(int column) const override { return sqlite3_column_int(handle_, column) != 0; }
  std::string bytes(int column) const override { return text(column); }

 private:
  sqlite3_stmt* handle_;
};

/// Values are bound without a copy of theirs: SQLiteCpp takes a third longer for a row.
class SqliteBulkInsert : public BulkInsert {
 public:
  SqliteBulkInsert(SQLite::Database& database, std::string file, const std::string& table,
                   const std::vector<std::string>& columns)
      : database_(database), file_(std::move(file)) {
    std::string places;
    for (std::size_t i = 0; i < columns.size(); ++i) places += i == 0 ? "?" : ", ?";
    const std::string sql =
        "INSERT INTO " + table + " (" + core::join(columns, ", ") + ") VALUES (" + places + ")";
    check(sqlite3_prepare_v2(database_.getHandle(), sql.c_str(), -1, &statement_, nullptr));
  }
  ~SqliteBulkInsert() override { sqlite3_finalize(statement_); }
  SqliteBulkInsert(const SqliteBulkInsert&) = delete;
  SqliteBulkInsert& operator=(const SqliteBulkInsert&) = delete;

  void add(std::span<const BulkValue> row) override {
    for (std::size_t i = 0; i < row.size(); ++i) bind(static_cast<int>(i) + 1, row[i]);
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    if (code != SQLITE_DONE) check(code);
  }

  void finish() override {}

 private:
  void bind(int place, const BulkValue& value) {
    std::visit(
        [&](const auto& held) {
          using T = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<T, std::monostate>) {
            sqlite3_bind_null(statement_, place);
          } else if constexpr (std::is_same_v<T, bool>) {
            sqlite3_bind_int(statement_, place, held ? 1 : 0);
          } else if constexpr (std::is_same_v<T, std::int64_t>) {
            sqlite3_bind_int64(statement_, place, held);
          } else if constexpr (std::is_same_v<T, double>) {
            sqlite3_bind_double(statement_, place, held);
          } else if constexpr (std::is_same_v<T, core::Time>) {
            bind_text(place, text_of(held), SQLITE_TRANSIENT);
          } else if constexpr (std::is_same_v<T, BulkBytes>) {
            sqlite3_bind_blob(statement_, place, held.bytes.data(),
                              static_cast<int>(held.bytes.size()), SQLITE_STATIC);
          } else {
            // Static: the row is stepped and reset before its texts go.
            bind_text(place, held, SQLITE_STATIC);
          }
        },
        value);
  }

  void bind_text(int place, std::string_view text, sqlite3_destructor_type lifetime) {
    sqlite3_bind_text(statement_, place, text.data(), static_cast<int>(text.size()), lifetime);
  }

  /// All rows of a batch are learned at the same time.
  const std::string& text_of(core::Time time) {
    if (time_text_.empty() || time != time_) time_text_ = sortable(time);
    time_ = time;
    return time_text_;
  }

  void check(int code) const {
    if (code == SQLITE_OK) return;
    fail(SQLite::Exception(database_.getHandle(), code), file_);
  }

  SQLite::Database& database_;
  std::string file_;
  sqlite3_stmt* statement_ = nullptr;
  core::Time time_;
  std::string time_text_;
};

class SqliteConnection : public Connection {
 public:
  SqliteConnection(const std::string& file, std::int64_t busy_timeout_ms, bool create) try
      : file_(file),
        database_(
            file,
            SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | (create ? SQLite::OPEN_CREATE : 0),
            static_cast<int>(busy_timeout_ms)) {
    database_.exec("PRAGMA foreign_keys=ON");
    if (file != ":memory:") switch_to_wal(busy_timeout_ms);
    database_.exec("PRAGMA synchronous=NORMAL");
  } catch (const SQLite::Exception& error) {
    fail(error, file);
  }

  Backend backend() const override { return Backend::kSqlite; }

  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    std::int64_t changed = 0;
    with_statement(sql, parameters, [&](Statement& statement) {
      while (statement.step()) {
      }
      changed = sqlite3_changes(database_.getHandle());
    });
    return changed;
  }

  void query(std::string_view sql, std::span<const Value> parameters,
             const std::function<void(const Row&)>& visit) override {
    with_statement(sql, parameters, [&](Statement& statement) {
      const SqliteRow row(statement);
      while (statement.step()) visit(row);
    });
  }

  std::unique_ptr<BulkInsert> bulk_insert(const std::string& table,
                                          const std::vector<std::string>& columns) override {
    return std::make_unique<SqliteBulkInsert>(database_, file_, table, columns);
  }

  void run(std::string_view sql) override {
    try {
      database_.exec(std::string(sql));
    } catch (const SQLite::Exception& error) {
      fail(error, file_);
    }
  }

  // IMMEDIATE: a transaction that may write takes its lock at once and cannot fail halfway.
  void begin() override { run("BEGIN IMMEDIATE"); }
  void begin_snapshot() override { run("BEGIN"); }
  void commit() override { run("COMMIT"); }
  void rollback() override {
    // A failed statement may have rolled back already.
    if (sqlite3_get_autocommit(database_.getHandle()) == 0) run("ROLLBACK");
  }
  // The transaction itself is the lock.
  void lock(std::string_view) override {}
  std::string_view for_update_skip_locked() const override { return ""; }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY "
        "name",
        {}, [&](const Row& row) { names.push_back(row.text(0)); });
    return names;
  }

  std::vector<std::string> schema_objects() override {
    std::vector<std::string> objects;
    query(
        "SELECT type || ' ' || name, type, sql FROM sqlite_master "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
        {}, [&](const Row& row) {
          const std::string sql = squeezed(row.text(2));
          if (row.text(1) != "table") {
            objects.push_back(row.text(0) + ": " + sql);
            return;
          }
          for (const std::string& part : parts_of_table(sql)) {
            objects.push_back(row.text(0) + ": " + part);
          }
        });
    std::sort(objects.begin(), objects.end());
    return objects;
  }

  std::vector<std::string> objects_made_by(std::span<const std::string> statements) override {
    SqliteConnection scratch(":memory:", 0, true);
    for (const std::string& statement : statements) scratch.run(statement);
    return scratch.schema_objects();
  }

 private:
  struct Prepared {
    std::unique_ptr<Statement> statement;
    bool is_in_use = false;
    std::vector<int> places;  ///< of the parameters
  };

  /// SQLite does not wait for other processes here by itself, so this does.
  void switch_to_wal(std::int64_t busy_timeout_ms) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(busy_timeout_ms);
    for (;;) {
      try {
        database_.exec("PRAGMA journal_mode=WAL");
        return;
      } catch (const SQLite::Exception& error) {
        const bool is_busy = (error.getErrorCode() & 0xFF) == SQLITE_BUSY;
        if (!is_busy || std::chrono::steady_clock::now() >= deadline) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
  }

  /// The columns and constraints of a CREATE TABLE, and what stands behind them.
  static std::vector<std::string> parts_of_table(const std::string& sql) {
    std::vector<std::string> parts(1);
    int depth = 0;
    bool is_quoted = false;
    for (const char c : sql) {
      if (c == '\'') is_quoted = !is_quoted;
      if (!is_quoted) {
        if (c == ')') --depth;
        const bool is_border =
            (c == '(' && depth == 0) || (c == ',' && depth == 1) || (c == ')' && depth == 0);
        if (c == '(') ++depth;
        if (is_border) {
          parts.emplace_back();
          continue;
        }
      }
      parts.back() += c;
    }
    parts.erase(parts.begin());  // CREATE TABLE name
    for (std::string& part : parts) part = core::trim(part);
    std::erase(parts, "");
    return parts;
  }

  static std::string squeezed(const std::string& text) {
    std::string out;
    for (const char c : text) {
      const bool blank = c == ' ' || c == '\n' || c == '\t';
      if (blank && (out.empty() || out.back() == ' ')) continue;
      out += blank ? ' ' : c;
    }
    return out;
  }

  /// $1 is a name to SQLite, numbered by first appearance.
  static std::vector<int> places_of(const Statement& statement, std::size_t parameters) {
    std::vector<int> places;
    for (std::size_t i = 1; i <= parameters; ++i) {
      places.push_back(statement.place_of("$" + std::to_string(i)));
    }
    return places;
  }

  static void bind(Statement& statement, const std::vector<int>& places,
                   std::span<const Value> parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      statement.bind(places.at(i), parameters[i]);
    }
  }

  template <class Use>
  void with_statement(std::string_view sql, std::span<const Value> parameters, Use use) {
    try {
      Prepared& prepared = prepared_[std::string(sql)];
      if (prepared.is_in_use) {
        // The same statement inside its own visit.
        Statement another(database_, sql);
        bind(another, prepared.places, parameters);
        use(another);
        return;
      }
      if (!prepared.statement) {
        prepared.statement = std::make_unique<Statement>(database_, sql);
        prepared.places = places_of(*prepared.statement, parameters.size());
      }
      struct Guard {
        Prepared& prepared;
        ~Guard() {
          prepared.is_in_use = false;
          prepared.statement->reset();
        }
      };
      prepared.is_in_use = true;
      const Guard guard{prepared};
      bind(*prepared.statement, prepared.places, parameters);
      use(*prepared.statement);
    } catch (const SQLite::Exception& error) {
      fail(error, file_);
    }
  }

  std::string file_;
  SQLite::Database database_;
  std::map<std::string, Prepared> prepared_;
};

}  // namespace

std::unique_ptr<Connection> open_sqlite(const std::string& file, std::int64_t busy_timeout_ms,
                                        bool create) {
  return std::make_unique<SqliteConnection>(file, busy_timeout_ms, create);
}

}  // namespace adgenome::store
