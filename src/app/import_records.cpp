#include <adgenome/app/records.hpp>
#include <adgenome/app/row_counts.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/store/catalogue.hpp>
#include <algorithm>
#include <map>

#include "import_note.hpp"
#include "record_rules.hpp"
#include "record_values.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using core::RecordView;
using store::RecordScope;
using store::RecordType;

/// The only type of a kind; null for the catalogue, whose records name theirs.
const RecordType* type_of_kind(std::string_view kind) {
  if (kind == "ads") return &store::ad_type();
  if (kind == "mapping") return &store::mapping_type();
  if (kind == "deals") return &store::deal_event_type();
  if (kind == "clicks") return &store::click_type();
  if (kind == "overrides") return &store::override_type();
  if (kind == "embeddings") return &store::embedding_type();
  return nullptr;
}

const RecordType& catalogue_type_of(const RecordView& record) {
  const RecordView name = record.at("type");
  const std::string wanted(name.as_string());
  if (const RecordType* type = store::find_catalogue_type(wanted)) return *type;
  std::vector<std::string> known;
  for (const RecordType& type : store::catalogue_types()) known.emplace_back(type.name);
  const auto near = core::nearest(wanted, known);
  name.fail("no type \"" + wanted + "\"" + (near ? ", did you mean " + *near + "?" : ""));
}

class Importer {
 public:
  Importer(store::Session& session, const RecordImport& request)
      : session_(session),
        request_(request),
        type_(type_of_kind(request.kind)),
        rules_(session, request) {}

  /// What a whole input comes to; the counts are in `counts`.
  Json take_all(core::Input input, core::Rejects& rejects, RowCounts& counts) {
    core::RecordReader reader(std::move(input));
    core::read_records(reader, rejects, [&](const RecordView& record) { take(record); });
    counts_.rejected = rejects.count();
    counts = counts_;
    Json document = {{"kind", request_.kind}, {"source", "generic"}};
    add_counts(document, counts_);
    document["warnings"] = rules_.warnings();
    return document;
  }

 private:
  void take(const RecordView& record) {
    ReadRecord read(record, type_ ? named_type(record) : catalogue_type_of(record), request_.extra);
    const std::string brand_id = brand_of(read);
    const store::Upsert outcome = rules_.put(read, brand_id);
    if (read.type().name == "product") brand_of_product_.clear();
    counts_.count(outcome);
  }

  const RecordType& named_type(const RecordView& record) const {
    const auto name = record.find("type");
    if (name && name->as_string() != type_->name) {
      name->fail("expected a record of type " + std::string(type_->name));
    }
    return *type_;
  }

  std::string brand_of(const ReadRecord& read) {
    switch (read.type().scope) {
      case RecordScope::kShared:
        return "";
      case RecordScope::kGiven:
        return *request_.brand_id;
      case RecordScope::kNamed: {
        const std::string id = *read.text("brand_id");
        if (!store::has_record(session_, "brands", "", id)) {
          read.fail("brand_id", "no \"" + id + "\" in brands");
        }
        return id;
      }
      case RecordScope::kOfProduct:
        break;
    }
    const std::string product = *read.text("product_id");
    const auto known = brand_of_product_.find(product);
    if (known != brand_of_product_.end()) return known->second;
    const std::vector<std::string> brands = store::brands_of_product(session_, product);
    if (brands.empty()) read.fail("product_id", "no product \"" + product + "\"");
    if (brands.size() == 1) {
      brand_of_product_[product] = brands.front();
      return brands.front();
    }
    if (request_.brand_id && store::has_record(session_, "products", *request_.brand_id, product)) {
      return *request_.brand_id;
    }
    read.fail("product_id",
              "several brands have a product \"" + product + "\": name one with --brand");
  }

  store::Session& session_;
  const RecordImport& request_;
  const RecordType* type_;
  RecordRules rules_;
  RowCounts counts_;
  std::map<std::string, std::string> brand_of_product_;
};

}  // namespace

Json import_within(store::Session& session, core::Input input, core::Rejects& rejects,
                   const RecordImport& request) {
  RowCounts counts;
  return Importer(session, request).take_all(std::move(input), rejects, counts);
}

Json import_records(store::Session& session, core::Input input, core::Rejects& rejects,
                    const RecordImport& request) {
  ImportNote note(request.kind);
  store::Transaction transaction(session);
  RowCounts counts;
  Json summary = Importer(session, request).take_all(note.watch(std::move(input)), rejects, counts);
  note.write(session, request.brand_id.value_or(""), counts, request.now);
  if (!request.is_dry_run) transaction.commit();
  return summary;
}

void export_records(store::Session& session, const std::string& kind,
                    const std::optional<std::string>& brand_id,
                    const std::function<void(Json)>& visit) {
  std::vector<std::string> brands;
  if (brand_id) {
    brands.push_back(*brand_id);
  } else {
    for (const store::Brand& brand : store::brands(session)) brands.push_back(brand.id);
  }
  // One moment of the store, whatever others write meanwhile.
  store::Transaction transaction(session, store::Transaction::Kind::kSnapshot);
  if (const RecordType* type = type_of_kind(kind)) {
    for (const std::string& brand : brands) store::visit_records(session, *type, brand, visit);
    return;
  }
  for (const RecordType& type : store::catalogue_types()) {
    const auto visit_typed = [&](Json record) {
      Json typed = {{"type", type.name}};
      for (auto& [name, value] : record.items()) typed[name] = std::move(value);
      visit(std::move(typed));
    };
    if (type.scope == RecordScope::kShared) {
      store::visit_records(session, type, brand_id.value_or(""), visit_typed);
    } else {
      for (const std::string& brand : brands) {
        store::visit_records(session, type, brand, visit_typed);
      }
    }
  }
}

std::vector<std::string> export_columns(const std::string& kind) {
  std::vector<std::string> columns;
  const auto add = [&](std::string_view name) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      columns.emplace_back(name);
    }
  };
  if (const RecordType* type = type_of_kind(kind)) {
    for (const store::RecordField& field : type->fields) add(field.name);
    return columns;
  }
  add("type");
  for (const RecordType& type : store::catalogue_types()) {
    for (const store::RecordField& field : type.fields) add(field.name);
  }
  return columns;
}

}  // namespace adgenome::app
