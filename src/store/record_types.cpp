// The shapes of page 2.5, field by field.
#include <adgenome/store/records.hpp>
#include <algorithm>

namespace adgenome::store {
namespace {

using Kind = RecordField::Kind;
using enum RecordField::Need;

constexpr RecordField id_field() {
  return {.name = "id", .kind = Kind::kId, .need = kKey};
}
constexpr RecordField brand_field() {
  return {.name = "brand_id", .kind = Kind::kId, .need = kKey, .refers_to = "brands"};
}
constexpr RecordField product_field() {
  return {.name = "product_id", .kind = Kind::kId, .need = kRequired, .refers_to = "products"};
}
constexpr RecordField required_text(std::string_view name, std::string_view choices = {}) {
  return {.name = name, .kind = Kind::kText, .need = kRequired, .choices = choices};
}
constexpr RecordField text(std::string_view name) {
  return {.name = name, .kind = Kind::kText};
}
constexpr RecordField texts(std::string_view name, std::string_view initial = "[]") {
  return {.name = name, .kind = Kind::kTexts, .initial = initial};
}
constexpr RecordField json(std::string_view name, std::string_view initial = {}) {
  return {.name = name, .kind = Kind::kJson, .initial = initial};
}
constexpr RecordField grade(std::string_view name) {
  return {.name = name, .kind = Kind::kInteger, .low = 0, .high = 3};
}
constexpr RecordField time(std::string_view name) {
  return {.name = name, .kind = Kind::kTime};
}
constexpr RecordField real(std::string_view name) {
  return {.name = name, .kind = Kind::kReal};
}
constexpr RecordField boolean(std::string_view name, std::string_view initial) {
  return {.name = name, .kind = Kind::kBoolean, .initial = initial};
}

constexpr std::string_view kPlatforms = "meta|google|tiktok|generic";

constexpr RecordField kOrganization[] = {id_field(), required_text("name"), json("config", "{}")};
constexpr RecordField kBrand[] = {
    id_field(),
    {.name = "organization_id", .kind = Kind::kId, .need = kRequired, .refers_to = "organizations"},
    required_text("name"),
    boolean("cross_brand_sharing", "false"),
    json("selection_config", "{}"),
    json("account_config", "{}"),
    text("currency"),
    text("timezone"),
    texts("palette"),
    text("voice"),
    texts("prohibited_claims"),
    texts("required_disclaimers")};
constexpr RecordField kAccount[] = {id_field(),
                                    brand_field(),
                                    required_text("platform", kPlatforms),
                                    required_text("currency"),
                                    text("timezone"),
                                    json("config", "{}")};
constexpr RecordField kProduct[] = {id_field(),
                                    brand_field(),
                                    required_text("name"),
                                    text("display_name"),
                                    texts("benefits"),
                                    texts("unique_selling_points"),
                                    text("target_audience"),
                                    text("current_offer"),
                                    text("dimensions"),
                                    text("guarantee"),
                                    text("landing_page_url")};
constexpr RecordField kOfferVariant[] = {
    id_field(),           product_field(),   required_text("name"),    text("message"),
    texts("pain_points"), texts("benefits"), text("landing_page_url"), text("hero_headline"),
    text("hero_text")};
constexpr RecordField kPersona[] = {id_field(),       brand_field(),     required_text("name"),
                                    text("gender"),   text("age_range"), text("awareness_stage"),
                                    text("snapshot"), text("depiction")};
constexpr RecordField kBrandAsset[] = {
    id_field(), brand_field(), required_text("kind", "logo|badge|font"), required_text("path")};
constexpr RecordField kTemplate[] = {
    id_field(),
    required_text("name"),
    required_text("category"),
    text("niche"),
    {.name = "awareness_level", .kind = Kind::kInteger, .low = 1, .high = 5},
    text("target_sex"),
    texts("required_assets"),
    texts("optional_assets"),
    json("text_areas"),
    json("layout"),
    text("image"),
    texts("palette", {}),
    json("embedding"),
    json("ad_library"),
    boolean("active", "true"),
    time("detected_at")};
constexpr RecordField kTemplateEvaluation[] = {
    {.name = "template_id", .kind = Kind::kId, .need = kKey, .refers_to = "templates"},
    grade("d1"),
    grade("d2"),
    grade("d3"),
    grade("d4"),
    grade("d5"),
    {.name = "d6", .kind = Kind::kBoolean}};
constexpr RecordField kProductImage[] = {id_field(), product_field(), required_text("path"),
                                         texts("asset_tags"), real("quality")};
constexpr RecordField kHook[] = {id_field(),          product_field(),      required_text("text"),
                                 text("hook_type"),   text("belief_angle"), text("persuasion_type"),
                                 real("impact_score")};
constexpr RecordField kAngle[] = {
    id_field(),
    product_field(),
    required_text("name"),
    required_text("belief_statement"),
    text("problem"),
    text("mechanism"),
    text("proof"),
    text("awareness_stage"),
    {.name = "persona_ids", .kind = Kind::kTexts, .refers_to = "personas", .initial = "[]"},
    boolean("active", "true")};
constexpr RecordField kPlan[] = {id_field(),
                                 product_field(),
                                 required_text("name"),
                                 {.name = "items", .kind = Kind::kJson, .need = kRequired}};
constexpr RecordField kCompetitorAd[] = {id_field(),
                                         brand_field(),
                                         required_text("competitor"),
                                         {.name = "tags", .kind = Kind::kTags, .initial = "{}"},
                                         text("image"),
                                         time("first_seen"),
                                         time("last_seen")};

constexpr RecordField kAd[] = {
    id_field(),
    brand_field(),
    text("name"),
    {.name = "product_id", .kind = Kind::kOptionalId, .refers_to = "products"},
    {.name = "template_id", .kind = Kind::kOptionalId, .refers_to = "templates"},
    {.name = "tags", .kind = Kind::kTags, .initial = "{}"},
    {.name = "image", .kind = Kind::kText, .column = "image_path"},
    {.name = "status",
     .kind = Kind::kText,
     .choices = "pending|generation_failed|review_failed|approved|flagged|rejected",
     .initial = "approved"},
    boolean("imported", "true"),
    time("created_at")};
constexpr RecordField kMapping[] = {
    {.name = "ad_id", .kind = Kind::kId, .need = kRequired, .refers_to = "ads"},
    {.name = "platform", .kind = Kind::kText, .need = kKey, .choices = kPlatforms},
    {.name = "platform_ad_id", .kind = Kind::kId, .need = kKey}};
constexpr RecordField kDealEvent[] = {
    {.name = "event_id", .kind = Kind::kId, .need = kKey},
    {.name = "deal_id", .kind = Kind::kId, .need = kRequired},
    required_text("stage"),
    {.name = "at", .kind = Kind::kTime, .need = kRequired, .column = "occurred_at"},
    {.name = "ad_id", .kind = Kind::kId},
    {.name = "click_id", .kind = Kind::kId},
    {.name = "contact_id", .kind = Kind::kId},
    {.name = "amount", .kind = Kind::kMoney, .column = "amount_micros"},
    text("currency"),
    {.name = "account_id", .kind = Kind::kId, .refers_to = "ad_accounts"}};
constexpr RecordField kClick[] = {
    {.name = "click_id", .kind = Kind::kId, .need = kKey},
    {.name = "ad_id", .kind = Kind::kId},
    {.name = "platform_ad_id", .kind = Kind::kId},
    {.name = "at", .kind = Kind::kTime, .need = kRequired, .column = "clicked_at"},
    {.name = "contact_id", .kind = Kind::kId}};
constexpr RecordField kOverride[] = {
    {.name = "ad_id", .kind = Kind::kId, .need = kKey, .refers_to = "ads"},
    required_text("action", "approve|reject|confirm"),
    {.name = "at", .kind = Kind::kTime, .need = kKey, .column = "decided_at"},
    {.name = "by", .kind = Kind::kText, .need = kKey, .column = "decided_by"},
    json("checks"),
    text("reason")};
constexpr RecordField kEmbedding[] = {
    {.name = "kind", .kind = Kind::kText, .need = kKey, .choices = "ad|template"},
    {.name = "id", .kind = Kind::kId, .need = kKey},
    {.name = "model", .kind = Kind::kText, .need = kKey},
    {.name = "vector", .kind = Kind::kVector, .need = kRequired}};

using enum RecordScope;

constexpr RecordType kCatalogue[] = {
    {"organization", "organizations", kShared, kOrganization,
     "id IN (SELECT organization_id FROM brands WHERE id = $1)"},
    {"brand", "brands", kShared, kBrand, "id = $1"},
    {"account", "ad_accounts", kNamed, kAccount},
    {"product", "products", kNamed, kProduct},
    {"offer_variant", "offer_variants", kOfProduct, kOfferVariant},
    {"persona", "personas", kNamed, kPersona},
    {"brand_asset", "brand_assets", kNamed, kBrandAsset},
    {"template", "templates", kShared, kTemplate},
    {"template_evaluation", "template_evaluations", kShared, kTemplateEvaluation},
    {"product_image", "product_images", kOfProduct, kProductImage},
    {"hook", "hooks", kOfProduct, kHook},
    {"angle", "angles", kOfProduct, kAngle},
    {"plan", "plans", kOfProduct, kPlan},
    {"competitor_ad", "competitor_ads", kNamed, kCompetitorAd},
};

constexpr RecordType kAdType = {"ad", "ads", kNamed, kAd};
constexpr RecordType kMappingType = {"mapping", "ad_mappings", kGiven, kMapping};
constexpr RecordType kDealEventType = {"deal_event", "deal_events", kGiven, kDealEvent};
constexpr RecordType kClickType = {"click", "clicks", kGiven, kClick};
constexpr RecordType kOverrideType = {"override", "overrides", kGiven, kOverride};
constexpr RecordType kEmbeddingType = {"embedding", "embeddings", kGiven, kEmbedding};

}  // namespace

std::size_t RecordType::index(std::string_view field) const {
  const auto at = std::find_if(fields.begin(), fields.end(),
                               [&](const RecordField& one) { return one.name == field; });
  return static_cast<std::size_t>(at - fields.begin());
}

std::span<const RecordType> catalogue_types() {
  return kCatalogue;
}
const RecordType* find_catalogue_type(std::string_view name) {
  const auto at = std::find_if(std::begin(kCatalogue), std::end(kCatalogue),
                               [&](const RecordType& type) { return type.name == name; });
  return at == std::end(kCatalogue) ? nullptr : at;
}
const RecordType& ad_type() {
  return kAdType;
}
const RecordType& mapping_type() {
  return kMappingType;
}
const RecordType& deal_event_type() {
  return kDealEventType;
}
const RecordType& click_type() {
  return kClickType;
}
const RecordType& override_type() {
  return kOverrideType;
}
const RecordType& embedding_type() {
  return kEmbeddingType;
}

}  // namespace adgenome::store
