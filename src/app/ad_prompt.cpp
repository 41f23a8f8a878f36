#include "ad_prompt.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

// Longer texts are no badge.
constexpr std::size_t kBadgeCharacters = 28;
constexpr std::size_t kMostBenefits = 4;

const store::Persona* persona_of(const Material& material, const RunPlan& run, const AdText& text) {
  return material.persona(text.persona_id ? text.persona_id : run.decided->persona_id);
}

std::vector<std::string> benefits_of(const Material& material, const store::OfferVariant* variant,
                                     const store::Template& from) {
  std::vector<std::string> all;
  if (variant) all = variant->benefits;
  all.insert(all.end(), material.product.benefits.begin(), material.product.benefits.end());
  std::vector<std::string> kept;
  for (const std::string& benefit : all) {
    if (kept.size() == kMostBenefits) break;
    if (has_room(from, "benefit", benefit) && !has_tag(kept, benefit)) kept.push_back(benefit);
  }
  return kept;
}

/// The first text of the catalogue that says something else than the headline and has room; cut
/// where none has.
std::optional<std::string> subheadline_of(const Material& material,
                                          const store::OfferVariant* variant,
                                          const store::Template& from,
                                          const std::string& headline) {
  std::vector<std::string> candidates;
  if (variant && variant->message) candidates.push_back(*variant->message);
  const auto rating = creative::find_rating(material.product.unique_selling_points);
  for (const std::string& point : material.product.unique_selling_points) {
    if (!rating || rating->text != point) candidates.push_back(point);
  }
  std::erase(candidates, headline);
  for (const std::string& candidate : candidates) {
    if (has_room(from, "subheadline", candidate)) return candidate;
  }
  if (candidates.empty()) return std::nullopt;
  return cut_to_room(from, "subheadline", candidates.front());
}

std::optional<std::string> badge_of(const store::Product& product, const std::string& headline) {
  for (const auto& text : {product.current_offer, product.guarantee}) {
    if (text && *text != headline && creative::count_characters(*text) <= kBadgeCharacters)
      return text;
  }
  return std::nullopt;
}

std::string instead_of(const std::string& asset) {
  if (asset == "logo") return "there is no logo: leave its area empty or set the brand's name";
  if (asset == "person") return "there is no picture of a person: show the product alone";
  return "there is no " + asset + ": leave it out";
}

/// What the template asks for and whether it can be had; what to do without it, in words.
void hold_against_assets(creative::Prompt& prompt, const Material& material,
                         const store::Template& from) {
  prompt.assets.is_analysed = from.detected_at.has_value();
  if (!prompt.assets.is_analysed) return;
  const auto is_there = [&](const std::string& asset) {
    return (asset == "logo" && material.logo) ||
           (asset == "rating" && creative::find_rating(material.product.unique_selling_points)) ||
           std::any_of(material.images.begin(), material.images.end(),
                       [&](const auto& image) { return has_tag(image.asset_tags, asset); });
  };
  const auto add = [&](const std::string& asset, bool is_required) {
    creative::AssetNeed need{
        .asset = asset, .is_required = is_required, .is_available = is_there(asset)};
    if (is_required && !need.is_available) {
      need.instruction = instead_of(asset);
      prompt.special_instructions.push_back(*need.instruction);
    }
    prompt.assets.needs.push_back(std::move(need));
  };
  for (const std::string& asset : from.required_assets) add(asset, true);
  for (const std::string& asset : from.optional_assets) add(asset, false);
}

}  // namespace

creative::Content content_for(const store::Brand& brand, const Material& material,
                              const RunPlan& run, const AdText& text) {
  const store::Product& product = material.product;
  const store::OfferVariant* variant = material.variant(run.decided->offer_variant_id);
  const auto stage = stage_of(persona_of(material, run, text));
  creative::Content content;
  content.headline = cut_to_room(run.from, "headline", text.text);
  content.subheadline = subheadline_of(material, variant, run.from, content.headline);
  content.call_to_action = creative::call_to_action(stage ? stage : run.from.awareness_level);
  content.benefits = benefits_of(material, variant, run.from);
  if (variant) content.pains = variant->pain_points;
  content.badge = badge_of(product, content.headline);
  content.rating = creative::find_rating(product.unique_selling_points);
  if (!brand.required_disclaimers.empty())
    content.disclaimer = core::join(brand.required_disclaimers, " ");
  content.product_name = product.display_name.value_or(product.name);
  content.brand_name = brand.name;
  return content;
}

