#include "postgres_copy.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <array>
#include <bit>
#include <memory>
#include <pqxx/except>
#include <type_traits>

namespace adgenome::store {
namespace {

/// A message for every row would cost either side more than the row.
constexpr std::size_t kBytesAtOnce = 60'000;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Result next_result(PGconn* connection) {
  return {PQgetResult(connection), &PQclear};
}

/// The server counts from the year 2000.
constexpr core::Day kServerEpoch = std::chrono::year{2000} / 1 / 1;

}  // namespace

PostgresCopy::PostgresCopy(PGconn* connection, const std::string& table,
                           const std::vector<std::string>& columns,
                           std::span<const std::string> types)
    : connection_(connection) {
  for (const std::string& type : types) types_.push_back(type_named(type));
  const std::string sql =
      "COPY " + table + " (" + core::join(columns, ", ") + ") FROM STDIN (FORMAT binary)";
  const Result result(PQexec(connection_, sql.c_str()), &PQclear);
  if (PQresultStatus(result.get()) != PGRES_COPY_IN) fail(result.get());
  is_open_ = true;
  bytes_.reserve(kBytesAtOnce + kBytesAtOnce / 8);
  bytes_.append("PGCOPY\n\377\r\n\0", 11);
  put(std::int32_t{0});  // flags
  put(std::int32_t{0});  // length of what else the header says
}

PostgresCopy::~PostgresCopy() {
  if (!is_open_) return;
  PQputCopyEnd(connection_, "abandoned");
  while (next_result(connection_)) {
  }
}

PostgresCopy::Type PostgresCopy::type_named(std::string_view name) {
  constexpr std::pair<std::string_view, Type> kTypes[] = {
      {"int8", Type::kInteger},     {"float8", Type::kReal}, {"bool", Type::kBoolean},
      {"timestamptz", Type::kTime}, {"date", Type::kDay},    {"text", Type::kText},
      {"jsonb", Type::kDocument},   {"bytea", Type::kBytes}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  throw core::StoreError("a column of type " + std::string(name) + " cannot be filled in bulk");
}

/// The highest byte first.
template <class T>
void PostgresCopy::put(T integer) {
  std::array<char, sizeof(T)> bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<char>(integer >> 8 * (sizeof(T) - 1 - i));
  }
  bytes_.append(bytes.data(), bytes.size());
}

template <class T>
void PostgresCopy::put_field(T integer) {
  put(static_cast<std::int32_t>(sizeof(T)));
  put(integer);
}

void PostgresCopy::put_text(Type type, std::string_view text) {
  if (type == Type::kDay) {
    const auto days = (core::parse_day(text) - kServerEpoch).count();
    put_field(static_cast<std::int32_t>(days));
    return;
  }
  // The first byte of a document is the version of its form.
  put(static_cast<std::int32_t>(text.size() + (type == Type::kDocument ? 1 : 0)));
  if (type == Type::kDocument) bytes_ += '\1';
  bytes_ += text;
}

void PostgresCopy::add(std::span<const BulkValue> row) {
  put(static_cast<std::int16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Type type = types_[i];
    const auto expect = [type](auto... fitting) {
      if (((type != fitting) && ...)) {
        throw core::StoreError("a value of another type than its column");
      }
    };
    std::visit(
        [&](const auto& held) {
          using T = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<T, std::monostate>) {
            put(std::int32_t{-1});
          } else if constexpr (std::is_same_v<T, bool>) {
            expect(Type::kBoolean);
            put_field(static_cast<std::int8_t>(held));
          } else if constexpr (std::is_same_v<T, std::int64_t>) {
            expect(Type::kInteger);
            put_field(held);
          } else if constexpr (std::is_same_v<T, double>) {
            expect(Type::kReal);
            put_field(std::bit_cast<std::int64_t>(held));
          } else if constexpr (std::is_same_v<T, core::Time>) {
            expect(Type::kTime);
            put_field(std::int64_t{(held - core::Time(kServerEpoch)).count()});
          } else if constexpr (std::is_same_v<T, BulkBytes>) {
            expect(Type::kBytes);
            put_text(type, held.bytes);
          } else {
            expect(Type::kText, Type::kDocument, Type::kDay);
            put_text(type, held);
          }
        },
        row[i]);
  }
  if (bytes_.size() >= kBytesAtOnce) send();
}

void PostgresCopy::finish() {
  put(std::int16_t{-1});
  send();
  if (PQputCopyEnd(connection_, nullptr) != 1) fail(nullptr);
  is_open_ = false;
  const Result result = next_result(connection_);
  while (next_result(connection_)) {
  }
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail(result.get());
}

void PostgresCopy::send() {
  if (PQputCopyData(connection_, bytes_.data(), static_cast<int>(bytes_.size())) != 1) {
    fail(nullptr);
  }
  bytes_.clear();
}

void PostgresCopy::fail(const PGresult* result) const {
  const char* const code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  if (code) throw pqxx::sql_error(PQresultErrorMessage(result), "COPY", code);
  throw pqxx::broken_connection(PQerrorMessage(connection_));
}

}  // namespace adgenome::store
