#pragma once

#include <libpq-fe.h>

#include <adgenome/store/connection.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::store {

/// COPY in the server's binary form, which it takes in three quarters of the time of text. Failures
/// are those of libpqxx.
class PostgresCopy {
 public:
  /// `types` are the server's names of the types of the columns.
  PostgresCopy(PGconn* connection, const std::string& table,
               const std::vector<std::string>& columns, std::span<const std::string> types);
  /// Rows of a copy that was not finished are lost.
  ~PostgresCopy();
  PostgresCopy(const PostgresCopy&) = delete;
  PostgresCopy& operator=(const PostgresCopy&) = delete;

  void add(std::span<const BulkValue> row);
  void finish();

 private:
  enum class Type { kInteger, kReal, kBoolean, kTime, kDay, kText, kDocument, kBytes };

  static Type type_named(std::string_view name);
  template <class T>
  void put(T integer);
  template <class T>
  void put_field(T integer);
  void put_text(Type type, std::string_view text);
  void send();
  [[noreturn]] void fail(const PGresult* result) const;

  PGconn* connection_;
  std::vector<Type> types_;
  std::string bytes_;  ///< that are yet to be sent
  bool is_open_ = false;
};

}  // namespace adgenome::store
