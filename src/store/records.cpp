#include <adgenome/core/error.hpp>
#include <adgenome/core/money.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/records.hpp>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

namespace adgenome::store {
namespace {

using Kind = RecordField::Kind;
using Need = RecordField::Need;

constexpr std::int64_t kPage = 1000;

// The names of tables and columns are this program's own; only values are parameters.

bool is_scoped(const RecordType& type) {
  return type.scope != RecordScope::kShared;
}

/// Columns of the fields in their order, then `extra`.
std::string column_list(const RecordType& type) {
  std::string columns;
  for (const RecordField& field : type.fields) columns += std::string(field.column_name()) + ", ";
  return columns + "extra";
}

/// Positions of the key's fields within a brand.
std::vector<std::size_t> key_fields(const RecordType& type) {
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].need == Need::kKey && type.fields[i].name != "brand_id") keys.push_back(i);
  }
  return keys;
}

std::string placeholder(std::size_t position) {
  return "$" + std::to_string(position);
}

core::Json vector_json(const std::string& bytes) {
  core::Json list = core::Json::array();
  for (std::size_t at = 0; at + sizeof(float) <= bytes.size(); at += sizeof(float)) {
    float number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    list.push_back(core::exact_number(std::string(digits, end)));
  }
  return list;
}

core::Json value_json(const Row& row, int column, Kind kind) {
  if (row.is_null(column)) return nullptr;
  switch (kind) {
    case Kind::kTexts:
    case Kind::kJson:
    case Kind::kTags:
      return row.json(column);
    case Kind::kInteger:
      return row.integer(column);
    case Kind::kReal:
      return row.real(column);
    case Kind::kBoolean:
      return row.boolean(column);
    case Kind::kTime:
      return core::format_time(row.time(column));
    case Kind::kMoney:
      return core::money_number(row.integer(column));
    case Kind::kVector:
      return vector_json(row.bytes(column));
    case Kind::kOptionalId: {
      const std::string id = row.text(column);
      return id.empty() ? core::Json() : core::Json(id);
    }
    case Kind::kText:
    case Kind::kId:
      break;
  }
  return row.text(column);
}

bool is_same(const Row& row, int column, Kind kind, const Value& expected) {
  const bool is_nothing = std::holds_alternative<std::monostate>(expected);
  if (row.is_null(column) || is_nothing) return row.is_null(column) && is_nothing;
  switch (kind) {
    case Kind::kTexts:
    case Kind::kJson:
    case Kind::kTags: {
      const nlohmann::json now = row.json(column);
      return now == nlohmann::json::parse(std::get<std::string>(expected));
    }
    case Kind::kInteger:
    case Kind::kMoney:
      return row.integer(column) == std::get<std::int64_t>(expected);
    case Kind::kReal:
      return row.real(column) == std::get<double>(expected);
    case Kind::kBoolean:
      return row.boolean(column) == std::get<bool>(expected);
    case Kind::kTime:
      return row.time(column) == std::get<core::Time>(expected);
    case Kind::kVector:
      return row.bytes(column) == std::get<Bytes>(expected).bytes;
    case Kind::kText:
    case Kind::kId:
    case Kind::kOptionalId:
      break;
  }
  return row.text(column) == std::get<std::string>(expected);
}

bool is_unchanged(const Row& row, const RecordType& type, const RecordValues& values) {
  const std::size_t count = type.fields.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (values.fields[i] &&
        !is_same(row, static_cast<int>(i), type.fields[i].kind, *values.fields[i])) {
      return false;
    }
  }
  return !values.extra || is_same(row, static_cast<int>(count), Kind::kJson, *values.extra);
}

core::Json record_json(const Row& row, const RecordType& type) {
  core::Json record = core::Json::object();
  const std::size_t count = type.fields.size();
  for (std::size_t i = 0; i < count; ++i) {
    record[std::string(type.fields[i].name)] =
        value_json(row, static_cast<int>(i), type.fields[i].kind);
  }
  const auto extra = static_cast<int>(count);
  if (!row.is_null(extra)) {
    const core::Json members = row.json(extra);
    for (const auto& [name, value] : members.items()) record[name] = value;
  }
  return record;
}

