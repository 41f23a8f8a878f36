#pragma once

#include <adgenome/core/json.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::creative {

/// The version of prompts that this program writes.
inline constexpr std::string_view kPromptVersion = "1";

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
  std::optional<double> congruence_score;
  // style
  std::string layout;
  std::vector<std::string> palette;  ///< #rrggbb
  std::vector<std::string> fonts;
  core::Json text_areas;  ///< null: never analysed
  std::vector<PromptImage> images;
  // what is known of the template
  std::string template_id;
  std::optional<std::string> template_category;
  bool is_template_analysed = false;
  std::vector<std::string> required_assets;
  std::vector<std::string> missing_assets;
  std::vector<std::string> special_instructions;
};

/// The document, with its schema, rules and brief.
core::Json to_json(const Prompt& prompt);

}  // namespace adgenome::creative
