#include <adgenome/core/error.hpp>
#include <adgenome/creative/prompt.hpp>
#include <algorithm>

namespace adgenome::creative {
namespace {

using core::Json;

/// The value of a member; its type's own where the member is not there, as in older documents, or
/// null.
template <class T>
T member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? T() : found->get<T>();
}

template <class T>
std::optional<T> known(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<T>();
}

using Texts = std::vector<std::string>;

void read_task(const Json& task, Prompt& prompt) {
  prompt.variation = task.at("variation").get<std::int64_t>();
  prompt.variations = task.at("variations").get<std::int64_t>();
  prompt.canvas_size = task.at("canvas_size").get<std::string>();
  prompt.width = task.at("width").get<std::int64_t>();
  prompt.height = task.at("height").get<std::int64_t>();
  prompt.color_mode = task.at("color_mode").get<std::string>();
  prompt.version = task.at("prompt_version").get<std::string>();
}

void read_product(const Json& product, Prompt& prompt) {
  prompt.product_id = product.at("product_id").get<std::string>();
  prompt.product_name = product.at("name").get<std::string>();
  prompt.brand_name = product.at("brand").get<std::string>();
  prompt.benefits = member<Texts>(product, "benefits");
  prompt.selling_points = member<Texts>(product, "selling_points");
  prompt.current_offer = known<std::string>(product, "current_offer");
  prompt.voice = known<std::string>(product, "voice");
  prompt.prohibited_claims = member<Texts>(product, "prohibited_claims");
  prompt.disclaimers = member<Texts>(product, "disclaimers");
  prompt.dimensions = known<std::string>(product, "dimensions");
  prompt.offer_variant = known<std::string>(product, "offer_variant");
  prompt.pain_points = member<Texts>(product, "pain_points");
}

void read_content(const Json& content, Prompt& prompt) {
  prompt.hook_id = known<std::string>(content, "hook_id");
  prompt.angle_id = known<std::string>(content, "angle_id");
  prompt.headline = content.at("headline").get<std::string>();
  prompt.headline_original = content.at("headline_original").get<std::string>();
  prompt.headline_source = content.at("headline_source").get<std::string>();
  prompt.persuasion_type = known<std::string>(content, "persuasion_type");
  prompt.subheadline = known<std::string>(content, "subheadline");
  prompt.call_to_action = content.at("call_to_action").get<std::string>();
  prompt.congruence_score = known<double>(content, "congruence_score");
  prompt.congruence = member<Json>(content, "congruence");
  prompt.wording = content.value("wording", Json::array());
}

/// Documents of the first program list what is missing and say nothing of what is optional.
void read_assets(const Json& assets, bool is_analysed, Prompt& prompt) {
  prompt.assets.is_analysed = is_analysed;
  if (!is_analysed) return;
  if (assets.contains("needs")) {
    for (const Json& need : assets.at("needs")) {
      prompt.assets.needs.push_back({.asset = need.at("asset").get<std::string>(),
                                     .is_required = need.at("is_required").get<bool>(),
                                     .is_available = need.at("is_available").get<bool>(),
                                     .instruction = known<std::string>(need, "instruction")});
    }
    return;
  }
  const auto missing = member<Texts>(assets, "missing_assets");
  for (const std::string& asset : member<Texts>(assets, "required_assets")) {
    const bool is_missing = std::find(missing.begin(), missing.end(), asset) != missing.end();
    prompt.assets.needs.push_back({.asset = asset, .is_available = !is_missing});
  }
}

}  // namespace

Prompt prompt_from_json(const Json& document, const std::string& where) {
  Prompt prompt;
  try {
    read_task(document.at("task"), prompt);
    read_product(document.at("product"), prompt);
    if (const Json& persona = document.at("persona"); !persona.is_null()) {
      prompt.persona_id = persona.at("persona_id").get<std::string>();
      prompt.depiction = known<std::string>(persona, "depiction");
      prompt.awareness_stage = known<std::int64_t>(persona, "awareness_stage");
    }
    read_content(document.at("content"), prompt);
    const Json& style = document.at("style");
    prompt.layout = style.at("layout").get<std::string>();
    prompt.palette = member<Texts>(style, "palette");
    prompt.fonts = member<Texts>(style, "fonts");
    prompt.text_areas = style.at("text_placement");
    for (const Json& image : document.at("images")) {
      prompt.images.push_back(
          {image.at("role").get<std::string>(), image.at("path").get<std::string>()});
    }
    const Json& analysis = document.at("template_analysis");
    prompt.template_id = member<std::string>(analysis, "template_id");
    prompt.template_category = known<std::string>(analysis, "category");
    prompt.template_palette = member<Texts>(analysis, "palette");
    prompt.template_awareness_level = known<std::int64_t>(analysis, "awareness_level");
    read_assets(document.at("asset_context"), analysis.at("is_analysed").get<bool>(), prompt);
    prompt.rules = member<Texts>(document, "rules");
    prompt.brief = document.at("brief").get<std::string>();
    prompt.performance_context = member<Json>(document, "performance_context");
    prompt.special_instructions = member<Texts>(document, "special_instructions");
  } catch (const Json::exception& error) {
    // nlohmann's text names the member and the type that was met.
    throw core::InvalidInput(std::string("not a prompt: ") + error.what(), "", where);
  }
  return prompt;
}

}  // namespace adgenome::creative
