// The PostgreSQL driver: a module of its own, so that only those who use it load libpqxx.
#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/connection.hpp>
#include <algorithm>
#include <map>
#include <pqxx/pqxx>

#include "postgres_copy.hpp"

namespace adgenome::store {
namespace {

using core::StoreError;

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\\x";
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1]));
  }
  return bytes;
}

/// A parameter in the server's text form; the server knows the type from the statement.
std::optional<std::string> parameter_text(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::optional<std::string> {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return std::nullopt;
        } else if constexpr (std::is_same_v<T, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<T, double>) {
          return core::format_double(held);
        } else if constexpr (std::is_same_v<T, core::Time>) {
          return core::format_time(held);
        } else if constexpr (std::is_same_v<T, Bytes>) {
          return hex(held.bytes);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return held;
        } else {
          return std::to_string(held);
        }
      },
      value);
}

// libpqxx 6 has no COPY in binary form and keeps the connection of libpq to itself. An explicit
// instantiation may name a private member ([temp.spec]).
PGconn* raw(const pqxx::connection_base& connection);
template <PGconn* pqxx::connection_base::*kRaw>
struct RawConnection {
  friend PGconn* raw(const pqxx::connection_base& connection) { return connection.*kRaw; }
};
template struct RawConnection<&pqxx::connection_base::m_conn>;

class PostgresRow : public Row {
 public:
  explicit PostgresRow(const pqxx::row& row) : row_(row) {}
  bool is_null(int column) const override { return row_[column].is_null(); }
  std::int64_t integer(int column) const override {
    return number(core::to_int64(text(column)), column);
  }
  double real(int column) const override { return number(core::to_double(text(column)), column); }
  std::string text(int column) const override { return row_[column].c_str(); }
  bool boolean(int column) const override { return text(column) == "t"; }
  std::string bytes(int column) const override { return from_hex(text(column)); }

 private:
  template <class T>
  T number(const std::optional<T>& value, int column) const {
    if (!value) throw StoreError("not a number in the store: \"" + text(column) + "\"");
    return *value;
  }
  const pqxx::row& row_;
};

class PostgresConnection : public Connection {
 public:
  PostgresConnection(const std::string& url, std::int64_t busy_timeout_ms) try
      : connection_(url), work_(connection_) {
    work_.exec("SET client_min_messages TO warning");
    work_.exec("SET TimeZone TO 'UTC'");
    work_.exec("SET DateStyle TO 'ISO, YMD'");
    work_.exec("SET lock_timeout TO " + std::to_string(busy_timeout_ms));
  } catch (const std::exception& error) {
    throw StoreError("cannot reach PostgreSQL: " + first_line(error.what()),
                     "is the server running, and are host, user and database right?");
  }

