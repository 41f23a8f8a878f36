#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::store {

struct Brand {
  std::string id;
  std::string organization_id;
  std::string name;
  bool cross_brand_sharing = false;
  core::Json selection_config;
  core::Json account_config;
  std::optional<std::string> currency;
  std::optional<std::string> timezone;
  std::vector<std::string> palette;  ///< #rrggbb
  std::optional<std::string> voice;
  std::vector<std::string> prohibited_claims;
  std::vector<std::string> required_disclaimers;
};

struct Product {
  std::string id;
  std::string name;
  std::optional<std::string> display_name;
  std::vector<std::string> benefits;
  std::vector<std::string> unique_selling_points;
  std::optional<std::string> target_audience;
  std::optional<std::string> current_offer;
  std::optional<std::string> dimensions;
  std::optional<std::string> guarantee;
  std::optional<std::string> landing_page_url;
};

struct OfferVariant {
  std::string id;
  std::string name;
  std::optional<std::string> message;
  std::vector<std::string> pain_points;
  std::vector<std::string> benefits;
  std::optional<std::string> landing_page_url;
  std::optional<std::string> hero_headline;
  std::optional<std::string> hero_text;
};

struct Persona {
  std::string id;
  std::string name;
  std::optional<std::string> gender;
  std::optional<std::string> age_range;
  std::optional<std::string> awareness_stage;
  std::optional<std::string> snapshot;
  std::optional<std::string> depiction;
};

/// A belief that ads for a product can stand on.
struct Angle {
  std::string id;
  std::string name;
  std::string belief_statement;
  std::optional<std::string> awareness_stage;
};

/// Contents that were planned: items `{angle_id, persona_id, template_id, hook_id, count, made}`.
struct Plan {
  std::string id;
  std::string product_id;
  core::Json items;
};

struct BrandAsset {
  std::string id;
  std::string kind;  ///< logo, badge, font
  std::string path;
};

struct TemplateEvaluation {
  std::optional<std::int64_t> d1, d2, d3, d4, d5;  ///< 0..3
  std::optional<bool> d6;                          ///< compliance
};

struct Template {
  std::string id;
  std::string name;
  std::string category;
  std::optional<std::string> niche;
  std::optional<std::int64_t> awareness_level;  ///< 1..5
  std::optional<std::string> target_sex;
  std::vector<std::string> required_assets;
  std::vector<std::string> optional_assets;
  core::Json text_areas;  ///< null: not known
  core::Json layout;      ///< a layout's name, a layout, or null
  std::optional<std::string> image;
  std::vector<std::string> palette;
  std::vector<double> embedding;
  core::Json ad_library;
  bool active = true;
  std::optional<core::Time> detected_at;  ///< nothing: never analysed
  std::optional<TemplateEvaluation> evaluation;
};

struct ProductImage {
  std::string id;
  std::string path;
  std::vector<std::string> asset_tags;
  std::optional<double> quality;
};

struct Hook {
  std::string id;
  std::string text;
  std::optional<std::string> hook_type;
  std::optional<std::string> belief_angle;
  std::optional<std::string> persuasion_type;
  std::optional<double> impact_score;
};

// Reading. Lists are in order of their ids; what does not exist is nullopt.
std::vector<Brand> brands(Session& session);
std::optional<Brand> find_brand(Session& session, const std::string& id);
std::optional<Product> find_product(Session& session, const std::string& brand_id,
                                    const std::string& id);
std::vector<Product> products(Session& session, const std::string& brand_id);
std::optional<Persona> find_persona(Session& session, const std::string& brand_id,
                                    const std::string& id);
std::vector<Persona> personas(Session& session, const std::string& brand_id);
std::vector<OfferVariant> offer_variants(Session& session, const std::string& brand_id,
                                         const std::string& product_id);
std::vector<BrandAsset> brand_assets(Session& session, const std::string& brand_id);
/// All templates with their evaluations, inactive ones too.
std::vector<Template> templates(Session& session);
std::vector<ProductImage> product_images(Session& session, const std::string& brand_id,
                                         const std::string& product_id);
std::vector<Hook> hooks(Session& session, const std::string& brand_id,
                        const std::string& product_id);
/// Those that are active.
std::vector<Angle> angles(Session& session, const std::string& brand_id,
                          const std::string& product_id);
std::optional<Plan> find_plan(Session& session, const std::string& brand_id, const std::string& id);
/// Belongs into a transaction.
void set_plan_items(Session& session, const std::string& brand_id, const std::string& id,
                    const core::Json& items);
/// The settings of an organization that count for all of its brands.
core::Json organization_config(Session& session, const std::string& id);

}  // namespace adgenome::store
