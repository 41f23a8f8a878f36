#include "retry_rejected.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/prompt.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/store/ad_listing.hpp>
#include <adgenome/store/production.hpp>
#include <adgenome/store/reviews.hpp>
#include <algorithm>
#include <map>

#include "run_arms.hpp"

namespace adgenome::app {
namespace {

using core::Json;

constexpr double kFailedBelow = 5;  // of 10

std::string name_of(const std::string& check) {
  for (const creative::CheckRule& rule : creative::rubric()) {
    if (rule.id == check) return std::string(rule.name);
  }
  return check;
}

/// What was wrong with an ad, as its child is to be told.
std::vector<std::string> instructions_from(store::Session& session, const std::string& brand_id,
                                           const std::string& ad_id,
                                           const store::AdDetails& details) {
  std::vector<std::string> instructions;
  for (const Json& defect : store::newest_defects(session, brand_id, ad_id)) {
    if (defect.value("state", "") == "found")
      instructions.push_back("the ad before this one had a defect, avoid it: " +
                             defect.value("kind", ""));
  }
  for (const store::AdReview& review : details.reviews) {
    if (review.reviewed_at != details.reviews.front().reviewed_at) break;
    for (const auto& [check, found] : review.checks.items()) {
      const Json score = found.value("score", Json());
      if (!score.is_number() || score.get<double>() >= kFailedBelow) continue;
      instructions.push_back("do better than the ad before this one in " + check + ", " +
                             name_of(check) + " (" + core::format_double(score.get<double>()) +
                             " of 10): " + core::dump(found.value("evidence", Json::object())));
    }
  }
  if (!details.overrides.empty() && details.overrides.front().action == "reject") {
    const store::AdOverride& last = details.overrides.front();
    if (last.reason) instructions.push_back("the ad before this one was rejected: " + *last.reason);
    if (last.checks.is_array()) {
      for (const Json& check : last.checks) {
        if (check.is_string())
          instructions.push_back("the ad before this one failed in " + check.get<std::string>() +
                                 ", " + name_of(check.get<std::string>()));
      }
    }
  }
  return instructions;
}

std::optional<std::string> tag(const store::ListedAd& ad, const char* dimension) {
  const auto found = ad.tags.find(dimension);
  if (found == ad.tags.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

AdText text_of(const store::ListedAd& ad, const creative::Prompt& prompt) {
  return {.source = prompt.headline_source,
          .text = prompt.headline,
          .original = prompt.headline_original,
          .hook_id = prompt.hook_id.value_or(""),
          .angle_id = prompt.angle_id.value_or(""),
          .hook_type = tag(ad, "hook_type"),
          .belief_angle = tag(ad, "belief_angle"),
          .persuasion_type = prompt.persuasion_type,
          .persona_id = prompt.persona_id,
          .congruence = prompt.congruence,
          .wording = prompt.wording};
}

/// The arm that a run was made under: what takes the place of its ads is made under it too.
std::optional<AssignedArm> arm_of(store::Session& session, const std::string& brand_id,
                                  const std::string& run_id) {
  const store::RunArm given = store::arm_of_run(session, brand_id, run_id);
  if (given.experiment_id.empty()) return std::nullopt;
  AssignedArm arm{.experiment_id = given.experiment_id,
                  .arm = given.arm,
                  .seed_key = given.seed_key,
                  .config = Json::object()};
  for (const store::ExperimentArm& each :
       store::experiment_arms(session, brand_id, given.experiment_id)) {
    if (each.arm == given.arm) arm.config = each.config;
  }
  return arm;
}

/// Adds the child of an ad to the run that takes the place of its parent's.
void add_child(DecidedRun& run, const store::ListedAd& ad, const creative::Prompt& prompt,
               std::vector<std::string> instructions, std::int64_t round) {
  AdText text = text_of(ad, prompt);
  std::size_t position = 0;
  while (position < run.texts.size() && run.texts[position].text != text.text) ++position;
  if (position == run.texts.size()) run.texts.push_back(std::move(text));
  // Sizes of one text and color are one brief.
  std::int64_t index = 0;
  for (const DecidedAttempt& one : run.attempts) {
    index = std::max(index, one.prompt_index);
    if (one.text == position && one.color_mode == ad.color_mode) {
      index = one.prompt_index - 1;
      break;
    }
  }
  run.attempts.push_back({.ad_id = {},
                          .prompt_index = index + 1,
                          .text = position,
                          .color_mode = ad.color_mode,
                          .canvas_size = ad.canvas_size,
                          .parent_ad_id = ad.id,
                          .round = round,
                          .instructions = std::move(instructions)});
}

}  // namespace

RetryPlan plan_retry(store::Session& session, const store::Brand& brand,
                     const std::string& batch_id, const std::vector<std::string>& only) {
  const auto batch = store::find_batch(session, brand.id, batch_id);
  if (!batch) throw core::InvalidInput("brand " + brand.id + " has no batch \"" + batch_id + "\"");
  RetryPlan retry;
  retry.chosen.selection_id = batch->selection_id;
  retry.chosen.reason = "batch " + batch_id + " has no rejected ad";
  store::AdFilter rejected;
  rejected.batch_id = batch_id;
  rejected.status = "rejected";
  std::vector<store::ListedAd> ads;
  store::list_ads(session, brand.id, rejected, [&](const store::ListedAd& ad) {
    if (only.empty() || std::find(only.begin(), only.end(), ad.id) != only.end()) ads.push_back(ad);
  });
  std::map<std::string, std::size_t> runs;  // by the parent's
  for (const store::ListedAd& ad : ads) {
    const store::AdDetails details = store::ad_details(session, brand.id, ad.id);
    if (!details.prompt.is_object() || ad.template_id.empty()) continue;
    const creative::Prompt prompt = creative::prompt_from_json(details.prompt, "ad " + ad.id);
    retry.chosen.product_id = ad.product_id;
    const auto [at, is_new] = runs.try_emplace(ad.ad_run_id, retry.plan.runs.size());
    if (is_new) {
      DecidedRun run;
      run.template_id = ad.template_id;
      run.persona_id = prompt.persona_id;
      run.offer_variant_id = prompt.offer_variant;
      run.arm = arm_of(session, brand.id, ad.ad_run_id);
      const bool is_of_arm = !config_of(run.arm).layouts.empty();
      const auto style = details.element_choices.find("visual_style");
      if (style != details.element_choices.end() &&
          (is_of_arm || style->value("choice", "") != "given"))
        run.layout = style->at("value").get<std::string>();
      retry.plan.runs.push_back(std::move(run));
      auto& templates = retry.chosen.templates;
      if (std::find(templates.begin(), templates.end(), ad.template_id) == templates.end())
        templates.push_back(ad.template_id);
    }
    add_child(retry.plan.runs[at->second], ad, prompt,
              instructions_from(session, brand.id, ad.id, details), details.iteration_round + 1);
  }
  for (DecidedRun& run : retry.plan.runs) {
    // The attempts of a text stand together.
    std::stable_sort(run.attempts.begin(), run.attempts.end(),
                     [](const DecidedAttempt& a, const DecidedAttempt& b) {
                       return std::pair(a.text, a.prompt_index) < std::pair(b.text, b.prompt_index);
                     });
    retry.plan.hooks += static_cast<std::int64_t>(run.texts.size());
  }
  return retry;
}

}  // namespace adgenome::app
