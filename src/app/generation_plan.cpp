#include "generation_plan.hpp"

#include <adgenome/core/error.hpp>
#include <adgenome/creative/congruence.hpp>
#include <adgenome/experiments/assignment.hpp>
#include <algorithm>
#include <set>

#include "ad_texts.hpp"

namespace adgenome::app {
namespace {

using core::InvalidInput;

/// The built-in layouts for a category: those that are called as it is, or begin so.
std::vector<std::string> layouts_for(const std::string& category) {
  std::vector<std::string> names;
  for (const std::string& name : creative::layout_names()) {
    if (name == category || name.starts_with(category + "-")) names.push_back(name);
  }
  return names;
}

std::vector<std::string> colors_for(const store::Brand& brand) {
  std::vector<std::string> modes;
  for (const std::string& mode : creative::color_modes()) {
    if (mode != "brand" || !brand.palette.empty()) modes.push_back(mode);
  }
  return modes;
}

template <class T>
std::vector<std::string> ids_of(const std::vector<T>& list) {
  std::vector<std::string> ids;
  for (const T& one : list) ids.push_back(one.id);
  return ids;
}

GenerateRequest without_selection(GenerateRequest request) {
  request.selection = nullptr;
  return request;
}

/// Makes the decisions of one run after the other.
class Decider {
 public:
  Decider(store::Session& session, const store::Brand& brand, const Material& material,
          const GenerateRequest& request, const std::optional<ActiveExperiment>& experiment,
          std::vector<std::string>& warnings)
      : brand_(brand),
        material_(material),
        asked_(request),
        experiment_(experiment),
        request_(without_selection(request)),
        warnings_(warnings),
        chooser_(session, brand.id, request.seed),
        texts_(material, chooser_, request_) {}

  DecidedRun decide(const store::Template& from) {
    DecidedRun run;
    run.template_id = from.id;
    if (experiment_) {
      run.arm =
          experiment_->assign(experiments::seed_key(material_.product.id, from.id, asked_.now));
    }
    lay_over(config_of(run.arm), asked_, request_);
    need_source(material_, request_.source);
    chooser_.choose_by(request_.elements);
    const std::string key = from.id;
    run.persona_id = request_.persona;
    if (!run.persona_id && chooser_.is_open())
      run.persona_id = choose(run, key, "persona", ids_of(material_.personas));
    note_given(run, "persona", request_.persona);
    run.offer_variant_id = request_.offer_variant;
    if (!run.offer_variant_id)
      run.offer_variant_id = choose(run, key, "offer_variant", ids_of(material_.variants));
    note_given(run, "offer_variant", request_.offer_variant);
    if (!request_.layouts.empty()) {
      run.layout = choose(run, key, "visual_style", request_.layouts);
    } else if (from.layout.is_null()) {
      // Without a choice it is that of the category, which may have a substitute.
      const std::vector<std::string> layouts = layouts_for(from.category);
      if (layouts.size() > 1) run.layout = choose(run, key, "visual_style", layouts);
    }
    std::vector<std::string> colors = request_.colors;
    if (colors.empty())
      colors.push_back(choose(run, key, "color_mode", colors_for(brand_)).value_or("original"));
    run.texts = texts_.texts_for(key, from, material_.persona(run.persona_id));
    const auto count = static_cast<std::int64_t>(run.texts.size());
    if (count < wanted()) {
      warnings_.push_back(
          "template " + from.id + ": " + std::to_string(wanted()) + " " +
          (request_.source == "hooks" ? "hooks" : "texts") + " asked for, " +
          (request_.plan ? "plan " + *request_.plan : "product " + material_.product.id) + " has " +
          std::to_string(count) + (request_.plan ? " left" : ""));
    }
    std::int64_t index = 0;
    for (std::size_t text = 0; text < run.texts.size(); ++text) {
      for (const std::string& color : colors) {
        ++index;
        for (const creative::CanvasSize& size : request_.sizes) {
          run.attempts.push_back({.ad_id = {},
                                  .prompt_index = index,
                                  .text = text,
                                  .color_mode = color,
                                  .canvas_size = size.name});
        }
      }
    }
    return run;
  }

