#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/store/session.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::store {

// Records as page 2.5 shapes them. One description of their fields serves import and export.

/// A field of a record and the column that holds it.
struct RecordField {
  enum class Kind {
    kText,
    kId,
    kOptionalId,  ///< the column holds an empty text where there is none
    kTexts,       ///< a list of texts
    kJson,
    kTags,  ///< texts by name
    kInteger,
    kReal,
    kBoolean,
    kTime,
    kMoney,   ///< a decimal, held in micros
    kVector,  ///< numbers, held as 32-bit floats
  };
  enum class Need { kKey, kRequired, kOptional };

  std::string_view name;
  Kind kind;
  Need need = Need::kOptional;
  std::string_view refers_to = {};  ///< the table whose id it is
  std::string_view choices = {};    ///< of a text, separated by |; empty: any
  std::int64_t low = 0;             ///< of a whole number, where high is above low
  std::int64_t high = 0;
  std::string_view column = {};   ///< empty: it is called as the field
  std::string_view initial = {};  ///< of a record that does not name it; empty: NULL

  std::string_view column_name() const { return column.empty() ? name : column; }
};

/// What decides on the brand of a record.
enum class RecordScope {
  kShared,     ///< it belongs to no brand, or is one
  kNamed,      ///< its brand_id
  kOfProduct,  ///< its product
  kGiven,      ///< who reads or writes it
};

/// What a field holds in a new record that does not name it, and where it is given as null.
Value initial_value(const RecordField& field);

/// A type of record and the table that holds it.
struct RecordType {
  std::string_view name;  ///< as in "type"
  std::string_view table;
  RecordScope scope;
  std::span<const RecordField> fields;
  /// Of a shared type: which of its rows a brand ($1) has a part in; empty: all.
  std::string_view of_brand = {};

  /// The position of a field; it has to exist.
  std::size_t index(std::string_view field) const;
};

/// The types of the catalogue, in the order in which they refer to each other.
std::span<const RecordType> catalogue_types();
const RecordType* find_catalogue_type(std::string_view name);
/// The types of the other kinds.
const RecordType& ad_type();
const RecordType& mapping_type();
const RecordType& deal_event_type();
const RecordType& click_type();
const RecordType& override_type();
const RecordType& embedding_type();

enum class Upsert { kNew, kChanged, kUnchanged };

/// A record's values in the order of the type's fields. What is not named keeps its value, and
/// begins as the field's `initial`.
struct RecordValues {
  std::vector<std::optional<Value>> fields;
  std::optional<Value> extra;  ///< members that no field takes, as a document
};

/// Columns of a new row that no field holds.
using OnInsert = std::vector<std::pair<std::string_view, Value>>;

/// Stores a record. `brand_id` counts where the record does not name it itself.
Upsert upsert_record(Session& session, const RecordType& type, const std::string& brand_id,
                     const RecordValues& values, const OnInsert& on_insert = {});

/// Visits the records of a type in order of their keys, each as the document that an import
/// takes. `brand_id` empty: all rows of a shared type.
void visit_records(Session& session, const RecordType& type, const std::string& brand_id,
                   const std::function<void(core::Json)>& visit);

/// Visits at most `limit` records behind the key `after`, where the key within a brand is one id.
void visit_record_page(Session& session, const RecordType& type, const std::string& brand_id,
                       const std::string& after, std::int64_t limit,
                       const std::function<void(core::Json)>& visit);
std::optional<core::Json> find_record(Session& session, const RecordType& type,
                                      const std::string& brand_id, const std::string& id);
std::int64_t count_records(Session& session, const RecordType& type, const std::string& brand_id);

/// Whether a table holds this id; within the brand where its rows belong to one.
bool has_record(Session& session, std::string_view table, const std::string& brand_id,
                const std::string& id);

/// The brands that have a product of this id.
std::vector<std::string> brands_of_product(Session& session, const std::string& product_id);

}  // namespace adgenome::store
