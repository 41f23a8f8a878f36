#include <adgenome/app/catalog.hpp>
#include <adgenome/app/select.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <limits>
#include <map>

#include "candidate_records.hpp"

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json time_or_null(const std::optional<core::Time>& time) {
  return time ? Json(core::format_time(*time)) : Json();
}

/// The asset scores that `select` gives the active templates for a product.
std::map<std::string, Json> asset_scores(store::Session& session, const CatalogView& view) {
  std::map<std::string, Json> scores;
  if (!view.product) return scores;
  const Json document = select_from_store(session, *view.brand, *view.product, std::nullopt,
                                          {.lists_all = true, .now = view.now})
                            .document;
  for (const Json& item : document.at("templates")) {
    scores[item.at("template_id").get<std::string>()] = item.at("scores").at("asset_match");
  }
  return scores;
}

/// What is known of a template beyond its record.
Json standing_of(const store::ListedTemplate& row, const std::map<std::string, Json>& scores) {
  const auto score = scores.find(row.id);
  Json mean;
  if (row.alpha && row.beta) mean = *row.alpha / (*row.alpha + *row.beta);
  return {{"asset_score", score == scores.end() ? Json() : score->second},
          {"uses", row.uses},
          {"last_used_at", time_or_null(row.last_used_at)},
          {"posterior_mean", std::move(mean)}};
}

Json listed(const store::ListedTemplate& row, const std::map<std::string, Json>& scores) {
  Json item = {{"id", row.id},
               {"name", row.name},
               {"category", row.category},
               {"niche", or_null(row.niche)},
               {"awareness_level", or_null(row.awareness_level)},
               {"target_sex", or_null(row.target_sex)},
               {"active", row.active},
               {"detected_at", time_or_null(row.detected_at)}};
  item.update(standing_of(row, scores));
  return item;
}

std::string brand_id_of(const CatalogView& view) {
  return view.brand ? view.brand->id : "";
}

Json document_of(const store::RecordType& type, const CatalogView& view) {
  return {{"type", type.name},
          {"brand_id", view.brand ? Json(view.brand->id) : Json()},
          {"product_id", or_null(view.product)}};
}

}  // namespace

const store::RecordType& catalog_type(const std::string& name) {
  if (const store::RecordType* type = store::find_catalogue_type(name)) return *type;
  std::vector<std::string> known;
  for (const store::RecordType& type : store::catalogue_types()) known.emplace_back(type.name);
  const auto near = core::nearest(name, known);
  throw core::InvalidInput(
      "no type \"" + name + "\" in a catalogue",
      near ? "did you mean " + *near + "?" : "types: " + core::join(known, ", "));
}

std::int64_t parse_awareness(const std::string& text) {
  const auto stage = parse_stage(text);
  if (!stage) {
    throw core::UsageError("takes a stage from 1 to 5 or its name, not \"" + text + "\"",
                           "stages: unaware, problem_aware, solution_aware, product_aware, "
                           "most_aware");
  }
  return *stage;
}

Json list_catalog(store::Session& session, const store::RecordType& type, const CatalogView& view,
                  const store::TemplateFilter& filter) {
  const std::string brand_id = brand_id_of(view);
  Json document = document_of(type, view);
  Json items = Json::array();
  if (type.name == "template") {
    document["total"] = store::count_templates(session, brand_id, filter);
    const auto scores = asset_scores(session, view);
    store::list_templates(
        session, brand_id, view.product.value_or(""), filter,
        [&](const store::ListedTemplate& row) { items.push_back(listed(row, scores)); });
  } else {
    document["total"] = store::count_records(session, type, brand_id);
    store::visit_record_page(session, type, brand_id, filter.after.value_or(""),
                             filter.limit.value_or(std::numeric_limits<std::int64_t>::max()),
                             [&](Json record) { items.push_back(std::move(record)); });
  }
  Json reason;
  if (items.empty()) {
    reason = document["total"] == 0 ? "no " + std::string(type.name) + " is so"
                                    : "there are none behind the one that --after names";
    if (filter.limit == 0) reason = "--limit 0 asks for none";
  }
  document["reason"] = std::move(reason);
  document["items"] = std::move(items);
  return document;
}

Json show_catalog(store::Session& session, const store::RecordType& type, const std::string& id,
                  const CatalogView& view) {
  const std::string brand_id = brand_id_of(view);
  auto record = store::find_record(session, type, type.name == "template" ? "" : brand_id, id);
  if (!record) {
    throw core::InvalidInput(
        "no " + std::string(type.name) + " \"" + id + "\" in the store",
        "adgenome catalog list " + std::string(type.name) + " shows those there are");
  }
  if (type.name == "template") {
    const auto scores = asset_scores(session, view);
    store::list_templates(
        session, brand_id, view.product.value_or(""), {.id = id},
        [&](const store::ListedTemplate& row) { record->update(standing_of(row, scores)); });
    const auto evaluation =
        store::find_record(session, *store::find_catalogue_type("template_evaluation"), "", id);
    (*record)["evaluation"] = evaluation ? *evaluation : Json();
  }
  Json document = document_of(type, view);
  document["record"] = std::move(*record);
  return document;
}

}  // namespace adgenome::app