/// Columns and their values, as a statement needs them.
struct Assignments {
  std::vector<std::string> columns;
  std::vector<Value> values;

  void add(std::string_view column, const Value& value) {
    columns.emplace_back(column);
    values.push_back(value);
  }
  /// "a = $1, b = $2" from the parameter `first` on.
  std::string joined(std::string_view separator, std::size_t first) const {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += (i > 0 ? std::string(separator) : "") + columns[i] + " = " + placeholder(first + i);
    }
    return text;
  }
};

void insert(Session& session, const std::string& table, const Assignments& row) {
  std::string places;
  for (std::size_t i = 1; i <= row.values.size(); ++i) {
    places += (i > 1 ? ", " : "") + placeholder(i);
  }
  session.execute(
      "INSERT INTO " + table + " (" + core::join(row.columns, ", ") + ") VALUES (" + places + ")",
      row.values);
}

void update(Session& session, const std::string& table, const Assignments& key,
            const Assignments& changes) {
  std::vector<Value> parameters = key.values;
  parameters.insert(parameters.end(), changes.values.begin(), changes.values.end());
  session.execute("UPDATE " + table + " SET " + changes.joined(", ", key.values.size() + 1) +
                      " WHERE " + key.joined(" AND ", 1),
                  parameters);
}

/// The condition that names the rows of a brand, with its parameter.
struct Scope {
  std::string condition = "TRUE";
  std::vector<Value> parameters;
};

Scope scope_of(const RecordType& type, const std::string& brand_id) {
  if (is_scoped(type)) return {.condition = "brand_id = $1", .parameters = {brand_id}};
  if (brand_id.empty() || type.of_brand.empty()) return {};
  return {.condition = std::string(type.of_brand), .parameters = {brand_id}};
}

/// Pages by key, so that a table of any size takes the memory of one page. Gives the key of the
/// last row of a page, empty where there was none.
std::vector<Value> visit_page(Session& session, const RecordType& type, Scope scope,
                              const std::vector<Value>& after, std::int64_t limit,
                              const std::function<void(core::Json)>& visit) {
  const std::vector<std::size_t> keys = key_fields(type);
  std::string columns;
  for (const std::size_t key : keys) {
    columns += (columns.empty() ? "" : ", ") + std::string(type.fields[key].column_name());
  }
  if (!after.empty()) {
    std::string places;
    for (const Value& value : after) {
      scope.parameters.push_back(value);
      places += (places.empty() ? "" : ", ") + placeholder(scope.parameters.size());
    }
    scope.condition += " AND (" + columns + ") > (" + places + ")";
  }
  scope.parameters.push_back(limit);
  std::vector<Value> last;
  session.query("SELECT " + column_list(type) + " FROM " + std::string(type.table) + " WHERE " +
                    scope.condition + " ORDER BY " + columns + " LIMIT " +
                    placeholder(scope.parameters.size()),
                scope.parameters, [&](const Row& row) {
                  last.clear();
                  for (const std::size_t key : keys) {
                    const auto column = static_cast<int>(key);
                    const bool is_time = type.fields[key].kind == Kind::kTime;
                    last.push_back(is_time ? Value(row.time(column)) : Value(row.text(column)));
                  }
                  visit(record_json(row, type));
                });
  return last;
}

}  // namespace

Value initial_value(const RecordField& field) {
  if (field.kind == Kind::kOptionalId) return std::string();
  if (field.initial.empty()) return {};
  if (field.kind == Kind::kBoolean) return field.initial == "true";
  return std::string(field.initial);
}

