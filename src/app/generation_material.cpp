#include "generation_material.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <map>

namespace adgenome::app {
namespace {

using core::InvalidInput;

template <class T>
const T* with_id(const std::vector<T>& list, const std::string& id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& one) { return one.id == id; });
  return found == list.end() ? nullptr : &*found;
}

template <class T>
void require(const std::vector<T>& list, const std::string& id, const char* what,
             const std::string& owner) {
  if (!with_id(list, id)) throw InvalidInput(owner + " has no " + what + " \"" + id + "\"");
}

double rank_of(const store::ProductImage& image, const store::Template& from) {
  double rank = image.quality.value_or(0);
  for (const std::string& tag : image.asset_tags) {
    if (has_tag(from.required_assets, tag)) rank += 0.3;
    if (has_tag(from.optional_assets, tag)) rank += 0.1;
  }
  return rank;
}

/// The hooks without those that say in the same words what one of more impact says.
std::vector<store::Hook> different_hooks(std::vector<store::Hook> hooks) {
  const auto is_better = [](const store::Hook& a, const store::Hook& b) {
    return a.impact_score.value_or(-1) > b.impact_score.value_or(-1);
  };
  std::map<std::vector<std::string>, std::string> best;  // words to id
  for (const store::Hook& hook : hooks) {
    auto [at, is_new] = best.try_emplace(creative::words_of(hook.text), hook.id);
    if (!is_new && is_better(hook, *with_id(hooks, at->second))) at->second = hook.id;
  }
  std::erase_if(hooks, [&](const store::Hook& hook) {
    const auto words = creative::words_of(hook.text);
    return !words.empty() && best.at(words) != hook.id;
  });
  return hooks;
}

}  // namespace

const store::Persona* Material::persona(const std::optional<std::string>& id) const {
  return id ? with_id(personas, *id) : nullptr;
}

const store::OfferVariant* Material::variant(const std::optional<std::string>& id) const {
  return id ? with_id(variants, *id) : nullptr;
}

const store::Angle* Material::angle(const std::string& id) const {
  return with_id(angles, id);
}

std::optional<std::int64_t> stage_of(const store::Persona* persona) {
  if (!persona || !persona->awareness_stage) return std::nullopt;
  return creative::awareness_stage(*persona->awareness_stage);
}

std::string tag_of(const store::Angle& angle) {
  return core::join(creative::words_of(angle.name), "_");
}

Material find_material(store::Session& session, const store::Brand& brand,
                       const GenerateRequest& request, const std::string& product_id) {
  Material material;
  const std::string of_brand = "brand " + brand.id;
  const std::string of_product = "product " + product_id;
  const auto product = store::find_product(session, brand.id, product_id);
  if (!product) throw InvalidInput(of_brand + " has no product \"" + product_id + "\"");
  material.product = *product;
  material.personas = store::personas(session, brand.id);
  if (request.persona) require(material.personas, *request.persona, "persona", of_brand);
  material.variants = store::offer_variants(session, brand.id, product_id);
  if (request.offer_variant)
    require(material.variants, *request.offer_variant, "offer variant", of_product);
  material.hooks = different_hooks(store::hooks(session, brand.id, product_id));
  material.angles = store::angles(session, brand.id, product_id);
  if (request.angle) require(material.angles, *request.angle, "active angle", of_product);
  if (request.plan) {
    material.plan = store::find_plan(session, brand.id, *request.plan);
    if (!material.plan || material.plan->product_id != product_id)
      throw InvalidInput(of_product + " has no plan \"" + *request.plan + "\"");
  }
  material.images = store::product_images(session, brand.id, product_id);
  for (const store::BrandAsset& asset : store::brand_assets(session, brand.id)) {
    if (asset.kind == "logo" && !material.logo) material.logo = asset;
  }
  return material;
}

void need_source(const Material& material, const std::string& source) {
  const bool is_of_angles = source == "belief" || source == "angles";
  const bool lacks_hooks = source == "hooks" && material.hooks.empty();
  if (!lacks_hooks && !(is_of_angles && material.angles.empty())) return;
  throw InvalidInput(
      "product " + material.product.id + (lacks_hooks ? " has no hooks" : " has no active angle"),
      "import some with: adgenome import catalog FILE");
}

bool has_tag(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

std::optional<std::size_t> room_for(const store::Template& from, std::string_view role) {
  if (!from.text_areas.is_array()) return std::nullopt;
  for (const core::Json& area : from.text_areas) {
    if (area.is_object() && area.value("role", "") == role && area.contains("max_chars") &&
        area.at("max_chars").is_number_integer()) {
      return static_cast<std::size_t>(
          std::max<std::int64_t>(area.at("max_chars").get<std::int64_t>(), 0));
    }
  }
  return std::nullopt;
}

bool has_room(const store::Template& from, std::string_view role, const std::string& text) {
  const auto room = room_for(from, role);
  return !room || creative::count_characters(text) <= *room;
}

std::string cut_to_room(const store::Template& from, std::string_view role,
                        const std::string& text) {
  const auto room = room_for(from, role);
  return room ? creative::cut_at_word(text, *room) : text;
}

std::optional<std::string> best_image(const Material& material, const store::Template& from,
                                      bool is_scene) {
  const store::ProductImage* best = nullptr;
  for (const store::ProductImage& image : material.images) {
    if (has_tag(image.asset_tags, "lifestyle") != is_scene) continue;
    if (!best || rank_of(image, from) > rank_of(*best, from)) best = &image;
  }
  return best ? std::optional(best->path) : std::nullopt;
}

}  // namespace adgenome::app