 private:
  std::int64_t wanted() const {
    return request_.source == "belief" || request_.source == "recreate" ? 1 : request_.hooks;
  }

  std::optional<std::string> choose(DecidedRun& run, const std::string& key,
                                    const std::string& dimension,
                                    const std::vector<std::string>& values) const {
    if (values.empty()) return std::nullopt;
    const ElementChoice choice = chooser_.choose(key, dimension, values).second;
    run.choices.emplace(dimension, choice);
    return choice.value;
  }

  static void note_given(DecidedRun& run, const std::string& dimension,
                         const std::optional<std::string>& value) {
    if (value) run.choices.emplace(dimension, ElementChoice{.value = *value});
  }

  const store::Brand& brand_;
  const Material& material_;
  const GenerateRequest& asked_;
  const std::optional<ActiveExperiment>& experiment_;
  GenerateRequest request_;  ///< what holds for the run at hand
  std::vector<std::string>& warnings_;
  ElementChooser chooser_;
  TextFinder texts_;
};

/// Every dimension of the ad's tags that a choice could have been about.
core::Json choices_json(const DecidedRun& run, const Attempt& attempt) {
  std::map<std::string, ElementChoice> choices = run.choices;
  for (const auto& [dimension, choice] : attempt.text->choices)
    choices.insert_or_assign(dimension, choice);
  for (const auto& [dimension, value] : attempt.tags) {
    const bool is_choice = dimension == "hook_type" || dimension == "color_mode" ||
                           dimension == "visual_style" || dimension == "offer_variant" ||
                           dimension == "persona" || dimension == "belief_angle";
    if (is_choice) choices.try_emplace(dimension, ElementChoice{.value = value});
  }
  core::Json document = core::Json::object();
  for (const auto& [dimension, choice] : choices) document[dimension] = to_json(choice);
  return document;
}

RunPlan fill_run(const store::Brand& brand, const Material& material, const store::Template& from,
                 const GenerateRequest& request, const DecidedRun& decided,
                 const PromptParts& parts) {
  RunPlan run;
  run.decided = &decided;
  run.provider = provider_of(request, decided);
  const creative::PromptVersion& version = parts.versions.at(prompt_version_of(request, decided));
  run.id = decided.id;
  run.from = from;
  try {
    run.layout = creative::layout_of(decided.layout ? core::Json(*decided.layout) : from.layout,
                                     from.category, "template " + from.id);
  } catch (const InvalidInput& error) {
    run.error = std::string(error.what()) + " (" + error.where() + ")";
  }
  run.product_image = best_image(material, from, false);
  run.photo = best_image(material, from, true);
  if (material.logo) run.logo = material.logo->path;
  std::int64_t variations = 0;
  for (const DecidedAttempt& one : decided.attempts)
    variations = std::max(variations, one.prompt_index);
  for (const DecidedAttempt& one : decided.attempts) {
    Attempt attempt;
    attempt.id = one.ad_id;
    if (!one.ad_id.empty()) attempt.short_id = core::short_id(one.ad_id);
    attempt.prompt_index = one.prompt_index;
    attempt.parent_ad_id = one.parent_ad_id;
    attempt.round = one.round;
    attempt.color_mode = one.color_mode;
    attempt.size = *creative::parse_canvas_size(one.canvas_size);
    attempt.text = &decided.texts[one.text];
    attempt.content = content_for(brand, material, run, *attempt.text);
    attempt.prompt = prompt_for(brand, material, run, attempt);
    attempt.prompt.variation = one.prompt_index;
    attempt.prompt.variations = variations;
    attempt.prompt.special_instructions.insert(attempt.prompt.special_instructions.end(),
                                               one.instructions.begin(), one.instructions.end());
    attempt.prompt.performance_context = parts.performance_context;
    creative::word_prompt(attempt.prompt, version);
    attempt.tags = tags_for(material, run, attempt);
    attempt.element_choices = choices_json(decided, attempt);
    run.attempts.push_back(std::move(attempt));
  }
  return run;
}

}  // namespace

std::string provider_of(const GenerateRequest& request, const DecidedRun& run) {
  return config_of(run.arm).provider.value_or(request.provider);
}

double congruence_threshold_of(const core::Json& settings, const GenerateRequest& request,
                               const DecidedRun& run) {
  if (const auto of_arm = config_of(run.arm).congruence_threshold) return *of_arm;
  return request.congruence_threshold.value_or(
      settings.value("congruence_threshold", creative::kLeastCongruence));
}

std::string prompt_version_of(const GenerateRequest& request, const DecidedRun& run) {
  return config_of(run.arm).prompt_version.value_or(request.prompt_version);
}

BatchPlan decide_runs(store::Session& session, const store::Brand& brand, const Material& material,
                      const std::vector<store::Template>& templates, const GenerateRequest& request,
                      const std::optional<ActiveExperiment>& experiment,
                      std::vector<std::string>& warnings) {
  Decider decider(session, brand, material, request, experiment, warnings);
  BatchPlan plan;
  std::set<std::string> texts;
  for (const store::Template& from : templates) {
    plan.runs.push_back(decider.decide(from));
    for (const AdText& text : plan.runs.back().texts) texts.insert(text.text);
  }
  plan.hooks = static_cast<std::int64_t>(texts.size());
  return plan;
}

std::vector<RunPlan> fill_runs(const store::Brand& brand, const Material& material,
                               const std::vector<store::Template>& templates,
                               const GenerateRequest& request, const BatchPlan& plan,
                               const PromptParts& parts) {
  std::vector<RunPlan> runs;
  runs.reserve(plan.runs.size());
  for (const DecidedRun& decided : plan.runs) {
    const auto from =
        std::find_if(templates.begin(), templates.end(),
                     [&](const store::Template& one) { return one.id == decided.template_id; });
    if (from == templates.end())
      throw InvalidInput("template " + decided.template_id + " of the batch is not there any more");
    runs.push_back(fill_run(brand, material, *from, request, decided, parts));
  }
  return runs;
}

void split_plan(BatchPlan& plan, const std::string& batch_id, std::int64_t cap) {
  std::vector<DecidedRun> parts;
  std::int64_t batches = 1;
  std::int64_t held = 0;  // by the last batch
  for (const DecidedRun& run : plan.runs) {
    const auto name = [&] {
      return batches == 1 ? batch_id : batch_id + "-" + std::to_string(batches);
    };
    DecidedRun part = run;
    part.attempts.clear();
    part.batch_id = name();
    for (std::size_t begin = 0; begin < run.attempts.size();) {
      std::size_t end = begin;
      while (end < run.attempts.size() && run.attempts[end].text == run.attempts[begin].text) ++end;
      const auto size = static_cast<std::int64_t>(end - begin);
      if (size > cap) {
        throw InvalidInput("one text in its colors and sizes is " + std::to_string(size) +
                               " attempts, above the cap of " + std::to_string(cap),
                           "ask for fewer sizes or colors");
      }
      if (held + size > cap) {
        if (!part.attempts.empty()) parts.push_back(part);
        part.attempts.clear();
        ++batches;
        held = 0;
        part.batch_id = name();
      }
      // Briefs count from 1 within each part.
      const std::int64_t before = part.attempts.empty() ? 0 : part.attempts.back().prompt_index;
      for (std::size_t i = begin; i < end; ++i) {
        part.attempts.push_back(run.attempts[i]);
        part.attempts.back().prompt_index += before + 1 - run.attempts[begin].prompt_index;
      }
      held += size;
      begin = end;
    }
    if (!part.attempts.empty() || run.attempts.empty()) parts.push_back(std::move(part));
  }
  plan.runs = std::move(parts);
}

std::vector<std::string> batches_of(const BatchPlan& plan) {
  std::vector<std::string> ids;
  for (const DecidedRun& run : plan.runs) {
    if (ids.empty() || ids.back() != run.batch_id) ids.push_back(run.batch_id);
  }
  return ids;
}

}  // namespace adgenome::app
