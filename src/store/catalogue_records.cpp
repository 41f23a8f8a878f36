// The catalogue as records: one description of the fields serves import and export.
#include <adgenome/store/catalogue.hpp>

namespace adgenome::store {
namespace {

using Kind = CatalogueField::Kind;

constexpr CatalogueField kOrganization[] = {{"id", Kind::kId, true}, {"name", Kind::kText, true}};
constexpr CatalogueField kBrand[] = {{"id", Kind::kId, true},
                                     {"organization_id", Kind::kId, true, "organizations"},
                                     {"name", Kind::kText, true},
                                     {"cross_brand_sharing", Kind::kBoolean, false},
                                     {"selection_config", Kind::kJson, false},
                                     {"account_config", Kind::kJson, false},
                                     {"currency", Kind::kText, false},
                                     {"timezone", Kind::kText, false},
                                     {"palette", Kind::kTexts, false},
                                     {"voice", Kind::kText, false},
                                     {"prohibited_claims", Kind::kTexts, false},
                                     {"required_disclaimers", Kind::kTexts, false}};
constexpr CatalogueField kAccount[] = {
    {"id", Kind::kId, true},
    {"brand_id", Kind::kId, true, "brands"},
    {"platform", Kind::kText, true, "", "meta|google|tiktok|generic"},
    {"currency", Kind::kText, true},
    {"timezone", Kind::kText, false},
    {"config", Kind::kJson, false}};
constexpr CatalogueField kProduct[] = {{"id", Kind::kId, true},
                                       {"brand_id", Kind::kId, true, "brands"},
                                       {"name", Kind::kText, true},
                                       {"display_name", Kind::kText, false},
                                       {"benefits", Kind::kTexts, false},
                                       {"unique_selling_points", Kind::kTexts, false},
                                       {"target_audience", Kind::kText, false},
                                       {"current_offer", Kind::kText, false},
                                       {"dimensions", Kind::kText, false},
                                       {"guarantee", Kind::kText, false},
                                       {"landing_page_url", Kind::kText, false}};
constexpr CatalogueField kOfferVariant[] = {{"id", Kind::kId, true},
                                            {"product_id", Kind::kId, true, "products"},
                                            {"name", Kind::kText, true},
                                            {"message", Kind::kText, false},
                                            {"pain_points", Kind::kTexts, false},
                                            {"benefits", Kind::kTexts, false},
                                            {"landing_page_url", Kind::kText, false},
                                            {"hero_headline", Kind::kText, false},
                                            {"hero_text", Kind::kText, false}};
constexpr CatalogueField kPersona[] = {
    {"id", Kind::kId, true},           {"brand_id", Kind::kId, true, "brands"},
    {"name", Kind::kText, true},       {"gender", Kind::kText, false},
    {"age_range", Kind::kText, false}, {"awareness_stage", Kind::kText, false},
    {"snapshot", Kind::kText, false},  {"depiction", Kind::kText, false}};
constexpr CatalogueField kBrandAsset[] = {{"id", Kind::kId, true},
                                          {"brand_id", Kind::kId, true, "brands"},
                                          {"kind", Kind::kText, true, "", "logo|badge|font"},
                                          {"path", Kind::kText, true}};
constexpr CatalogueField kTemplate[] = {{"id", Kind::kId, true},
                                        {"name", Kind::kText, true},
                                        {"category", Kind::kText, true},
                                        {"niche", Kind::kText, false},
                                        {"awareness_level", Kind::kInteger, false, "", "", 1, 5},
                                        {"target_sex", Kind::kText, false},
                                        {"required_assets", Kind::kTexts, false},
                                        {"optional_assets", Kind::kTexts, false},
                                        {"text_areas", Kind::kJson, false},
                                        {"layout", Kind::kJson, false},
                                        {"image", Kind::kText, false},
                                        {"palette", Kind::kTexts, false},
                                        {"embedding", Kind::kJson, false},
                                        {"ad_library", Kind::kJson, false},
                                        {"active", Kind::kBoolean, false},
                                        {"detected_at", Kind::kTime, false}};
constexpr CatalogueField kTemplateEvaluation[] = {{"template_id", Kind::kId, true, "templates"},
                                                  {"d1", Kind::kInteger, false, "", "", 0, 3},
                                                  {"d2", Kind::kInteger, false, "", "", 0, 3},
                                                  {"d3", Kind::kInteger, false, "", "", 0, 3},
                                                  {"d4", Kind::kInteger, false, "", "", 0, 3},
                                                  {"d5", Kind::kInteger, false, "", "", 0, 3},
                                                  {"d6", Kind::kBoolean, false}};
constexpr CatalogueField kProductImage[] = {{"id", Kind::kId, true},
                                            {"product_id", Kind::kId, true, "products"},
                                            {"path", Kind::kText, true},
                                            {"asset_tags", Kind::kTexts, false},
                                            {"quality", Kind::kReal, false}};
constexpr CatalogueField kHook[] = {{"id", Kind::kId, true},
                                    {"product_id", Kind::kId, true, "products"},
                                    {"text", Kind::kText, true},
                                    {"hook_type", Kind::kText, false},
                                    {"belief_angle", Kind::kText, false},
                                    {"persuasion_type", Kind::kText, false},
                                    {"impact_score", Kind::kReal, false}};
constexpr CatalogueField kAngle[] = {{"id", Kind::kId, true},
                                     {"product_id", Kind::kId, true, "products"},
                                     {"name", Kind::kText, true},
                                     {"belief_statement", Kind::kText, true},
                                     {"problem", Kind::kText, false},
                                     {"mechanism", Kind::kText, false},
                                     {"proof", Kind::kText, false},
                                     {"awareness_stage", Kind::kText, false},
                                     {"persona_ids", Kind::kTexts, false},
                                     {"active", Kind::kBoolean, false}};

// In the order in which they refer to each other.
constexpr CatalogueType kTypes[] = {
    {"organization", "organizations", false, kOrganization},
    {"brand", "brands", false, kBrand},
    {"account", "ad_accounts", false, kAccount},
    {"product", "products", false, kProduct},
    {"offer_variant", "offer_variants", true, kOfferVariant},
    {"persona", "personas", false, kPersona},
    {"brand_asset", "brand_assets", false, kBrandAsset},
    {"template", "templates", false, kTemplate},
    {"template_evaluation", "template_evaluations", false, kTemplateEvaluation},
    {"product_image", "product_images", true, kProductImage},
    {"hook", "hooks", true, kHook},
    {"angle", "angles", true, kAngle},
};

struct Column {
  std::string_view name;
  Kind kind;
  const Value* value;
};

bool is_same(const Row& row, int column, const Column& expected) {
  if (row.is_null(column)) return std::holds_alternative<std::monostate>(*expected.value);
  if (std::holds_alternative<std::monostate>(*expected.value)) return false;
  switch (expected.kind) {
    case Kind::kTexts:
    case Kind::kJson: {
      const nlohmann::json now = row.json(column);
      return now == nlohmann::json::parse(std::get<std::string>(*expected.value));
    }
    case Kind::kInteger:
      return row.integer(column) == std::get<std::int64_t>(*expected.value);
    case Kind::kReal:
      return row.real(column) == std::get<double>(*expected.value);
    case Kind::kBoolean:
      return row.boolean(column) == std::get<bool>(*expected.value);
    case Kind::kTime:
      return row.time(column) == std::get<core::Time>(*expected.value);
    case Kind::kText:
    case Kind::kId:
      break;
  }
  return row.text(column) == std::get<std::string>(*expected.value);
}

}  // namespace

bool catalogue_has(Session& session, std::string_view table, const std::string& id) {
  // The table's name is one of this program's own.
  bool found = false;
  session.query("SELECT 1 FROM " + std::string(table) + " WHERE id = $1", {id},
                [&](const Row&) { found = true; });
  return found;
}

std::span<const CatalogueType> catalogue_types() {
  return kTypes;
}

Upsert upsert_catalogue_record(Session& session, const CatalogueType& type,
                               const std::string& brand_id,
                               const std::vector<std::optional<Value>>& values) {
  // The names of tables and columns are this program's own; only values are parameters.
  const Value brand = brand_id;
  std::vector<Column> columns;
  if (type.is_of_product) columns.push_back({"brand_id", Kind::kId, &brand});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) columns.push_back({type.fields[i].name, type.fields[i].kind, &*values[i]});
  }
  const auto is_key = [&](const Column& column) {
    return column.name == type.fields[0].name || column.name == "brand_id";
  };
  // A template, brand and organization is itself no part of a brand: `brands` has no brand_id.
  std::string names;
  std::string places;
  std::string condition;
  std::string keys;
  std::string updates;
  std::vector<Value> parameters;
  std::vector<Value> key_parameters;
  for (const Column& column : columns) {
    const std::string name(column.name);
    parameters.push_back(*column.value);
    names += (names.empty() ? "" : ", ") + name;
    places += (places.empty() ? "$" : ", $") + std::to_string(parameters.size());
    if (is_key(column)) {
      key_parameters.push_back(*column.value);
      keys += (keys.empty() ? "" : ", ") + name;
      condition += (condition.empty() ? "" : " AND ") + name + " = $" +
                   std::to_string(key_parameters.size());
    } else {
      updates += (updates.empty() ? "" : ", ") + name + " = excluded." + name;
    }
  }
  const std::string table(type.table);
  std::optional<bool> same;
  session.query("SELECT " + names + " FROM " + table + " WHERE " + condition, key_parameters,
                [&](const Row& row) {
                  same = true;
                  for (std::size_t i = 0; i < columns.size(); ++i) {
                    same = *same && is_same(row, static_cast<int>(i), columns[i]);
                  }
                });
  if (same && *same) return Upsert::kUnchanged;
  session.execute("INSERT INTO " + table + " (" + names + ") VALUES (" + places +
                      ") ON CONFLICT (" + keys + ") DO " +
                      (updates.empty() ? "NOTHING" : "UPDATE SET " + updates),
                  parameters);
  return same ? Upsert::kChanged : Upsert::kNew;
}

}  // namespace adgenome::store
