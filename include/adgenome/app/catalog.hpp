#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/records.hpp>
#include <adgenome/store/template_listing.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::app {

/// What a catalogue is looked at for.
struct CatalogView {
  std::optional<store::Brand> brand;   ///< nothing: no brand in particular
  std::optional<std::string> product;  ///< templates with their asset score for it
  core::Time now;
};

/// The type of that name; throws InvalidInput with the nearest one.
const store::RecordType& catalog_type(const std::string& name);

/// Entries of a type by id: contract catalog/v1. Templates are narrowed by `filter`; of the others
/// its limit and start count.
core::Json list_catalog(store::Session& session, const store::RecordType& type,
                        const CatalogView& view, const store::TemplateFilter& filter);

/// One entry with all its fields: contract catalog_record/v1. Throws InvalidInput where there is
/// none.
core::Json show_catalog(store::Session& session, const store::RecordType& type,
                        const std::string& id, const CatalogView& view);

/// 1 to 5 from a number or the name of a stage, unaware to most_aware.
std::int64_t parse_awareness(const std::string& text);

}  // namespace adgenome::app
