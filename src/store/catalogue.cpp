#include <adgenome/core/error.hpp>
#include <adgenome/store/catalogue.hpp>

namespace adgenome::store {
namespace {

std::vector<std::string> texts(const Row& row, int column) {
  std::vector<std::string> list;
  if (row.is_null(column)) return list;
  for (const auto& item : row.json(column)) list.push_back(item.get<std::string>());
  return list;
}

core::Json json_or_null(const Row& row, int column) {
  return row.is_null(column) ? core::Json() : row.json(column);
}

Brand brand_from(const Row& row) {
  return {.id = row.text(0),
          .organization_id = row.text(1),
          .name = row.text(2),
          .cross_brand_sharing = row.boolean(3),
          .selection_config = row.json(4),
          .account_config = row.json(5),
          .currency = row.optional_text(6),
          .timezone = row.optional_text(7),
          .palette = texts(row, 8),
          .voice = row.optional_text(9),
          .prohibited_claims = texts(row, 10),
          .required_disclaimers = texts(row, 11)};
}

Product product_from(const Row& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .display_name = row.optional_text(2),
          .benefits = texts(row, 3),
          .unique_selling_points = texts(row, 4),
          .target_audience = row.optional_text(5),
          .current_offer = row.optional_text(6),
          .dimensions = row.optional_text(7),
          .guarantee = row.optional_text(8),
          .landing_page_url = row.optional_text(9)};
}

Persona persona_from(const Row& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .gender = row.optional_text(2),
          .age_range = row.optional_text(3),
          .awareness_stage = row.optional_text(4),
          .snapshot = row.optional_text(5),
          .depiction = row.optional_text(6)};
}

}  // namespace

std::vector<Brand> brands(Session& session) {
  std::vector<Brand> list;
  session.query(
      "SELECT id, organization_id, name, cross_brand_sharing, selection_config, account_config, "
      "currency, timezone, palette, voice, prohibited_claims, required_disclaimers "
      "FROM brands ORDER BY id",
      {}, [&](const Row& row) { list.push_back(brand_from(row)); });
  return list;
}

std::optional<Brand> find_brand(Session& session, const std::string& id) {
  std::optional<Brand> found;
  session.query(
      "SELECT id, organization_id, name, cross_brand_sharing, selection_config, account_config, "
      "currency, timezone, palette, voice, prohibited_claims, required_disclaimers "
      "FROM brands WHERE id = $1",
      {id}, [&](const Row& row) { found = brand_from(row); });
  return found;
}

std::optional<Product> find_product(Session& session, const std::string& brand_id,
                                    const std::string& id) {
  std::optional<Product> found;
  session.query(
      "SELECT id, name, display_name, benefits, unique_selling_points, target_audience, "
      "current_offer, dimensions, guarantee, landing_page_url "
      "FROM products WHERE brand_id = $1 AND id = $2",
      {brand_id, id}, [&](const Row& row) { found = product_from(row); });
  return found;
}

std::vector<Product> products(Session& session, const std::string& brand_id) {
  std::vector<Product> list;
  session.query(
      "SELECT id, name, display_name, benefits, unique_selling_points, target_audience, "
      "current_offer, dimensions, guarantee, landing_page_url "
      "FROM products WHERE brand_id = $1 ORDER BY id",
      {brand_id}, [&](const Row& row) { list.push_back(product_from(row)); });
  return list;
}

std::optional<Persona> find_persona(Session& session, const std::string& brand_id,
                                    const std::string& id) {
  std::optional<Persona> found;
  session.query(
      "SELECT id, name, gender, age_range, awareness_stage, snapshot, depiction "
      "FROM personas WHERE brand_id = $1 AND id = $2",
      {brand_id, id}, [&](const Row& row) { found = persona_from(row); });
  return found;
}

std::vector<Persona> personas(Session& session, const std::string& brand_id) {
  std::vector<Persona> list;
  session.query(
      "SELECT id, name, gender, age_range, awareness_stage, snapshot, depiction "
      "FROM personas WHERE brand_id = $1 ORDER BY id",
      {brand_id}, [&](const Row& row) { list.push_back(persona_from(row)); });
  return list;
}

std::vector<OfferVariant> offer_variants(Session& session, const std::string& brand_id,
                                         const std::string& product_id) {
  std::vector<OfferVariant> list;
  session.query(
      "SELECT id, name, message, pain_points, benefits, landing_page_url, hero_headline, hero_text "
      "FROM offer_variants WHERE brand_id = $1 AND product_id = $2 ORDER BY id",
      {brand_id, product_id}, [&](const Row& row) {
        list.push_back({.id = row.text(0),
                        .name = row.text(1),
                        .message = row.optional_text(2),
                        .pain_points = texts(row, 3),
                        .benefits = texts(row, 4),
                        .landing_page_url = row.optional_text(5),
                        .hero_headline = row.optional_text(6),
                        .hero_text = row.optional_text(7)});
      });
  return list;
}

