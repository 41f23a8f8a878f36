#include "batch_plan.hpp"

#include <algorithm>

namespace adgenome::app {
namespace {

using core::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class T>
std::optional<T> optional_at(const Json& document, const char* member) {
  const Json& value = document.at(member);
  if (value.is_null()) return std::nullopt;
  return value.get<T>();
}

ElementChoice choice_from(const Json& document) {
  return {.value = document.at("value").get<std::string>(),
          .how = document.at("choice").get<std::string>(),
          .propensity = optional_at<double>(document, "propensity")};
}

Json to_json(const std::map<std::string, ElementChoice>& choices) {
  Json document = Json::object();
  for (const auto& [dimension, choice] : choices) document[dimension] = to_json(choice);
  return document;
}

std::map<std::string, ElementChoice> choices_from(const Json& document) {
  std::map<std::string, ElementChoice> choices;
  for (const auto& [dimension, choice] : document.items())
    choices.emplace(dimension, choice_from(choice));
  return choices;
}

Json to_json(const AdText& text) {
  return {{"source", text.source},
          {"text", text.text},
          {"original", text.original},
          {"hook_id", text.hook_id},
          {"angle_id", text.angle_id},
          {"hook_type", or_null(text.hook_type)},
          {"belief_angle", or_null(text.belief_angle)},
          {"persuasion_type", or_null(text.persuasion_type)},
          {"persona_id", or_null(text.persona_id)},
          {"plan_item", or_null(text.plan_item)},
          {"choices", to_json(text.choices)},
          {"congruence", text.congruence},
          {"wording", text.wording},
          {"error", or_null(text.error)}};
}

AdText text_from(const Json& document) {
  AdText text{.source = document.at("source").get<std::string>(),
              .text = document.at("text").get<std::string>(),
              .original = document.at("original").get<std::string>(),
              .hook_id = document.at("hook_id").get<std::string>(),
              .angle_id = document.at("angle_id").get<std::string>(),
              .hook_type = optional_at<std::string>(document, "hook_type"),
              .belief_angle = optional_at<std::string>(document, "belief_angle"),
              .persuasion_type = optional_at<std::string>(document, "persuasion_type"),
              .persona_id = optional_at<std::string>(document, "persona_id"),
              .plan_item = optional_at<std::int64_t>(document, "plan_item"),
              .error = optional_at<std::string>(document, "error")};
  text.choices = choices_from(document.at("choices"));
  text.congruence = document.at("congruence");
  text.wording = document.value("wording", Json::array());
  return text;
}

Json to_json(const DecidedAttempt& attempt) {
  return {{"ad_id", attempt.ad_id},
          {"prompt_index", attempt.prompt_index},
          {"text", attempt.text},
          {"color_mode", attempt.color_mode},
          {"canvas_size", attempt.canvas_size},
          {"parent_ad_id", attempt.parent_ad_id},
          {"round", attempt.round},
          {"instructions", attempt.instructions}};
}

DecidedAttempt attempt_from(const Json& document) {
  return {.ad_id = document.at("ad_id").get<std::string>(),
          .prompt_index = document.at("prompt_index").get<std::int64_t>(),
          .text = document.at("text").get<std::size_t>(),
          .color_mode = document.at("color_mode").get<std::string>(),
          .canvas_size = document.at("canvas_size").get<std::string>(),
          .parent_ad_id = document.at("parent_ad_id").get<std::string>(),
          .round = document.at("round").get<std::int64_t>(),
          .instructions = document.at("instructions").get<std::vector<std::string>>()};
}

Json to_json(const AssignedArm& arm) {
  return {{"experiment_id", arm.experiment_id},
          {"arm", arm.arm},
          {"seed_key", arm.seed_key},
          {"config", arm.config}};
}

std::optional<AssignedArm> arm_from(const Json& run) {
  // Plans of before there were arms say nothing of them.
  const auto arm = run.find("arm");
  if (arm == run.end() || arm->is_null()) return std::nullopt;
  return AssignedArm{.experiment_id = arm->at("experiment_id").get<std::string>(),
                     .arm = arm->at("arm").get<std::string>(),
                     .seed_key = arm->at("seed_key").get<std::string>(),
                     .config = arm->at("config")};
}

Json to_json(const DecidedRun& run) {
  Json texts = Json::array();
  for (const AdText& text : run.texts) texts.push_back(to_json(text));
  Json attempts = Json::array();
  for (const DecidedAttempt& attempt : run.attempts) attempts.push_back(to_json(attempt));
  return {{"id", run.id},
          {"batch_id", run.batch_id},
          {"template_id", run.template_id},
          {"persona_id", or_null(run.persona_id)},
          {"offer_variant_id", or_null(run.offer_variant_id)},
          {"layout", or_null(run.layout)},
          {"texts", std::move(texts)},
          {"choices", to_json(run.choices)},
          {"attempts", std::move(attempts)},
          {"arm", run.arm ? to_json(*run.arm) : Json()}};
}

DecidedRun run_from(const Json& document) {
  DecidedRun run{.id = document.at("id").get<std::string>(),
                 .batch_id = document.at("batch_id").get<std::string>(),
                 .template_id = document.at("template_id").get<std::string>(),
                 .persona_id = optional_at<std::string>(document, "persona_id"),
                 .offer_variant_id = optional_at<std::string>(document, "offer_variant_id"),
                 .layout = optional_at<std::string>(document, "layout"),
                 .texts = {},
                 .choices = choices_from(document.at("choices")),
                 .attempts = {},
                 .arm = arm_from(document)};
  for (const Json& text : document.at("texts")) run.texts.push_back(text_from(text));
  for (const Json& attempt : document.at("attempts")) run.attempts.push_back(attempt_from(attempt));
  return run;
}

}  // namespace

void note_missing(BatchPlan& plan, const MissingAdvice& advice) {
  const auto is_same = [&](const MissingAdvice& one) {
    return one.advice == advice.advice && one.reason == advice.reason;
  };
  if (std::none_of(plan.missing.begin(), plan.missing.end(), is_same))
    plan.missing.push_back(advice);
}

Json to_json(const ElementChoice& choice) {
  return {
      {"value", choice.value}, {"choice", choice.how}, {"propensity", or_null(choice.propensity)}};
}

Json to_json(const std::vector<MissingAdvice>& missing) {
  Json list = Json::array();
  for (const MissingAdvice& one : missing)
    list.push_back({{"advice", one.advice}, {"reason", one.reason}});
  return list;
}

Json to_json(const BatchPlan& plan) {
  Json runs = Json::array();
  for (const DecidedRun& run : plan.runs) runs.push_back(to_json(run));
  return {{"hooks", plan.hooks},
          {"missing_advice", to_json(plan.missing)},
          {"wording_micros", plan.wording_micros},
          {"runs", std::move(runs)}};
}

BatchPlan plan_from_json(const Json& document) {
  BatchPlan plan;
  plan.hooks = document.at("hooks").get<std::int64_t>();
  plan.wording_micros = document.value("wording_micros", std::int64_t{0});
  for (const Json& one : document.at("missing_advice")) {
    plan.missing.push_back(
        {one.at("advice").get<std::string>(), one.at("reason").get<std::string>()});
  }
  for (const Json& run : document.at("runs")) plan.runs.push_back(run_from(run));
  return plan;
}

}  // namespace adgenome::app
