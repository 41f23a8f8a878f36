#include "ad_texts.hpp"

#include <adgenome/creative/copy_rules.hpp>
#include <adgenome/creative/terms.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <cmath>
#include <set>

namespace adgenome::app {
namespace {

AdText text_of(const store::Hook& hook, const char* source) {
  return {.source = source,
          .text = hook.text,
          .original = hook.text,
          .hook_id = hook.id,
          .hook_type = hook.hook_type,
          .belief_angle = hook.belief_angle,
          .persuasion_type = hook.persuasion_type};
}

AdText text_of(const store::Angle& angle, const char* source) {
  return {.source = source,
          .text = angle.belief_statement,
          .original = angle.belief_statement,
          .angle_id = angle.id,
          .belief_angle = tag_of(angle)};
}

AdText failed(const char* source, std::string why) {
  AdText text{.source = source, .text = {}, .original = {}};
  text.error = std::move(why);
  return text;
}

/// The words of a persona: how it is described, and the stage that it is at.
std::string words_about(const store::Persona& persona) {
  std::string words = persona.snapshot.value_or("") + " " + persona.awareness_stage.value_or("");
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// What a template's own headline says, where that is known.
std::optional<std::string> own_text(const store::Template& from) {
  if (!from.text_areas.is_array()) return std::nullopt;
  for (const core::Json& area : from.text_areas) {
    if (area.is_object() && area.value("role", "") == "headline" && area.contains("text") &&
        area.at("text").is_string()) {
      return area.at("text").get<std::string>();
    }
  }
  return std::nullopt;
}

std::int64_t member(const core::Json& item, const char* name, std::int64_t otherwise) {
  const auto found = item.find(name);
  return found == item.end() || !found->is_number_integer() ? otherwise
                                                            : found->get<std::int64_t>();
}

std::string id_at(const core::Json& item, const char* name) {
  const auto found = item.find(name);
  return found == item.end() || !found->is_string() ? "" : found->get<std::string>();
}

}  // namespace

std::vector<std::string> texts_of_product(const Material& material) {
  std::vector<std::string> texts = material.product.benefits;
  const auto add = [&](const std::vector<std::string>& more) {
    texts.insert(texts.end(), more.begin(), more.end());
  };
  add(material.product.unique_selling_points);
  for (const store::OfferVariant& variant : material.variants) {
    if (variant.message) texts.push_back(*variant.message);
    add(variant.benefits);
    add(variant.pain_points);
  }
  for (const store::Hook& hook : material.hooks) texts.push_back(hook.text);
  for (const store::Angle& angle : material.angles) texts.push_back(angle.belief_statement);
  return texts;
}

TextFinder::TextFinder(const Material& material, const ElementChooser& chooser,
                       const GenerateRequest& request)
    : material_(material), chooser_(chooser), request_(request) {
  if (!material.plan) return;
  for (const core::Json& item : material.plan->items) taken_.push_back(member(item, "made", 0));
}

std::vector<AdText> TextFinder::texts_for(const std::string& run, const store::Template& from,
                                          const store::Persona* persona) {
  if (request_.source == "belief") return from_belief(run);
  if (request_.source == "angles") return from_angles();
  if (request_.source == "plan") return from_plan(from, persona);
  if (request_.source == "recreate") return recreated(from);
  return from_hooks(run, from, persona);
}

std::vector<AdText> TextFinder::from_hooks(const std::string& run, const store::Template& from,
                                           const store::Persona* persona) const {
  const creative::TermWeights weights(texts_of_product(material_));
  // Those that the headline's area has room for come before the others.
  std::vector<const store::Hook*> pool;
  std::vector<creative::HookRank> ranks;
  for (const bool is_fitting : {true, false}) {
    std::vector<const store::Hook*> some;
    std::vector<creative::HookRank> their_ranks;
    for (const store::Hook& hook : material_.hooks) {
      if (has_room(from, "headline", hook.text) != is_fitting) continue;
      some.push_back(&hook);
      their_ranks.push_back(
          {hook.id, hook.impact_score, hook.persuasion_type,
           persona ? weights.shared(hook.text, words_about(*persona)).value_or(0) : 0});
    }
    for (const std::size_t i : creative::choose_hooks(their_ranks, some.size()))
      pool.push_back(some[i]);
  }
  std::vector<AdText> texts;
  std::set<std::string> used_types;
  const auto fits = [&](const store::Hook* hook) { return has_room(from, "headline", hook->text); };
  while (static_cast<std::int64_t>(texts.size()) < request_.hooks && !pool.empty()) {
    std::size_t taken = 0;
    std::optional<ElementChoice> choice;
    if (chooser_.is_open()) {
      // Open is the type: of the hooks that fit and persuade in a way not used yet, where any do.
      std::vector<std::size_t> open;
      const bool any_fits = fits(pool.front());
      const auto collect = [&](bool is_new_only) {
        for (std::size_t i = 0; i < pool.size(); ++i) {
          const bool is_used =
              pool[i]->persuasion_type && used_types.contains(*pool[i]->persuasion_type);
          if (fits(pool[i]) == any_fits && !(is_new_only && is_used)) open.push_back(i);
        }
      };
      collect(true);
      if (open.empty()) collect(false);
      std::set<std::string> types;
      for (const std::size_t i : open) {
        if (pool[i]->hook_type) types.insert(*pool[i]->hook_type);
      }
      taken = open.front();
      if (!types.empty()) {
        const std::vector<std::string> values(types.begin(), types.end());
        choice =
            chooser_.choose(run + "/" + std::to_string(texts.size()), "hook_type", values).second;
        taken = *std::find_if(open.begin(), open.end(),
                              [&](std::size_t i) { return pool[i]->hook_type == choice->value; });
      }
    }
    AdText text = text_of(*pool[taken], "hooks");
    if (choice) text.choices.emplace("hook_type", *choice);
    if (pool[taken]->persuasion_type) used_types.insert(*pool[taken]->persuasion_type);
    pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(taken));
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<AdText> TextFinder::from_belief(const std::string& run) const {
  if (request_.angle) return {text_of(*material_.angle(*request_.angle), "belief")};
  std::vector<std::string> tags;
  for (const store::Angle& angle : material_.angles) tags.push_back(tag_of(angle));
  const auto [position, choice] = chooser_.choose(run, "belief_angle", tags);
  AdText text = text_of(material_.angles[position], "belief");
  if (chooser_.is_open()) text.choices.emplace("belief_angle", choice);
  return {std::move(text)};
}

std::vector<AdText> TextFinder::from_angles() {
  std::vector<AdText> texts;
  const std::size_t count =
      std::min(static_cast<std::size_t>(request_.hooks), material_.angles.size());
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(text_of(material_.angles[next_angle_++ % material_.angles.size()], "angles"));
  return texts;
}

std::vector<AdText> TextFinder::from_plan(const store::Template& from,
                                          const store::Persona* persona) {
  std::vector<AdText> texts;
  const core::Json& items = material_.plan->items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const core::Json& item = items[i];
    const std::string wanted = id_at(item, "template_id");
    if (!wanted.empty() && wanted != from.id) continue;
    while (taken_[i] < member(item, "count", 1) &&
           static_cast<std::int64_t>(texts.size()) < request_.hooks) {
      const std::string hook_id = id_at(item, "hook_id");
      const std::string angle_id = id_at(item, "angle_id");
      const auto hook = std::find_if(material_.hooks.begin(), material_.hooks.end(),
                                     [&](const store::Hook& one) { return one.id == hook_id; });
      const store::Angle* angle = material_.angle(angle_id);
      AdText text;
      if (hook != material_.hooks.end()) {
        text = text_of(*hook, "plan");
      } else if (!hook_id.empty()) {
        text = failed("plan", "plan " + material_.plan->id + ": product " + material_.product.id +
                                  " has no hook \"" + hook_id + "\"");
      } else if (angle) {
        text = text_of(*angle, "plan");
      } else if (!angle_id.empty()) {
        text = failed("plan", "plan " + material_.plan->id + ": product " + material_.product.id +
                                  " has no active angle \"" + angle_id + "\"");
      } else {
        const std::vector<AdText> hooks = from_hooks("plan/" + std::to_string(i), from, persona);
        text = hooks.empty() ? failed("plan", "product " + material_.product.id + " has no hooks")
                             : hooks.front();
        text.source = "plan";
      }
      if (const std::string id = id_at(item, "persona_id"); !id.empty()) text.persona_id = id;
      text.plan_item = static_cast<std::int64_t>(i);
      ++taken_[i];
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

std::vector<AdText> TextFinder::recreated(const store::Template& from) const {
  const auto own = own_text(from);
  if (!own) {
    return {failed("recreate", "what template " + from.id +
                                   " itself says is not known: its text areas hold no text")};
  }
  const std::vector<std::string> texts = texts_of_product(material_);
  const creative::TermWeights weights(texts);
  const auto length = static_cast<double>(creative::count_characters(*own));
  // The product's own sentence that is most like it, in words, form and length; never an offer.
  const auto likeness = [&](const std::string& text) {
    const auto other = static_cast<double>(creative::count_characters(text));
    const bool is_same_form = own->ends_with('?') == text.ends_with('?');
    return weights.cosine(*own, text) + (is_same_form ? 0.3 : 0) +
           0.2 * (1 - std::abs(length - other) / std::max({length, other, 1.0}));
  };
  const std::string* best = nullptr;
  for (const std::string& text : texts) {
    if (!creative::offers_in(text).empty()) continue;
    if (!best || likeness(text) > likeness(*best)) best = &text;
  }
  if (!best) return {failed("recreate", "the catalogue says nothing of the product but offers")};
  return {{.source = "recreate", .text = *best, .original = *own}};
}

}  // namespace adgenome::app
