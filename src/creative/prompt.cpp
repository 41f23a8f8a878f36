#include <adgenome/core/text.hpp>
#include <adgenome/creative/prompt.hpp>

namespace adgenome::creative {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

PromptFacts facts_of(const Prompt& prompt) {
  PromptFacts facts{
      {"product", prompt.product_name},        {"brand", prompt.brand_name},
      {"width", std::to_string(prompt.width)}, {"height", std::to_string(prompt.height)},
      {"headline", prompt.headline},           {"call_to_action", prompt.call_to_action}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) facts.emplace(name, text);
  };
  add("layout", prompt.layout);
  add("subheadline", prompt.subheadline.value_or(""));
  add("depiction", prompt.depiction.value_or(""));
  add("current_offer", prompt.current_offer.value_or(""));
  add("voice", prompt.voice.value_or(""));
  add("dimensions", prompt.dimensions.value_or(""));
  add("benefits", core::join(prompt.benefits, "; "));
  add("prohibited_claims", core::join(prompt.prohibited_claims, "; "));
  add("disclaimers", core::join(prompt.disclaimers, " "));
  return facts;
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

Json assets_of(const AssetContext& assets) {
  if (!assets.is_analysed) {
    return {{"is_analysed", false},
            {"required_assets", nullptr},
            {"missing_assets", nullptr},
            {"needs", nullptr}};
  }
  Json required = Json::array();
  Json missing = Json::array();
  Json needs = Json::array();
  for (const AssetNeed& need : assets.needs) {
    if (need.is_required) required.push_back(need.asset);
    if (need.is_required && !need.is_available) missing.push_back(need.asset);
    needs.push_back({{"asset", need.asset},
                     {"is_required", need.is_required},
                     {"is_available", need.is_available},
                     {"instruction", or_null(need.instruction)}});
  }
  return {{"is_analysed", true},
          {"required_assets", std::move(required)},
          {"missing_assets", std::move(missing)},
          {"needs", std::move(needs)}};
}

}  // namespace

void word_prompt(Prompt& prompt, const PromptVersion& version) {
  const PromptFacts facts = facts_of(prompt);
  prompt.version = version.name;
  prompt.brief = fill_phrase(version.brief, facts).value_or("");
  prompt.rules.clear();
  for (const std::string& rule : version.rules) {
    const auto filled = fill_phrase(rule, facts);
    if (filled && !filled->empty()) prompt.rules.push_back(*filled);
  }
}

Json to_json(const Prompt& prompt) {
  return {{"schema", "adgenome/prompt/v1"},
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
            {"angle_id", or_null(prompt.angle_id)},
            {"headline", prompt.headline},
            {"headline_original", prompt.headline_original},
            {"headline_source", prompt.headline_source},
            {"persuasion_type", or_null(prompt.persuasion_type)},
            {"subheadline", or_null(prompt.subheadline)},
            {"call_to_action", prompt.call_to_action},
            {"congruence_score", or_null(prompt.congruence_score)},
            {"congruence", prompt.congruence},
            {"wording", prompt.wording}}},
          {"style",
           {{"layout", prompt.layout},
            {"palette", prompt.palette},
            {"fonts", prompt.fonts},
            {"text_placement", prompt.text_areas}}},
          {"images", images_of(prompt)},
          {"template_analysis",
           {{"template_id", or_null(prompt.template_id)},
            {"category", or_null(prompt.template_category)},
            {"is_analysed", prompt.assets.is_analysed},
            {"palette", prompt.template_palette},
            {"awareness_level", or_null(prompt.template_awareness_level)}}},
          {"asset_context", assets_of(prompt.assets)},
          {"rules", prompt.rules},
          {"brief", prompt.brief},
          {"performance_context", prompt.performance_context},
          {"special_instructions", prompt.special_instructions}};
}

}  // namespace adgenome::creative
