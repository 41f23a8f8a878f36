#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/creative/prompt_version.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::creative {

/// The version of prompts that is taken where none is named.
inline constexpr std::string_view kPromptVersion = "1";

/// An asset that a template asks for.
struct AssetNeed {
  std::string asset;  ///< logo, person, rating, ...
  bool is_required = true;
  bool is_available = false;
  std::optional<std::string> instruction = {};  ///< what to do without it, in words
};

/// What the template asks for, held against what the product and brand have.
struct AssetContext {
  bool is_analysed = false;  ///< otherwise what it asks for is not known
  std::vector<AssetNeed> needs = {};
};

/// A picture that goes with a prompt.
struct PromptImage {
  std::string role;  ///< style_reference, product, scene, logo
  std::string path;
};

/// Everything that was asked for when one ad was made: document adgenome/prompt/v1. What is not
/// known is null there, what is empty was looked at and is empty.
struct Prompt {
  // task
  std::int64_t variation = 1;  ///< from 1, of `variations`
  std::int64_t variations = 1;
  std::string canvas_size;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::string color_mode;
  std::string version = std::string(kPromptVersion);
  // product
  std::string product_id;
  std::string product_name;
  std::string brand_name;
  std::vector<std::string> benefits;
  std::vector<std::string> selling_points;
  std::optional<std::string> current_offer;
  std::optional<std::string> voice;
  std::vector<std::string> prohibited_claims;
  std::vector<std::string> disclaimers;
  std::optional<std::string> dimensions;
  std::optional<std::string> offer_variant;
  std::vector<std::string> pain_points;
  // persona
  std::optional<std::string> persona_id;
  std::optional<std::string> depiction;
  std::optional<std::int64_t> awareness_stage;
  // content
  std::optional<std::string> hook_id;
  std::string headline;
  std::string headline_original;  ///< before it was cut to its area
  std::string headline_source;
  std::optional<std::string> persuasion_type;
  std::optional<std::string> subheadline;
  std::string call_to_action;
  std::optional<std::string> angle_id;
  std::optional<double> congruence_score;
  core::Json congruence;  ///< by target, and which method spoke; null: not measured
  core::Json wording = core::Json::array();  ///< what a language model put for the headline
  // style
  std::string layout;
  std::vector<std::string> palette;  ///< #rrggbb
  std::vector<std::string> fonts;
  core::Json text_areas;  ///< null: never analysed
  std::vector<PromptImage> images;
  // what is known of the template
  std::string template_id;  ///< empty: a picture that is not in the catalogue
  std::optional<std::string> template_category;
  std::vector<std::string> template_palette;
  std::optional<std::int64_t> template_awareness_level;
  AssetContext assets;
  std::vector<std::string> rules;
  std::string brief;
  core::Json performance_context;  ///< advice; null: there is none
  std::vector<std::string> special_instructions;
};

/// Puts brief and rules of a version with the facts of the prompt.
void word_prompt(Prompt& prompt, const PromptVersion& version);

/// The document, with its schema.
core::Json to_json(const Prompt& prompt);

/// Reads a document of this or any earlier program; what it does not have is unknown. Throws
/// InvalidInput naming `where` for what is no prompt.
Prompt prompt_from_json(const core::Json& document, const std::string& where);

}  // namespace adgenome::creative
