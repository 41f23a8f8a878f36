#include "text_fitting.hpp"

#include <adgenome/core/text.hpp>
#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/congruence.hpp>
#include <adgenome/creative/rewrite.hpp>
#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <set>

#include "ad_texts.hpp"
#include "offer_targets.hpp"

namespace adgenome::app {
namespace {

using core::Json;

/// The belief that a text stands on.
const store::Angle* belief_of(const Material& material, const AdText& text) {
  if (const store::Angle* angle = material.angle(text.angle_id)) return angle;
  if (!text.belief_angle) return nullptr;
  const auto found =
      std::find_if(material.angles.begin(), material.angles.end(),
                   [&](const store::Angle& one) { return tag_of(one) == *text.belief_angle; });
  return found == material.angles.end() ? nullptr : &*found;
}

creative::CongruenceTargets all_targets_of(const Material& material, const AdText& text,
                                           const store::OfferVariant* variant,
                                           const store::Template& from) {
  creative::CongruenceTargets targets;
  if (variant) targets = targets_of(*variant);
  if (const store::Angle* angle = belief_of(material, text))
    targets.belief = angle->belief_statement;
  targets.given = texts_of_product(material);
  // What hooks say among themselves gives nothing.
  for (const store::Hook& hook : material.hooks) std::erase(targets.given, hook.text);
  targets.given.push_back(material.product.current_offer.value_or(""));
  targets.given.push_back(material.product.guarantee.value_or(""));
  std::erase(targets.given, "");
  targets.room = room_for(from, "headline");
  return targets;
}

std::string described(const store::Persona& persona) {
  return persona.name + ". " + persona.snapshot.value_or("") +
         " Stage of awareness: " + persona.awareness_stage.value_or("not known");
}

std::string subject_of(const AdText& text, const store::Template& from) {
  if (!text.hook_id.empty()) return text.hook_id;
  return text.angle_id.empty() ? from.id : text.angle_id;
}

/// Members by name, as stores give them back: a batch that is taken up again writes the same.
Json in_order(const Json& document) {
  return nlohmann::json(document);
}

}  // namespace

TextFitter::TextFitter(const store::Brand& brand, const Material& material,
                       const std::vector<store::Template>& templates, ThresholdOf threshold_of)
    : brand_(brand),
      material_(material),
      templates_(templates),
      threshold_of_(std::move(threshold_of)),
      weights_(texts_of_product(material)) {}

TextFitter::Case TextFitter::case_of(AdText& text, const DecidedRun& run) const {
  const auto from =
      std::find_if(templates_.begin(), templates_.end(),
                   [&](const store::Template& one) { return one.id == run.template_id; });
  const store::Persona* persona =
      material_.persona(text.persona_id ? text.persona_id : run.persona_id);
  Case one{
      .text = &text,
      .from = &*from,
      .targets = all_targets_of(material_, text, material_.variant(run.offer_variant_id), *from),
      .task = {},
      .threshold = threshold_of_(run),
      .key = {}};
  HeadlineTask& task = one.task;
  task.subject_id = subject_of(text, *from);
  task.headline = cut_to_room(*from, "headline", text.text);
  if (text.source == "recreate") task.other_text = text.original;
  if (persona) task.persona = described(*persona);
  task.offer_variant = one.targets.offer_variant;
  task.landing_page = one.targets.landing_page;
  task.belief = one.targets.belief;
  task.facts = one.targets.given;
  task.prohibited_claims = brand_.prohibited_claims;
  task.voice = brand_.voice;
  task.is_fixed = text.source != "recreate" &&
                  (creative::is_quotation(text.text) || text.hook_type == "testimonial");
  const auto or_none = [](const std::optional<std::string>& part) { return part.value_or(""); };
  one.key =
      core::dump({task.headline, or_none(task.other_text), or_none(task.persona),
                  or_none(task.offer_variant), or_none(task.landing_page), or_none(task.belief)});
  task.most_characters = one.targets.room.value_or(
      std::max(creative::kUsualHeadline, creative::count_characters(task.headline)));
  return one;
}

std::vector<TextFitter::Case> TextFitter::cases_of(BatchPlan& plan) const {
  std::vector<Case> cases;
  std::map<std::string, std::size_t> least;
  for (DecidedRun& run : plan.runs) {
    for (AdText& text : run.texts) {
      if (text.error) continue;
      cases.push_back(case_of(text, run));
      const Case& one = cases.back();
      const auto at = least.emplace(one.key, one.task.most_characters).first;
      at->second = std::min(at->second, one.task.most_characters);
    }
  }
  // One wording serves all templates that say the same, so it has to fit into the smallest.
  for (Case& one : cases) one.task.most_characters = least.at(one.key);
  return cases;
}

std::size_t TextFitter::count_questions(const BatchPlan& plan) const {
  BatchPlan copy = plan;
  std::set<std::string> keys;
  for (const Case& one : cases_of(copy)) {
    if (one.task.is_scored() || one.task.is_worded()) keys.insert(one.key);
  }
  return keys.size();
}

void TextFitter::fit(BatchPlan& plan, HeadlineModel* model, const HeadlinesDone& one_done) {
  const std::vector<Case> cases = cases_of(plan);
  for (const Case& one : cases) said_.emplace(creative::words_of(one.text->text), one.key);
  std::map<std::string, HeadlineAnswered> answers;
  if (model) {
    std::vector<HeadlineTask> tasks;
    std::vector<std::string> keys;
    for (const Case& one : cases) {
      const bool is_asked = one.task.is_scored() || one.task.is_worded();
      if (!is_asked || std::find(keys.begin(), keys.end(), one.key) != keys.end()) continue;
      tasks.push_back(one.task);
      keys.push_back(one.key);
    }
    std::vector<HeadlineAnswered> all = model->ask(tasks, one_done);
    for (std::size_t i = 0; i < keys.size(); ++i) answers.emplace(keys[i], std::move(all[i]));
  }
  for (const Case& one : cases) {
    const auto found = answers.find(one.key);
    if (found == answers.end()) {
      measure(one);
    } else if (const auto* why = std::get_if<std::string>(&found->second)) {
      note_missing(plan, {"wording", *why});
      measure(one);
    } else {
      apply(one, std::get<HeadlineAnswer>(found->second), model->version(), plan);
    }
  }
}

void TextFitter::measure(const Case& one) const {
  const creative::Congruence found =
      creative::measure_congruence(one.task.headline, one.targets, weights_);
  if (!found.score) return;
  one.text->congruence = creative::to_json(found);
  one.text->congruence["score_before"] = nullptr;
  one.text->congruence["threshold"] = one.threshold;
  one.text->congruence = in_order(one.text->congruence);
}

void TextFitter::apply(const Case& one, const HeadlineAnswer& answer, const std::string& method,
                       BatchPlan& plan) {
  const ScoredHeadline* current = &answer.given;
  if (answer.worded) {
    const char* purpose = one.task.other_text ? "recreate" : "persona";
    const auto fault = fault_of(one, answer.worded->text);
    if (take(one, *answer.worded, purpose, method, fault, plan)) current = &*answer.worded;
  }
  const std::optional<double> score = current->scores.mean();
  if (!score) return;
  Json before = nullptr;
  if (*score < one.threshold && answer.adapted) {
    auto fault = fault_of(one, answer.adapted->text);
    if (!fault && *answer.adapted->scores.mean() < *score)
      fault = "fits less than the text that it is to replace";
    if (take(one, *answer.adapted, "congruence", method, fault, plan)) {
      before = *score;
      current = &*answer.adapted;
    }
  }
  one.text->congruence = creative::to_json(current->scores, method);
  one.text->congruence["score_before"] = std::move(before);
  one.text->congruence["threshold"] = one.threshold;
  one.text->congruence = in_order(one.text->congruence);
}

/// Puts a rewrite in the text's place unless there is a fault, and keeps it with the text anyway.
bool TextFitter::take(const Case& one, const ScoredHeadline& rewrite, const char* purpose,
                      const std::string& method, std::optional<std::string> fault,
                      BatchPlan& plan) {
  if (fault) {
    note_missing(plan, {"wording", "\"" + rewrite.text + "\" " + *fault + ": \"" + one.text->text +
                                       "\" stays"});
  }
  one.text->wording.push_back(in_order({{"purpose", purpose},
                                        {"method", method},
                                        {"before", one.text->text},
                                        {"after", rewrite.text},
                                        {"is_taken", !fault},
                                        {"reason", fault ? Json(*fault) : Json()}}));
  if (fault) return false;
  one.text->text = rewrite.text;
  said_.emplace(creative::words_of(rewrite.text), one.key);
  return true;
}

std::optional<std::string> TextFitter::fault_of(const Case& one, const std::string& rewrite) const {
  creative::RewriteLimits limits{.most_characters = one.task.most_characters,
                                 .given = one.targets.given,
                                 .prohibited_claims = brand_.prohibited_claims};
  for (const auto& text : {one.targets.offer_variant, one.targets.landing_page, one.targets.belief})
    if (text) limits.given.push_back(*text);
  // What the catalogue's own headline names was not invented; another ad's may be.
  if (!one.task.other_text) limits.given.push_back(one.text->original);
  if (auto fault = creative::rewrite_fault(rewrite, limits)) return fault;
  const auto said = said_.find(creative::words_of(rewrite));
  if (said != said_.end() && said->second != one.key)
    return "says the same as another headline of the batch";
  return std::nullopt;
}

}  // namespace adgenome::app
