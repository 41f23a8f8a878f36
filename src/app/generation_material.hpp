#pragma once

#include <adgenome/app/generate.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// What the catalogue has for the ads of a product.
struct Material {
  store::Product product;
  std::vector<store::Persona> personas;
  std::vector<store::OfferVariant> variants;
  std::vector<store::Hook> hooks;  ///< no two that say the same
  std::vector<store::Angle> angles;
  std::vector<store::ProductImage> images;
  std::optional<store::BrandAsset> logo;
  std::optional<store::Plan> plan;

  /// Null where there is none of that id.
  const store::Persona* persona(const std::optional<std::string>& id) const;
  const store::OfferVariant* variant(const std::optional<std::string>& id) const;
  const store::Angle* angle(const std::string& id) const;
};

/// The stage of awareness (1..5) that a persona is at; nothing where it is not known.
std::optional<std::int64_t> stage_of(const store::Persona* persona);

/// The name of an angle as ads are tagged with it: "cold_for_a_day".
std::string tag_of(const store::Angle& angle);

/// Throws InvalidInput for a product, persona, offer variant, plan or angle that is not there.
Material find_material(store::Session& session, const store::Brand& brand,
                       const GenerateRequest& request, const std::string& product_id);

/// Throws InvalidInput where the catalogue has nothing to take headlines of a source from.
void need_source(const Material& material, const std::string& source);

// What a template asks for, as far as that is known.

bool has_tag(const std::vector<std::string>& tags, std::string_view tag);
/// Most characters that a template's area of a role takes; nothing where it does not say.
std::optional<std::size_t> room_for(const store::Template& from, std::string_view role);
bool has_room(const store::Template& from, std::string_view role, const std::string& text);
/// The text, cut at a word where the area has no room for all of it.
std::string cut_to_room(const store::Template& from, std::string_view role,
                        const std::string& text);

/// The best picture of the product that is a scene, or that is none: by quality, +0.3 a tag that
/// the template needs, +0.1 one that it may have; ties by id.
std::optional<std::string> best_image(const Material& material, const store::Template& from,
                                      bool is_scene);

}  // namespace adgenome::app