Upsert upsert_record(Session& session, const RecordType& type, const std::string& brand_id,
                     const RecordValues& values, const OnInsert& on_insert) {
  const std::string table(type.table);
  Assignments key;
  if (is_scoped(type)) key.add("brand_id", brand_id);
  for (const std::size_t i : key_fields(type)) {
    key.add(type.fields[i].column_name(), *values.fields[i]);
  }

  bool is_there = false;
  bool unchanged = false;
  session.query(
      "SELECT " + column_list(type) + " FROM " + table + " WHERE " + key.joined(" AND ", 1),
      key.values, [&](const Row& row) {
        is_there = true;
        unchanged = is_unchanged(row, type, values);
      });
  if (unchanged) return Upsert::kUnchanged;

  Assignments others;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const RecordField& field = type.fields[i];
    const auto& value = values.fields[i];
    if (field.need == Need::kKey || (is_there && !value)) continue;
    others.add(field.column_name(), value ? *value : initial_value(field));
  }
  if (values.extra) others.add("extra", *values.extra);
  if (is_there) {
    update(session, table, key, others);
    return Upsert::kChanged;
  }
  for (const auto& [column, value] : on_insert) others.add(column, value);
  for (std::size_t i = 0; i < others.columns.size(); ++i) {
    key.add(others.columns[i], others.values[i]);
  }
  insert(session, table, key);
  return Upsert::kNew;
}

void visit_records(Session& session, const RecordType& type, const std::string& brand_id,
                   const std::function<void(core::Json)>& visit) {
  std::vector<Value> after;
  std::int64_t seen = 0;
  do {
    seen = 0;
    after =
        visit_page(session, type, scope_of(type, brand_id), after, kPage, [&](core::Json record) {
          ++seen;
          visit(std::move(record));
        });
  } while (seen == kPage);
}

void visit_record_page(Session& session, const RecordType& type, const std::string& brand_id,
                       const std::string& after, std::int64_t limit,
                       const std::function<void(core::Json)>& visit) {
  std::vector<Value> key;
  if (!after.empty()) key.emplace_back(after);
  visit_page(session, type, scope_of(type, brand_id), key, limit, visit);
}

std::optional<core::Json> find_record(Session& session, const RecordType& type,
                                      const std::string& brand_id, const std::string& id) {
  Scope scope = scope_of(type, brand_id);
  scope.parameters.emplace_back(id);
  std::optional<core::Json> found;
  session.query("SELECT " + column_list(type) + " FROM " + std::string(type.table) + " WHERE " +
                    scope.condition + " AND " +
                    std::string(type.fields[key_fields(type).front()].column_name()) + " = " +
                    placeholder(scope.parameters.size()),
                scope.parameters, [&](const Row& row) { found = record_json(row, type); });
  return found;
}

std::int64_t count_records(Session& session, const RecordType& type, const std::string& brand_id) {
  const Scope scope = scope_of(type, brand_id);
  std::int64_t count = 0;
  session.query("SELECT COUNT(*) FROM " + std::string(type.table) + " WHERE " + scope.condition,
                scope.parameters, [&](const Row& row) { count = row.integer(0); });
  return count;
}

bool has_record(Session& session, std::string_view table, const std::string& brand_id,
                const std::string& id) {
  const bool is_shared = table == "organizations" || table == "brands" || table == "templates";
  std::vector<Value> parameters{id};
  if (!is_shared) parameters.emplace_back(brand_id);
  bool found = false;
  session.query("SELECT 1 FROM " + std::string(table) + " WHERE id = $1" +
                    (is_shared ? "" : " AND brand_id = $2"),
                parameters, [&](const Row&) { found = true; });
  return found;
}

std::vector<std::string> brands_of_product(Session& session, const std::string& product_id) {
  // Brand by brand: a statement over products names the brand whose shard holds them.
  std::vector<std::string> brands;
  session.query("SELECT id FROM brands ORDER BY id", {},
                [&](const Row& row) { brands.push_back(row.text(0)); });
  std::erase_if(brands, [&](const std::string& brand) {
    return !has_record(session, "products", brand, product_id);
  });
  return brands;
}

}  // namespace adgenome::store
