#pragma once

#include <adgenome/store/connection.hpp>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace adgenome::store {

/// An open store: what repositories run their statements on.
///
/// `url` is a file name, `sqlite:FILE`, or `postgres://...`. Statements and transactions are
/// synchronous; a Session is used by one thread.
class Session {
 public:
  enum class Mode {
    kExisting,   ///< the store must be there and its schema must be that of this program
    kAnySchema,  ///< the store must be there
    kCreate,     ///< an SQLite file that is not there is made
  };

  static Session open(const std::string& url, std::int64_t busy_timeout_ms,
                      Mode mode = Mode::kExisting);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  Backend backend() const { return connection_->backend(); }
  const std::string& url() const { return url_; }
  /// The SQLite file; empty for PostgreSQL.
  const std::string& file() const { return file_; }
  /// How long it waits for others, in milliseconds.
  std::int64_t busy_timeout_ms() const { return busy_timeout_ms_; }

  std::int64_t execute(std::string_view sql, std::initializer_list<Value> parameters = {});
  std::int64_t execute(std::string_view sql, const std::vector<Value>& parameters);
  void query(std::string_view sql, std::initializer_list<Value> parameters,
             const std::function<void(const Row&)>& visit);
  void query(std::string_view sql, const std::vector<Value>& parameters,
             const std::function<void(const Row&)>& visit);

  Connection& connection() { return *connection_; }

 private:
  Session(std::string url, std::string file, std::int64_t busy_timeout_ms,
          std::unique_ptr<Connection> connection);
  std::string url_;
  std::string file_;
  std::int64_t busy_timeout_ms_;
  std::unique_ptr<Connection> connection_;
};

/// What every connection passes through when a session opens. Nothing sets it but tests, which
/// watch the statements or let them fail.
using ConnectionFilter = std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>)>;
void set_connection_filter(ConnectionFilter filter);

/// A transaction that is rolled back unless committed.
class Transaction {
 public:
  enum class Kind {
    kWrite,
    kSnapshot,  ///< only reads, and sees one moment of the store
  };
  explicit Transaction(Session& session, Kind kind = Kind::kWrite);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  /// Only one transaction at a time holds a name ("learn-weights/BRAND").
  void lock(std::string_view name);
  void commit();

 private:
  Session& session_;
  bool is_open_ = true;
};

}  // namespace adgenome::store
