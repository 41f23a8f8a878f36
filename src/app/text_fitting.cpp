#include "text_fitting.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/congruence.hpp>
#include <algorithm>

#include "ad_texts.hpp"

namespace adgenome::app {
namespace {

std::optional<std::string> joined(std::vector<std::string> texts) {
  std::erase(texts, "");
  if (texts.empty()) return std::nullopt;
  return core::join(texts, ". ");
}

/// The belief that a text stands on.
const store::Angle* belief_of(const Material& material, const AdText& text) {
  if (const store::Angle* angle = material.angle(text.angle_id)) return angle;
  if (!text.belief_angle) return nullptr;
  const auto found =
      std::find_if(material.angles.begin(), material.angles.end(),
                   [&](const store::Angle& one) { return tag_of(one) == *text.belief_angle; });
  return found == material.angles.end() ? nullptr : &*found;
}

creative::CongruenceTargets targets_of(const Material& material, const AdText& text,
                                       const store::OfferVariant* variant,
                                       const store::Template& from) {
  creative::CongruenceTargets targets;
  if (variant) {
    std::vector<std::string> said{variant->message.value_or("")};
    said.insert(said.end(), variant->benefits.begin(), variant->benefits.end());
    said.insert(said.end(), variant->pain_points.begin(), variant->pain_points.end());
    targets.offer_variant = joined(std::move(said));
    targets.landing_page =
        joined({variant->hero_headline.value_or(""), variant->hero_text.value_or("")});
  }
  if (const store::Angle* angle = belief_of(material, text))
    targets.belief = angle->belief_statement;
  targets.given = texts_of_product(material);
  // What hooks say among themselves gives nothing.
  for (const store::Hook& hook : material.hooks) std::erase(targets.given, hook.text);
  targets.given.push_back(material.product.current_offer.value_or(""));
  targets.given.push_back(material.product.guarantee.value_or(""));
  targets.room = room_for(from, "headline");
  return targets;
}

}  // namespace

TextFitter::TextFitter(const Material& material, const GenerateRequest& request)
    : material_(material), request_(request), weights_(texts_of_product(material)) {}

void TextFitter::reword(AdText& text, const char* purpose, const std::string& context,
                        const store::Template& from) {
  try {
    text.text = request_.reword({.purpose = purpose,
                                 .text = text.text,
                                 .context = context,
                                 .room = room_for(from, "headline")});
  } catch (const core::ProviderError& error) {
    const bool is_known =
        std::any_of(missing_.begin(), missing_.end(),
                    [&](const MissingAdvice& one) { return one.advice == purpose; });
    if (!is_known) missing_.push_back({purpose, error.what()});
  }
}

void TextFitter::fit(AdText& text, const DecidedRun& run, const store::Template& from) {
  if (text.error) return;
  const store::Persona* persona =
      material_.persona(text.persona_id ? text.persona_id : run.persona_id);
  if (text.source == "recreate" && request_.reword) {
    AdText rewritten = text;
    rewritten.text = text.original;
    reword(rewritten, "recreate",
           "Product: " + material_.product.display_name.value_or(material_.product.name) + ". " +
               core::join(material_.product.benefits, ". ") + ". Take no offer over.",
           from);
    if (rewritten.text != text.original) text.text = rewritten.text;
  }
  if (persona && request_.reword) {
    reword(text, "persona",
           persona->name + ". " + persona->snapshot.value_or("") +
               " Stage of awareness: " + persona->awareness_stage.value_or("not known"),
           from);
  }
  const creative::CongruenceTargets targets =
      targets_of(material_, text, material_.variant(run.offer_variant_id), from);
  const auto measure = [&] {
    return creative::measure_congruence(cut_to_room(from, "headline", text.text), targets,
                                        weights_);
  };
  creative::Congruence found = measure();
  core::Json before = nullptr;
  if (found.score && *found.score < creative::kLeastCongruence && request_.reword) {
    const std::string first = text.text;
    reword(text, "congruence",
           joined({targets.offer_variant.value_or(""), targets.landing_page.value_or(""),
                   targets.belief.value_or("")})
               .value_or(""),
           from);
    if (text.text != first) {
      before = *found.score;
      found = measure();
    }
  }
  if (!found.score) return;
  text.congruence = creative::to_json(found);
  text.congruence["score_before"] = std::move(before);
  // Members by name, as stores give them back: a batch that is taken up again writes the same.
  text.congruence = nlohmann::json(text.congruence);
}

}  // namespace adgenome::app
