#include <adgenome/app/import.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::RecordView;
using store::CatalogueField;
using Kind = CatalogueField::Kind;

const store::CatalogueType& type_of(const RecordView& record) {
  const RecordView name = record.at("type");
  const std::string wanted(name.as_string());
  std::vector<std::string> known;
  for (const store::CatalogueType& type : store::catalogue_types()) {
    if (type.name == wanted) return type;
    known.emplace_back(type.name);
  }
  const auto near = core::nearest(wanted, known);
  name.fail("no type \"" + wanted + "\"" + (near ? ", did you mean " + *near + "?" : ""));
}

core::Json texts_of(const RecordView& value) {
  core::Json list = core::Json::array();
  // One text is a list of one.
  if (value.kind() == RecordView::Kind::kString) {
    list.push_back(std::string(value.as_string()));
  } else {
    value.for_each_element(
        [&](const RecordView& item) { list.push_back(std::string(item.as_string())); });
  }
  return list;
}

store::Value value_of(const RecordView& value, const CatalogueField& field) {
  switch (field.kind) {
    case Kind::kId:
      return value.as_id();
    case Kind::kText: {
      const std::string text(value.as_string());
      if (!field.choices.empty()) {
        const std::vector<std::string> allowed = core::split(field.choices, '|');
        if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
          value.fail("must be one of " + core::join(allowed, ", ") + ", not \"" + text + "\"");
        }
      }
      return text;
    }
    case Kind::kTexts:
      return store::json_value(texts_of(value));
    case Kind::kJson:
      return store::json_value(core::Json::parse(value.to_json()));
    case Kind::kInteger: {
      const std::int64_t number = value.as_int64();
      if (field.high > field.low && (number < field.low || number > field.high)) {
        value.fail("must be between " + std::to_string(field.low) + " and " +
                   std::to_string(field.high));
      }
      return number;
    }
    case Kind::kReal:
      return value.as_double();
    case Kind::kBoolean:
      return value.as_bool();
    case Kind::kTime:
      break;
  }
  try {
    return core::parse_time(value.as_string());
  } catch (const core::InvalidInput& error) {
    if (!error.where().empty()) throw;
    value.fail(error.what());
  }
}

store::Upsert import_record(store::Session& session, const RecordView& record) {
  const store::CatalogueType& type = type_of(record);
  record.for_each_member([&](std::string_view name, const RecordView& value) {
    const bool known = name == "type" || name == "schema" ||
                       std::any_of(type.fields.begin(), type.fields.end(),
                                   [&](const CatalogueField& field) { return field.name == name; });
    if (!known) value.fail("unknown field of " + std::string(type.name));
  });
  std::string brand_id;
  std::vector<std::optional<store::Value>> values;
  for (const CatalogueField& field : type.fields) {
    const auto given =
        field.is_required ? std::optional(record.at(field.name)) : record.find(field.name);
    if (!given) {
      values.emplace_back();
      continue;
    }
    values.emplace_back(value_of(*given, field));
    if (field.refers_to.empty()) continue;
    const std::string id = std::get<std::string>(*values.back());
    if (type.is_of_product && field.refers_to == "products") {
      const std::vector<std::string> brands = store::brands_of_product(session, id);
      if (brands.empty()) given->fail("no product \"" + id + "\"");
      if (brands.size() > 1) given->fail("several brands have a product \"" + id + "\"");
      brand_id = brands.front();
    } else if (!store::catalogue_has(session, field.refers_to, id)) {
      given->fail("no \"" + id + "\" in " + std::string(field.refers_to));
    }
  }
  return store::upsert_catalogue_record(session, type, brand_id, values);
}

}  // namespace

RowCounts import_catalogue(store::Session& session, core::Input input, core::Rejects& rejects,
                           bool is_dry_run) {
  RowCounts counts;
  store::Transaction transaction(session);
  core::RecordReader reader(std::move(input));
  core::read_records(reader, rejects, [&](const RecordView& record) {
    counts.count(import_record(session, record));
  });
  counts.rejected = rejects.count();
  if (!is_dry_run) transaction.commit();
  return counts;
}

}  // namespace adgenome::app