std::vector<BrandAsset> brand_assets(Session& session, const std::string& brand_id) {
  std::vector<BrandAsset> list;
  session.query("SELECT id, kind, path FROM brand_assets WHERE brand_id = $1 ORDER BY id",
                {brand_id}, [&](const Row& row) {
                  list.push_back({.id = row.text(0), .kind = row.text(1), .path = row.text(2)});
                });
  return list;
}

std::vector<Template> templates(Session& session) {
  std::vector<Template> list;
  session.query(
      "SELECT t.id, t.name, t.category, t.niche, t.awareness_level, t.target_sex, "
      "t.required_assets, t.optional_assets, t.text_areas, t.layout, t.image, t.palette, "
      "t.embedding, t.ad_library, t.active, t.detected_at, "
      "e.template_id, e.d1, e.d2, e.d3, e.d4, e.d5, e.d6 "
      "FROM templates t LEFT JOIN template_evaluations e ON e.template_id = t.id ORDER BY t.id",
      {}, [&](const Row& row) {
        Template entry{.id = row.text(0),
                       .name = row.text(1),
                       .category = row.text(2),
                       .niche = row.optional_text(3),
                       .awareness_level = row.optional_integer(4),
                       .target_sex = row.optional_text(5),
                       .required_assets = texts(row, 6),
                       .optional_assets = texts(row, 7),
                       .text_areas = json_or_null(row, 8),
                       .layout = json_or_null(row, 9),
                       .image = row.optional_text(10),
                       .palette = texts(row, 11),
                       .embedding = {},
                       .ad_library = json_or_null(row, 13),
                       .active = row.boolean(14),
                       .detected_at = row.optional_time(15),
                       .evaluation = {}};
        if (!row.is_null(12)) entry.embedding = row.json(12).get<std::vector<double>>();
        if (!row.is_null(16)) {
          entry.evaluation = TemplateEvaluation{.d1 = row.optional_integer(17),
                                                .d2 = row.optional_integer(18),
                                                .d3 = row.optional_integer(19),
                                                .d4 = row.optional_integer(20),
                                                .d5 = row.optional_integer(21),
                                                .d6 = row.optional_boolean(22)};
        }
        list.push_back(std::move(entry));
      });
  return list;
}

std::vector<ProductImage> product_images(Session& session, const std::string& brand_id,
                                         const std::string& product_id) {
  std::vector<ProductImage> list;
  session.query(
      "SELECT id, path, asset_tags, quality FROM product_images "
      "WHERE brand_id = $1 AND product_id = $2 ORDER BY id",
      {brand_id, product_id}, [&](const Row& row) {
        list.push_back({.id = row.text(0),
                        .path = row.text(1),
                        .asset_tags = texts(row, 2),
                        .quality = row.optional_real(3)});
      });
  return list;
}

std::vector<Hook> hooks(Session& session, const std::string& brand_id,
                        const std::string& product_id) {
  std::vector<Hook> list;
  session.query(
      "SELECT id, text, hook_type, belief_angle, persuasion_type, impact_score FROM hooks "
      "WHERE brand_id = $1 AND product_id = $2 ORDER BY id",
      {brand_id, product_id}, [&](const Row& row) {
        list.push_back({.id = row.text(0),
                        .text = row.text(1),
                        .hook_type = row.optional_text(2),
                        .belief_angle = row.optional_text(3),
                        .persuasion_type = row.optional_text(4),
                        .impact_score = row.optional_real(5)});
      });
  return list;
}

std::vector<Angle> angles(Session& session, const std::string& brand_id,
                          const std::string& product_id) {
  std::vector<Angle> list;
  session.query(
      "SELECT id, name, belief_statement, awareness_stage FROM angles "
      "WHERE brand_id = $1 AND product_id = $2 AND active ORDER BY id",
      {brand_id, product_id}, [&](const Row& row) {
        list.push_back({.id = row.text(0),
                        .name = row.text(1),
                        .belief_statement = row.text(2),
                        .awareness_stage = row.optional_text(3)});
      });
  return list;
}

std::optional<Plan> find_plan(Session& session, const std::string& brand_id,
                              const std::string& id) {
  std::optional<Plan> found;
  session.query("SELECT id, product_id, items FROM plans WHERE brand_id = $1 AND id = $2",
                {brand_id, id}, [&](const Row& row) {
                  found = Plan{.id = row.text(0), .product_id = row.text(1), .items = row.json(2)};
                });
  return found;
}

void set_plan_items(Session& session, const std::string& brand_id, const std::string& id,
                    const core::Json& items) {
  session.execute("UPDATE plans SET items = $3 WHERE brand_id = $1 AND id = $2",
                  {brand_id, id, json_value(items)});
}

core::Json organization_config(Session& session, const std::string& id) {
  core::Json config = core::Json::object();
  session.query("SELECT config FROM organizations WHERE id = $1", {id},
                [&](const Row& row) { config = row.json(0); });
  return config;
}

}  // namespace adgenome::store
