#pragma once

#include <adgenome/core/json.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::app {

/// How a choice was made that an ad's elements come from.
struct ElementChoice {
  std::string value;
  std::string how = "given";              ///< given, sampled, explored
  std::optional<double> propensity = {};  ///< of a draw
};

/// A text to build an ad on, and where it comes from.
struct AdText {
  std::string source;         ///< hooks, recreate, belief, plan, angles
  std::string text;           ///< what the ad is to say
  std::string original;       ///< as the catalogue or the template has it
  std::string hook_id = {};   ///< empty: none
  std::string angle_id = {};  ///< empty: none
  std::optional<std::string> hook_type = {};
  std::optional<std::string> belief_angle = {};
  std::optional<std::string> persuasion_type = {};
  std::optional<std::string> persona_id = {};         ///< that of a plan's item
  std::optional<std::int64_t> plan_item = {};         ///< its position
  std::map<std::string, ElementChoice> choices = {};  ///< by dimension, where one was made
  core::Json congruence = nullptr;                    ///< null: not measured
  core::Json wording = core::Json::array();           ///< what a language model put for it
  std::optional<std::string> error = {};              ///< why there is none
};

/// One ad that is to be made, by what identifies it.
struct DecidedAttempt {
  std::string ad_id;
  std::int64_t prompt_index = 1;
  std::size_t text = 0;  ///< which of the run's
  std::string color_mode;
  std::string canvas_size;
  std::string parent_ad_id = {};  ///< empty: none
  std::int64_t round = 0;
  std::vector<std::string> instructions = {};
};

/// The arm of an experiment that a run is made under.
struct AssignedArm {
  std::string experiment_id;
  std::string arm;
  std::string seed_key;  ///< what it was assigned by
  core::Json config;     ///< what it changes
};

/// What is to be made of one template, with every choice that was made for it.
struct DecidedRun {
  std::string id;
  std::string batch_id;
  std::string template_id;  ///< empty: a picture that is not in the catalogue
  std::optional<std::string> persona_id;
  std::optional<std::string> offer_variant_id;
  std::optional<std::string> layout;  ///< a built-in one; absent: the template's own
  std::vector<AdText> texts;
  std::map<std::string, ElementChoice> choices;  ///< by dimension
  std::vector<DecidedAttempt> attempts;
  std::optional<AssignedArm> arm = {};  ///< decided before anything is made
};

/// Advice that was to be had and was not: the ads are made without it.
struct MissingAdvice {
  std::string advice;
  std::string reason;
};

/// What a whole `generate` makes, decided once: a batch that is taken up again reads it back.
struct BatchPlan {
  std::vector<DecidedRun> runs;
  std::int64_t hooks = 0;  ///< different texts
  std::vector<MissingAdvice> missing = {};
  std::int64_t wording_micros = 0;  ///< what a language model was paid for its words
};

/// Adds what is not noted yet.
void note_missing(BatchPlan& plan, const MissingAdvice& advice);

core::Json to_json(const BatchPlan& plan);
BatchPlan plan_from_json(const core::Json& document);
core::Json to_json(const ElementChoice& choice);
core::Json to_json(const std::vector<MissingAdvice>& missing);

}  // namespace adgenome::app
