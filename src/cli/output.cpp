#include "output.hpp"

#include <adgenome/core/csv.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::cli {
namespace {

using core::Json;

/// A value as the text of one cell.
std::string cell_text(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return core::dump(value);
}

/// The member of an item under a dotted name, or null.
const Json& member(const Json& item, const std::string& dotted) {
  static const Json kNull;
  const Json* at = &item;
  for (const std::string& part : core::split(dotted, '.')) {
    if (!at->is_object()) return kNull;
    const auto found = at->find(part);
    if (found == at->end()) return kNull;
    at = &*found;
  }
  return *at;
}

const Json& resolved(const Json& node, const Json& root) {
  const auto reference = node.find("$ref");
  if (reference == node.end()) return node;
  return root.at(Json::json_pointer(reference->get<std::string>().substr(1)));
}

void collect_schema_columns(const Json& node, const Json& root, const std::string& prefix,
                            std::vector<std::string>& columns) {
  const Json& object = resolved(node, root);
  const auto properties = object.find("properties");
  if (properties == object.end()) {
    if (!prefix.empty()) columns.push_back(prefix);
    return;
  }
  for (const auto& [name, property] : properties->items()) {
    collect_schema_columns(property, root, prefix.empty() ? name : prefix + "." + name, columns);
  }
}

std::vector<std::string> csv_columns(const Output& output, const Json& schema) {
  std::vector<std::string> columns;
  if (schema.is_object()) {
    const auto list = schema.value("properties", Json::object()).find(output.list);
    if (schema.contains("properties") && schema["properties"].contains(output.list)) {
      const Json& items = resolved(schema["properties"][output.list], schema);
      if (items.contains("items")) collect_schema_columns(items["items"], schema, "", columns);
    }
  }
  // Where the contract leaves the items open, the command says which members they have.
  return columns.empty() ? output.columns : columns;
}

template <class CellOf>
std::string csv_row(const std::vector<std::string>& columns, CellOf cell_of) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ',';
    text += core::csv_cell(cell_of(columns[i]));
  }
  return text + '\n';
}

std::string list_of_items(const Output& output, Format format, const Json& schema) {
  const ItemWriter writer(output, format, schema);
  std::string text = writer.head();
  for (const Json& item : output.document.at(output.list)) text += writer.line(item);
  return text;
}

/// Columns that a terminal has room for: the scalar members of the items.
std::vector<std::string> table_columns(const Output& output) {
  if (!output.columns.empty()) return output.columns;
  std::vector<std::string> columns;
  for (const Json& item : output.document.at(output.list)) {
    if (!item.is_object()) continue;
    for (const auto& [name, value] : item.items()) {
      if (value.is_structured()) continue;
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    }
  }
  return columns;
}

/// Characters of UTF-8 text: what counts for the width of a column.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Doubles are shown with six significant digits; the full ones are in the other formats.
std::string table_text(const Json& value) {
  if (value.is_null()) return "-";
  if (!value.is_number_float()) return cell_text(value);
  char out[32];
  std::snprintf(out, sizeof out, "%.6g", value.get<double>());
  return out;
}

std::string table(const Output& output) {
  std::string text;
  std::size_t label_width = 0;
  const auto is_shown = [&](const std::string& name, const Json& value) {
    return name != output.list && name != "schema" && !value.is_structured() && !value.is_null();
  };
  for (const auto& [name, value] : output.document.items()) {
    if (is_shown(name, value)) label_width = std::max(label_width, name.size());
  }
  for (const auto& [name, value] : output.document.items()) {
    if (is_shown(name, value)) {
      text += name + std::string(label_width - name.size() + 2, ' ') + table_text(value) + '\n';
    }
    if (name == "warnings" && value.is_array()) {
      for (const Json& warning : value) text += "warning: " + cell_text(warning) + '\n';
    }
  }
  if (output.list.empty()) return text;
  const std::vector<std::string> columns = table_columns(output);
  if (columns.empty()) return text;
  if (!text.empty()) text += '\n';

  std::vector<std::vector<std::string>> rows{columns};
  std::vector<bool> is_number(columns.size(), true);
  for (const Json& item : output.document.at(output.list)) {
    std::vector<std::string>& row = rows.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Json& value = member(item, columns[i]);
      is_number[i] = is_number[i] && (value.is_number() || value.is_null() || value.is_binary());
      row.push_back(table_text(value));
    }
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string fill(widths[i] - width_of(row[i]), ' ');
      if (i > 0) text += "  ";
      text += is_number[i] ? fill + row[i] : (i + 1 == row.size() ? row[i] : row[i] + fill);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

ItemWriter::ItemWriter(const Output& output, Format format, const Json& schema)
    : is_csv_(format == Format::kCsv) {
  if (is_csv_) columns_ = csv_columns(output, schema);
}

std::string ItemWriter::head() const {
  return is_csv_ ? csv_row(columns_, [](const std::string& column) { return column; }) : "";
}

std::string ItemWriter::line(const Json& item) const {
  if (!is_csv_) return core::dump(item) + '\n';
  return csv_row(columns_,
                 [&](const std::string& column) { return cell_text(member(item, column)); });
}

std::string render(const Output& output, Format format, const Json& schema) {
  if (output.document.is_null()) return output.text;
  switch (format) {
    case Format::kJson:
      return core::dump(output.document, 2) + '\n';
    case Format::kTable:
      return table(output);
    case Format::kJsonl:
    case Format::kCsv:
      break;
  }
  if (output.list.empty()) {
    // Without a main list the document itself is the only record.
    Output single{.document = {{"items", Json::array({output.document})}}, .list = "items"};
    if (format == Format::kJsonl) return core::dump(output.document) + '\n';
    std::vector<std::string> columns;
    collect_schema_columns(schema, schema, "", columns);
    const Json one = {{"properties", {{"items", {{"items", schema}}}}}};
    return list_of_items(single, Format::kCsv, one);
  }
  return list_of_items(output, format, schema);
}

}  // namespace adgenome::cli
