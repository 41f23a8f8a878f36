#include <adgenome/core/text.hpp>
#include <adgenome/creative/prompt.hpp>

namespace adgenome::creative {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// What every maker of pictures is told, whoever it is.
std::vector<std::string> rules_of(const Prompt& prompt) {
  std::vector<std::string> rules{
      "show the product exactly as in its pictures: shape, parts, colors, proportions",
      "leave the text on packaging untouched",
      prompt.current_offer ? "offer nothing but: " + *prompt.current_offer
                           : "offer nothing: no price, discount or gift",
      "one light for product and scene, true to scale"};
  if (!prompt.prohibited_claims.empty())
    rules.push_back("never claim: " + core::join(prompt.prohibited_claims, "; "));
  if (!prompt.disclaimers.empty())
    rules.push_back("print these disclaimers: " + core::join(prompt.disclaimers, " "));
  return rules;
}

std::string brief_of(const Prompt& prompt) {
  std::string brief = "An ad for " + prompt.product_name + " by " + prompt.brand_name + ", " +
                      std::to_string(prompt.width) + " x " + std::to_string(prompt.height) +
                      " pixels, in the layout " + prompt.layout + ". Headline: \"" +
                      prompt.headline + "\".";
  if (prompt.subheadline) brief += " Below it: \"" + *prompt.subheadline + "\".";
  brief += " Button: \"" + prompt.call_to_action + "\".";
  if (prompt.depiction) brief += " If a person is shown: " + *prompt.depiction;
  return brief;
}

Json images_of(const Prompt& prompt) {
  Json images = Json::array();
  for (const PromptImage& image : prompt.images)
    images.push_back({{"role", image.role}, {"path", image.path}});
  return images;
}

Json persona_of(const Prompt& prompt) {
  if (!prompt.persona_id) return nullptr;
  return {{"persona_id", *prompt.persona_id},
          {"depiction", or_null(prompt.depiction)},
          {"awareness_stage", or_null(prompt.awareness_stage)}};
}

}  // namespace

Json to_json(const Prompt& prompt) {
  return {
      {"schema", "adgenome/prompt/v1"},
      {"task",
       {{"variation", prompt.variation},
        {"variations", prompt.variations},
        {"canvas_size", prompt.canvas_size},
        {"width", prompt.width},
        {"height", prompt.height},
        {"color_mode", prompt.color_mode},
        {"prompt_version", prompt.version}}},
      {"product",
       {{"product_id", prompt.product_id},
        {"name", prompt.product_name},
        {"brand", prompt.brand_name},
        {"benefits", prompt.benefits},
        {"selling_points", prompt.selling_points},
        {"current_offer", or_null(prompt.current_offer)},
        {"voice", or_null(prompt.voice)},
        {"prohibited_claims", prompt.prohibited_claims},
        {"disclaimers", prompt.disclaimers},
        {"dimensions", or_null(prompt.dimensions)},
        {"offer_variant", or_null(prompt.offer_variant)},
        {"pain_points", prompt.pain_points}}},
      {"persona", persona_of(prompt)},
      {"content",
       {{"hook_id", or_null(prompt.hook_id)},
        {"headline", prompt.headline},
        {"headline_original", prompt.headline_original},
        {"headline_source", prompt.headline_source},
        {"persuasion_type", or_null(prompt.persuasion_type)},
        {"subheadline", or_null(prompt.subheadline)},
        {"call_to_action", prompt.call_to_action},
        {"congruence_score", or_null(prompt.congruence_score)}}},
      {"style",
       {{"layout", prompt.layout},
        {"palette", prompt.palette},
        {"fonts", prompt.fonts},
        {"text_placement", prompt.text_areas}}},
      {"images", images_of(prompt)},
      {"template_analysis",
       {{"template_id", prompt.template_id},
        {"category", or_null(prompt.template_category)},
        {"is_analysed", prompt.is_template_analysed}}},
      {"asset_context",
       {{"required_assets", prompt.required_assets}, {"missing_assets", prompt.missing_assets}}},
      {"rules", rules_of(prompt)},
      {"brief", brief_of(prompt)},
      {"performance_context", nullptr},
      {"special_instructions", prompt.special_instructions}};
}

}  // namespace adgenome::creative
