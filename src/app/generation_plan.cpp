#include "generation_plan.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>

namespace adgenome::app {
namespace {

using core::InvalidInput;

// Longer texts are no badge.
constexpr std::size_t kBadgeCharacters = 28;
constexpr std::size_t kMostBenefits = 4;

bool has_tag(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

/// How well a picture suits a template: its quality, +0.3 a required tag, +0.1 an optional one.
double rank_of(const store::ProductImage& image, const store::Template& from) {
  double rank = image.quality.value_or(0);
  for (const std::string& tag : image.asset_tags) {
    if (has_tag(from.required_assets, tag)) rank += 0.3;
    if (has_tag(from.optional_assets, tag)) rank += 0.1;
  }
  return rank;
}

/// The best picture that is a scene, or that is none; ties by id.
std::optional<std::string> best_image(const Material& material, const store::Template& from,
                                      bool is_scene) {
  const store::ProductImage* best = nullptr;
  for (const store::ProductImage& image : material.images) {
    if (has_tag(image.asset_tags, "lifestyle") != is_scene) continue;
    if (!best || rank_of(image, from) > rank_of(*best, from)) best = &image;
  }
  return best ? std::optional(best->path) : std::nullopt;
}

/// Most characters that a template's area of a role takes; nothing where it does not say.
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

/// The hooks for a template: those that its headline area has room for, then the others.
std::vector<const store::Hook*> hooks_for(const Material& material, const store::Template& from,
                                          std::size_t count) {
  std::vector<const store::Hook*> chosen;
  for (const bool is_fitting : {true, false}) {
    std::vector<const store::Hook*> pool;
    std::vector<creative::HookRank> ranks;
    for (const store::Hook& hook : material.hooks) {
      if (has_room(from, "headline", hook.text) != is_fitting) continue;
      pool.push_back(&hook);
      ranks.push_back({hook.id, hook.impact_score, hook.persuasion_type});
    }
    for (const std::size_t i : creative::choose_hooks(ranks, count - chosen.size()))
      chosen.push_back(pool[i]);
  }
  return chosen;
}

std::vector<std::string> benefits_of(const Material& material, const store::Template& from) {
  std::vector<std::string> all;
  if (material.variant) all = material.variant->benefits;
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
std::optional<std::string> subheadline_of(const Material& material, const store::Template& from,
                                          const std::string& headline) {
  std::vector<std::string> candidates;
  if (material.variant && material.variant->message)
    candidates.push_back(*material.variant->message);
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

creative::Content content_for(const store::Brand& brand, const Material& material,
                              const store::Template& from, const store::Hook& hook) {
  const store::Product& product = material.product;
  creative::Content content;
  content.headline = cut_to_room(from, "headline", hook.text);
  content.subheadline = subheadline_of(material, from, content.headline);
  content.call_to_action =
      creative::call_to_action(material.stage ? material.stage : from.awareness_level);
  content.benefits = benefits_of(material, from);
  if (material.variant) content.pains = material.variant->pain_points;
  content.badge = badge_of(product, content.headline);
  content.rating = creative::find_rating(product.unique_selling_points);
  if (!brand.required_disclaimers.empty())
    content.disclaimer = core::join(brand.required_disclaimers, " ");
  content.product_name = product.display_name.value_or(product.name);
  content.brand_name = brand.name;
  return content;
}

/// What the template needs and the product does not have, and what to do about it in words.
void note_missing(creative::Prompt& prompt, const Material& material, const RunPlan& run) {
  for (const std::string& asset : run.from.required_assets) {
    const bool is_there =
        (asset == "logo" && material.logo) ||
        (asset == "rating" && creative::find_rating(material.product.unique_selling_points)) ||
        std::any_of(material.images.begin(), material.images.end(),
                    [&](const auto& image) { return has_tag(image.asset_tags, asset); });
    if (is_there) continue;
    prompt.missing_assets.push_back(asset);
    prompt.special_instructions.push_back(
        asset == "logo"     ? "there is no logo: set the brand's name"
        : asset == "person" ? "there is no picture of a person: show the product alone"
                            : "there is no " + asset + ": leave it out");
  }
}

creative::Prompt prompt_for(const store::Brand& brand, const Material& material, const RunPlan& run,
                            const Attempt& attempt) {
  const store::Product& product = material.product;
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
  if (material.variant) prompt.offer_variant = material.variant->id;
  prompt.pain_points = attempt.content.pains;
  if (material.persona) {
    prompt.persona_id = material.persona->id;
    prompt.depiction = material.persona->depiction;
  }
  prompt.awareness_stage = material.stage;
  prompt.hook_id = attempt.hook->id;
  prompt.headline = attempt.content.headline;
  prompt.headline_original = attempt.hook->text;
  prompt.headline_source = "hooks";
  prompt.persuasion_type = attempt.hook->persuasion_type;
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
  prompt.is_template_analysed = run.from.detected_at.has_value();
  prompt.required_assets = run.from.required_assets;
  note_missing(prompt, material, run);
  return prompt;
}

std::vector<std::pair<std::string, std::string>> tags_for(const Material& material,
                                                          const RunPlan& run,
                                                          const Attempt& attempt) {
  std::vector<std::pair<std::string, std::string>> tags;
  const auto add = [&](const char* dimension, const std::optional<std::string>& value) {
    if (value && !value->empty()) tags.emplace_back(dimension, *value);
  };
  const auto stage = material.stage ? material.stage : run.from.awareness_level;
  add("hook_type", attempt.hook->hook_type);
  add("belief_angle", attempt.hook->belief_angle);
  add("persona", material.persona ? std::optional(material.persona->id) : std::nullopt);
  add("color_mode", attempt.color_mode);
  add("visual_style", run.layout ? std::optional(run.layout->name) : std::nullopt);
  add("template_category", run.from.category);
  add("awareness_stage", stage ? std::optional(std::to_string(*stage)) : std::nullopt);
  add("offer_variant", material.variant ? std::optional(material.variant->id) : std::nullopt);
  add("canvas_size", attempt.size.name);
  add("template_id", run.from.id);
  add("content_source", "hooks");
  add("prompt_version", std::string(creative::kPromptVersion));
  return tags;
}

RunPlan plan_run(const store::Brand& brand, const Material& material, const store::Template& from,
                 const GenerateRequest& request, std::vector<std::string>& warnings) {
  RunPlan run;
  run.from = from;
  try {
    run.layout = creative::layout_of(from.layout, from.category, "template " + from.id);
  } catch (const InvalidInput& error) {
    run.error = std::string(error.what()) + " (" + error.where() + ")";
  }
  run.product_image = best_image(material, from, false);
  run.photo = best_image(material, from, true);
  if (material.logo) run.logo = material.logo->path;
  const auto hooks = hooks_for(material, from, static_cast<std::size_t>(request.hooks));
  if (static_cast<std::int64_t>(hooks.size()) < request.hooks) {
    warnings.push_back("template " + from.id + ": " + std::to_string(request.hooks) +
                       " hooks asked for, product " + material.product.id + " has " +
                       std::to_string(hooks.size()));
  }
  const std::int64_t variations = static_cast<std::int64_t>(hooks.size() * request.colors.size());
  for (const store::Hook* hook : hooks) {
    for (const std::string& color : request.colors) {
      const std::int64_t index = run.attempts.empty() ? 1 : run.attempts.back().prompt_index + 1;
      for (const creative::CanvasSize& size : request.sizes) {
        Attempt attempt;
        attempt.prompt_index = index;
        attempt.hook = hook;
        attempt.color_mode = color;
        attempt.size = size;
        attempt.content = content_for(brand, material, from, *hook);
        attempt.prompt = prompt_for(brand, material, run, attempt);
        attempt.prompt.variation = index;
        attempt.prompt.variations = variations;
        attempt.tags = tags_for(material, run, attempt);
        run.attempts.push_back(std::move(attempt));
      }
    }
  }
  return run;
}

std::string not_there(const std::string& what, const std::string& id, const std::string& owner) {
  return owner + " has no " + what + " \"" + id + "\"";
}

}  // namespace

Material find_material(store::Session& session, const store::Brand& brand,
                       const GenerateRequest& request, const std::string& product_id) {
  Material material;
  const auto product = store::find_product(session, brand.id, product_id);
  if (!product) throw InvalidInput(not_there("product", product_id, "brand " + brand.id));
  material.product = *product;
  if (request.persona) {
    material.persona = store::find_persona(session, brand.id, *request.persona);
    if (!material.persona)
      throw InvalidInput(not_there("persona", *request.persona, "brand " + brand.id));
    if (const auto& stage = material.persona->awareness_stage)
      material.stage = creative::awareness_stage(*stage);
  }
  const auto variants = store::offer_variants(session, brand.id, product_id);
  if (request.offer_variant) {
    const auto found = std::find_if(variants.begin(), variants.end(), [&](const auto& variant) {
      return variant.id == *request.offer_variant;
    });
    if (found == variants.end()) {
      throw InvalidInput(
          not_there("offer variant", *request.offer_variant, "product " + product_id));
    }
    material.variant = *found;
  } else if (!variants.empty()) {
    material.variant = variants.front();
  }
  material.hooks = store::hooks(session, brand.id, product_id);
  if (material.hooks.empty()) {
    throw InvalidInput("product " + product_id + " has no hooks",
                       "import some with: adgenome import catalog FILE");
  }
  material.images = store::product_images(session, brand.id, product_id);
  for (const store::BrandAsset& asset : store::brand_assets(session, brand.id)) {
    if (asset.kind == "logo" && !material.logo) material.logo = asset;
  }
  return material;
}

std::vector<RunPlan> plan_runs(const store::Brand& brand, const Material& material,
                               const std::vector<store::Template>& templates,
                               const GenerateRequest& request, std::vector<std::string>& warnings) {
  std::vector<RunPlan> runs;
  for (const store::Template& from : templates)
    runs.push_back(plan_run(brand, material, from, request, warnings));
  return runs;
}

}  // namespace adgenome::app
