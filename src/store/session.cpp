#include <adgenome/core/error.hpp>
#include <adgenome/core/module_loader.hpp>
#include <adgenome/store/migrations.hpp>
#include <adgenome/store/session.hpp>
#include <filesystem>

#include "sqlite.hpp"

namespace adgenome::store {
namespace {

using core::StoreError;

bool is_postgres(const std::string& url) {
  return url.starts_with("postgres://") || url.starts_with("postgresql://");
}

ConnectionFilter& filter() {
  static ConnectionFilter set;
  return set;
}

}  // namespace

void set_connection_filter(ConnectionFilter set) {
  filter() = std::move(set);
}

Session::Session(std::string url, std::string file, std::int64_t busy_timeout_ms,
                 std::unique_ptr<Connection> connection)
    : url_(std::move(url)),
      file_(std::move(file)),
      busy_timeout_ms_(busy_timeout_ms),
      connection_(std::move(connection)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Session Session::open(const std::string& url, std::int64_t busy_timeout_ms, Mode mode) {
  std::string file;
  std::unique_ptr<Connection> connection;
  if (is_postgres(url)) {
    const std::unique_ptr<PostgresDriver> driver(
        core::create_from_module<PostgresDriver>("postgres"));
    connection = driver->connect(url, busy_timeout_ms);
  } else {
    file = url.starts_with("sqlite:") ? url.substr(7) : url;
    const std::size_t scheme = file.find("://");
    if (scheme != std::string::npos) {
      throw StoreError("no backend for \"" + file.substr(0, scheme) + "://\"",
                       "a store is a file, sqlite:FILE, or postgres://user@host/db");
    }
    if (mode != Mode::kCreate && !std::filesystem::exists(file)) {
      throw StoreError("there is no store at " + file, "run: adgenome init --store " + file);
    }
    connection = open_sqlite(file, busy_timeout_ms, mode == Mode::kCreate);
  }
  if (filter()) connection = filter()(std::move(connection));
  Session session(url, std::move(file), busy_timeout_ms, std::move(connection));
  if (mode == Mode::kExisting) require_current(session);
  return session;
}

std::int64_t Session::execute(std::string_view sql, std::initializer_list<Value> parameters) {
  return connection_->execute(sql, {parameters.begin(), parameters.size()});
}

std::int64_t Session::execute(std::string_view sql, const std::vector<Value>& parameters) {
  return connection_->execute(sql, parameters);
}

void Session::query(std::string_view sql, std::initializer_list<Value> parameters,
                    const std::function<void(const Row&)>& visit) {
  connection_->query(sql, {parameters.begin(), parameters.size()}, visit);
}

void Session::query(std::string_view sql, const std::vector<Value>& parameters,
                    const std::function<void(const Row&)>& visit) {
  connection_->query(sql, parameters, visit);
}

Transaction::Transaction(Session& session, Kind kind) : session_(session) {
  if (kind == Kind::kSnapshot) {
    session_.connection().begin_snapshot();
  } else {
    session_.connection().begin();
  }
}

Transaction::~Transaction() {
  if (!is_open_) return;
  try {
    session_.connection().rollback();
  } catch (const core::Error& error) {
    // The connection is gone, and with it the transaction; the first error is being reported.
    static_cast<void>(error);
  }
}

void Transaction::lock(std::string_view name) {
  session_.connection().lock(name);
}

void Transaction::commit() {
  session_.connection().commit();
  is_open_ = false;
}

}  // namespace adgenome::store