  Backend backend() const override { return Backend::kPostgres; }

  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    return static_cast<std::int64_t>(result_of(sql, parameters).affected_rows());
  }

  void query(std::string_view sql, std::span<const Value> parameters,
             const std::function<void(const Row&)>& visit) override {
    const pqxx::result result = result_of(sql, parameters);
    for (const pqxx::row& row : result) visit(PostgresRow(row));
  }

  std::unique_ptr<BulkInsert> bulk_insert(const std::string& table,
                                          const std::vector<std::string>& columns) override {
    return std::make_unique<Copy>(*this, table, columns);
  }

  void run(std::string_view sql) override {
    guarded([&] { work_.exec(std::string(sql)); });
  }

  void begin() override {
    run("BEGIN");
    is_open_ = true;
  }
  void begin_snapshot() override {
    run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    is_open_ = true;
  }
  void commit() override {
    // A transaction that has failed would be rolled back in silence: it must not look committed.
    is_open_ = false;
    pqxx::result result;
    guarded([&] { result = work_.exec("COMMIT"); });
    if (std::string_view(result.query()) == "COMMIT" && has_failed_) {
      has_failed_ = false;
      throw StoreError("the transaction had failed and was rolled back");
    }
  }
  void rollback() override {
    if (!is_open_) return;
    is_open_ = false;
    has_failed_ = false;
    run("ROLLBACK");
  }
  void lock(std::string_view name) override {
    const Value key = std::string(name);
    query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text", {&key, 1},
          [](const Row&) {});
  }
  std::string_view for_update_skip_locked() const override { return " FOR UPDATE SKIP LOCKED"; }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1", {},
          [&](const Row& row) { names.push_back(row.text(0)); });
    return names;
  }

  std::vector<std::string> schema_objects() override {
    std::vector<std::string> objects;
    const auto collect = [&](const Row& row) { objects.push_back(row.text(0)); };
    query(
        "SELECT 'table ' || r.relname || ': column ' || a.attname || ' ' || "
        "format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' "
        "END "
        "|| coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || "
        "coalesce(' collate ' || nullif(l.collname, 'default'), '') "
        "FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p') "
        "JOIN pg_namespace n ON n.oid = r.relnamespace "
        "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "LEFT JOIN pg_collation l ON l.oid = a.attcollation "
        "WHERE n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped",
        {}, collect);
    query(
        "SELECT 'table ' || r.relname || ': constraint ' || c.conname || ' ' || "
        "replace(pg_get_constraintdef(c.oid), current_schema() || '.', '') "
        "FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
        "JOIN pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname = current_schema()",
        {}, collect);
    query(
        "SELECT 'index ' || i.relname || ': ' || "
        "replace(pg_get_indexdef(x.indexrelid), current_schema() || '.', '') || "
        "CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END "
        "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = current_schema()",
        {}, collect);
    query(
        "SELECT 'trigger ' || t.tgname || ': ' || "
        "replace(pg_get_triggerdef(t.oid), current_schema() || '.', '') "
        "FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = r.relnamespace "
        "WHERE n.nspname = current_schema() AND NOT t.tgisinternal",
        {}, collect);
    query(
        "SELECT 'view ' || viewname || ': ' || replace(definition, current_schema() || '.', '') "
        "FROM pg_views WHERE schemaname = current_schema()",
        {}, collect);
    std::sort(objects.begin(), objects.end());
    return objects;
  }

  std::vector<std::string> objects_made_by(std::span<const std::string> statements) override {
    // A schema of its own inside a transaction that is rolled back.
    begin();
    std::vector<std::string> objects;
    try {
      run("CREATE SCHEMA adgenome_expected");
      run("SET LOCAL search_path TO adgenome_expected");
      for (const std::string& statement : statements) run(statement);
      objects = schema_objects();
    } catch (...) {
      rollback();
      throw;
    }
    rollback();
    return objects;
  }

 private:
  class Copy : public BulkInsert {
   public:
    Copy(PostgresConnection& connection, const std::string& table,
         const std::vector<std::string>& columns)
        : connection_(connection) {
      const std::vector<std::string> types = connection_.types_of(table, columns);
      connection_.guarded(
          [&] { copy_.emplace(raw(connection_.connection_), table, columns, types); });
    }

    void add(std::span<const BulkValue> row) override {
      connection_.guarded([&] { copy_->add(row); });
    }

    void finish() override {
      connection_.guarded([&] { copy_->finish(); });
    }

   private:
    PostgresConnection& connection_;
    std::optional<PostgresCopy> copy_;
  };

  std::vector<std::string> types_of(const std::string& table,
                                    const std::vector<std::string>& columns) {
    std::map<std::string, std::string> types;
    const Value name = table;
    query(
        "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
        "WHERE a.attrelid = CAST($1 AS regclass) AND a.attnum > 0",
        {&name, 1}, [&](const Row& row) { types[row.text(0)] = row.text(1); });
    std::vector<std::string> list;
    for (const std::string& column : columns) list.push_back(types[column]);
    return list;
  }

  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  [[noreturn]] static void fail_lost(const std::exception& error) {
    throw StoreError("the connection to PostgreSQL was lost: " + first_line(error.what()));
  }

  template <class Use>
  void guarded(Use use) {
    try {
      use();
    } catch (const pqxx::broken_connection& error) {
      fail_lost(error);
    } catch (const pqxx::sql_error& error) {
      // A server that ends while it works is not always a broken connection to libpqxx; what the
      // server itself refuses has a code.
      if (!connection_.is_open() || error.sqlstate().empty()) fail_lost(error);
      has_failed_ = is_open_;
      const std::string message = first_line(error.what());
      if (error.sqlstate() == "55P03") {
        throw StoreError("the store is locked by another process",
                         "run it again, or wait longer with --busy-timeout");
      }
      if (error.sqlstate().starts_with("23")) {  // integrity constraint violation
        throw StoreError(
            "the store refused a record that is there already or does not fit the others",
            "was the same made before with this --seed and --now?");
      }
      throw StoreError(message);
    } catch (const pqxx::failure& error) {
      if (!connection_.is_open()) fail_lost(error);
      throw StoreError(first_line(error.what()));
    }
  }

  pqxx::result result_of(std::string_view sql, std::span<const Value> parameters) {
    pqxx::result result;
    guarded([&] {
      std::string& name = prepared_[std::string(sql)];
      if (name.empty()) {
        const std::string fresh = "s" + std::to_string(prepared_.size());
        connection_.prepare(fresh, std::string(sql));
        name = fresh;
      }
      std::vector<std::optional<std::string>> texts;
      texts.reserve(parameters.size());
      for (const Value& parameter : parameters) texts.push_back(parameter_text(parameter));
      std::vector<const char*> pointers;
      pointers.reserve(texts.size());
      for (const auto& text : texts) pointers.push_back(text ? text->c_str() : nullptr);
      result = work_.exec_prepared(name, pqxx::prepare::make_dynamic_params(pointers));
    });
    return result;
  }

  pqxx::connection connection_;
  pqxx::nontransaction work_;  // transactions are opened by statement
  bool is_open_ = false;
  bool has_failed_ = false;
  std::map<std::string, std::string> prepared_;
};

class Driver : public PostgresDriver {
 public:
  std::unique_ptr<Connection> connect(const std::string& url,
                                      std::int64_t busy_timeout_ms) override {
    return std::make_unique<PostgresConnection>(url, busy_timeout_ms);
  }
};

}  // namespace
}  // namespace adgenome::store

extern "C" adgenome::store::PostgresDriver* adgenome_module_postgres() {
  return new adgenome::store::Driver;
}