creative::Prompt prompt_for(const store::Brand& brand, const Material& material, const RunPlan& run,
                            const Attempt& attempt) {
  const store::Product& product = material.product;
  const AdText& text = *attempt.text;
  const store::OfferVariant* variant = material.variant(run.decided->offer_variant_id);
  const store::Persona* persona = persona_of(material, run, text);
  creative::Prompt prompt;
  prompt.canvas_size = attempt.size.name;
  prompt.width = attempt.size.width;
  prompt.height = attempt.size.height;
  prompt.color_mode = attempt.color_mode;
  prompt.product_id = product.id;
  prompt.product_name = attempt.content.product_name;
  prompt.brand_name = brand.name;
  prompt.benefits = attempt.content.benefits;
  prompt.selling_points = product.unique_selling_points;
  prompt.current_offer = product.current_offer;
  prompt.voice = brand.voice;
  prompt.prohibited_claims = brand.prohibited_claims;
  prompt.disclaimers = brand.required_disclaimers;
  prompt.dimensions = product.dimensions;
  if (variant) prompt.offer_variant = variant->id;
  prompt.pain_points = attempt.content.pains;
  if (persona) {
    prompt.persona_id = persona->id;
    prompt.depiction = persona->depiction;
  }
  prompt.awareness_stage = stage_of(persona);
  if (!text.hook_id.empty()) prompt.hook_id = text.hook_id;
  if (!text.angle_id.empty()) prompt.angle_id = text.angle_id;
  prompt.congruence = text.congruence;
  prompt.wording = text.wording;
  if (text.congruence.is_object() && text.congruence.at("score").is_number())
    prompt.congruence_score = text.congruence.at("score").get<double>();
  prompt.headline = attempt.content.headline;
  prompt.headline_original = text.original;
  prompt.headline_source = text.source;
  prompt.persuasion_type = text.persuasion_type;
  prompt.subheadline = attempt.content.subheadline;
  prompt.call_to_action = attempt.content.call_to_action.value_or("");
  prompt.layout = run.layout ? run.layout->id() : "";
  prompt.fonts = {"Lato", "Noto Serif Display"};
  prompt.text_areas = run.from.text_areas;
  if (run.from.image) prompt.images.push_back({"style_reference", *run.from.image});
  if (run.product_image) prompt.images.push_back({"product", *run.product_image});
  if (run.photo) prompt.images.push_back({"scene", *run.photo});
  if (run.logo) prompt.images.push_back({"logo", *run.logo});
  prompt.template_id = run.from.id;
  prompt.template_category = run.from.category;
  prompt.template_palette = run.from.palette;
  prompt.template_awareness_level = run.from.awareness_level;
  hold_against_assets(prompt, material, run.from);
  return prompt;
}

std::vector<std::pair<std::string, std::string>> tags_for(const Material& material,
                                                          const RunPlan& run,
                                                          const Attempt& attempt) {
  std::vector<std::pair<std::string, std::string>> tags;
  const auto add = [&](const char* dimension, const std::optional<std::string>& value) {
    if (value && !value->empty()) tags.emplace_back(dimension, *value);
  };
  const AdText& text = *attempt.text;
  const store::Persona* persona = persona_of(material, run, text);
  const auto own_stage = stage_of(persona);
  const auto stage = own_stage ? own_stage : run.from.awareness_level;
  add("hook_type", text.hook_type);
  add("belief_angle", text.belief_angle);
  add("persona", persona ? std::optional(persona->id) : std::nullopt);
  add("color_mode", attempt.color_mode);
  add("visual_style", run.layout ? std::optional(run.layout->name) : std::nullopt);
  add("template_category", run.from.category);
  add("awareness_stage", stage ? std::optional(std::to_string(*stage)) : std::nullopt);
  add("offer_variant", run.decided->offer_variant_id);
  add("canvas_size", attempt.size.name);
  add("template_id", run.from.id);
  add("content_source", text.source);
  add("prompt_version", attempt.prompt.version);
  return tags;
}

}  // namespace adgenome::app
