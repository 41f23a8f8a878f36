#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/copy.hpp>
#include <adgenome/store/migrations.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "sqlite.hpp"

namespace adgenome::store {
namespace {

constexpr std::int64_t kPage = 2000;

/// A value of a row: what is stored, and the text that stands for it in sums.
struct Cell {
  Value value;
  std::string text;
};

Cell cell_of(const Row& row, int column, const std::string& type) {
  if (row.is_null(column)) return {};
  if (type == "BIGINT") {
    const std::int64_t number = row.integer(column);
    return {number, std::to_string(number)};
  }
  if (type == "DOUBLE PRECISION") {
    const double number = row.real(column) + 0.0;  // SQLite keeps no sign of zero
    return {number, core::format_double(number)};
  }
  if (type == "BOOLEAN") {
    const bool truth = row.boolean(column);
    return {truth, truth ? "true" : "false"};
  }
  if (type == "TIMESTAMP") {
    const core::Time time = row.time(column);
    return {time, core::format_time(time)};
  }
  if (type == "JSON") {
    const core::Json document = row.json(column);
    return {json_value(document), core::dump(document)};
  }
  if (type == "BYTES") {
    std::string bytes = row.bytes(column);
    return {Bytes{bytes}, bytes};
  }
  std::string text = row.text(column);
  return {text, text};
}

/// Rows as a sum takes them: each cell with its length in front, so that no two rows look alike.
class Summer {
 public:
  void add(const std::vector<Cell>& row) {
    text_.clear();
    for (const Cell& cell : row) {
      if (std::holds_alternative<std::monostate>(cell.value)) {
        text_ += '-';
      } else {
        text_ += std::to_string(cell.text.size()) + ':' + cell.text;
      }
    }
    text_ += '\n';
    hash_.add(text_);
    ++rows_;
  }

  TableSum sum(const std::string& table) {
    return {.table = table, .rows = rows_, .sha256 = hash_.hex()};
  }

 private:
  std::string text_;
  core::Sha256 hash_;
  std::int64_t rows_ = 0;
};

std::string placeholders(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += (i > 1 ? ", $" : "$") + std::to_string(i);
  return text;
}

/// Visits every row in order of its key, page by page, so that memory does not grow with the table.
void visit_rows(Session& session, const TableShape& table,
                const std::function<void(const std::vector<Cell>&)>& visit) {
  std::vector<std::string> names;
  for (const TableShape::Column& column : table.columns) names.push_back(column.name);
  std::vector<std::string> key_names;
  for (const std::size_t key : table.key) key_names.push_back(names[key]);
  const std::string keys = core::join(key_names, ", ");
  const std::string head = "SELECT " + core::join(names, ", ") + " FROM " + table.name;
  const std::string tail = " ORDER BY " + keys + " LIMIT " + std::to_string(kPage);

  std::vector<Value> after;
  std::vector<Cell> row_cells(table.columns.size());
  std::int64_t seen = 0;
  do {
    seen = 0;
    const std::string behind =
        after.empty() ? "" : " WHERE (" + keys + ") > (" + placeholders(after.size()) + ")";
    const std::vector<Value> parameters = std::move(after);
    session.query(head + behind + tail, parameters, [&](const Row& row) {
      for (std::size_t i = 0; i < row_cells.size(); ++i) {
        row_cells[i] = cell_of(row, static_cast<int>(i), table.columns[i].type);
      }
      ++seen;
      visit(row_cells);
    });
    after.clear();
    if (seen == kPage) {
      for (const std::size_t key : table.key) after.push_back(row_cells[key].value);
    }
  } while (seen == kPage);
}

BulkValue bulk_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> BulkValue {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return std::string_view(held);
        } else if constexpr (std::is_same_v<T, Bytes>) {
          return BulkBytes{held.bytes};
        } else {
          return held;
        }
      },
      value);
}

}  // namespace

std::vector<TableShape> schema_tables() {
  // SQLite keeps the words that a schema gives as types: made in the common dialect, the schema
  // itself says what every column holds, whatever the migrations did to get there.
  const std::unique_ptr<Connection> scratch = open_sqlite(":memory:", 0, true);
  for (const Migration& migration : migrations()) {
    for (const std::string& statement : common_statements_of(migration)) scratch->run(statement);
  }
  std::map<std::string, TableShape> shapes;
  std::map<std::string, std::set<std::string>> parents;
  for (const std::string& name : scratch->tables()) {
    TableShape& shape = shapes[name];
    shape.name = name;
    std::map<std::int64_t, std::size_t> key;
    scratch->query("SELECT name, type, pk FROM pragma_table_info('" + name + "') ORDER BY cid", {},
                   [&](const Row& row) {
                     if (row.integer(2) > 0) key[row.integer(2)] = shape.columns.size();
                     shape.columns.push_back({.name = row.text(0), .type = row.text(1)});
                   });
    for (const auto& [position, column] : key) shape.key.push_back(column);
    scratch->query("SELECT \"table\" FROM pragma_foreign_key_list('" + name + "')", {},
                   [&](const Row& row) { parents[name].insert(row.text(0)); });
  }
  std::vector<TableShape> ordered;
  std::set<std::string> placed;
  const std::function<void(const std::string&)> place = [&](const std::string& name) {
    if (!placed.insert(name).second) return;
    for (const std::string& parent : parents[name]) place(parent);
    ordered.push_back(shapes.at(name));
  };
  for (const auto& [name, shape] : shapes) place(name);
  return ordered;
}

TableSum sum_table(Session& session, const TableShape& table) {
  Summer summer;
  visit_rows(session, table, [&](const std::vector<Cell>& row) { summer.add(row); });
  return summer.sum(table.name);
}

std::string first_filled_table(Session& session) {
  for (const TableShape& table : schema_tables()) {
    bool is_filled = false;
    session.query("SELECT 1 FROM " + table.name + " LIMIT 1", {},
                  [&](const Row&) { is_filled = true; });
    if (is_filled) return table.name;
  }
  return "";
}

TableSum copy_table(Session& from, Session& to, const TableShape& table,
                    const std::function<void(std::int64_t)>& on_rows) {
  std::vector<std::string> names;
  for (const TableShape::Column& column : table.columns) names.push_back(column.name);
  const std::unique_ptr<BulkInsert> rows = to.connection().bulk_insert(table.name, names);
  Summer summer;
  std::vector<BulkValue> values(table.columns.size());
  visit_rows(from, table, [&](const std::vector<Cell>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) values[i] = bulk_value(row[i].value);
    rows->add(values);
    summer.add(row);
    on_rows(1);
  });
  rows->finish();
  return summer.sum(table.name);
}

}  // namespace adgenome::store
