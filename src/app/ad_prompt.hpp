#pragma once

#include <adgenome/creative/content.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/prompt.hpp>
#include <string>
#include <utility>
#include <vector>

#include "batch_plan.hpp"
#include "generation_material.hpp"

namespace adgenome::app {

/// One ad to be made: what to say, in which colors, on which canvas.
struct Attempt {
  std::string id;
  std::string short_id;
  std::int64_t prompt_index = 1;
  const AdText* text = nullptr;
  std::string parent_ad_id = {};
  std::int64_t round = 0;
  std::string color_mode;
  creative::CanvasSize size;
  creative::Content content;
  creative::Prompt prompt;
  std::vector<std::pair<std::string, std::string>> tags;
  core::Json element_choices = core::Json::object();
};

/// All that is made from one template. The pictures are paths as the catalogue has them.
struct RunPlan {
  const DecidedRun* decided = nullptr;  ///< lives as long as the plan that was filled
  std::string id;
  std::string provider;  ///< who makes its pictures
  store::Template from;
  std::optional<creative::Layout> layout;
  std::optional<std::string> error;  ///< why there is no layout: every attempt fails
  std::optional<std::string> product_image;
  std::optional<std::string> photo;
  std::optional<std::string> logo;
  bool is_jpeg = false;  ///< how its pictures are written; else PNG
  std::vector<Attempt> attempts;
};

/// The words of an ad on one text.
creative::Content content_for(const store::Brand& brand, const Material& material,
                              const RunPlan& run, const AdText& text);

/// What is asked for of the maker of the picture.
creative::Prompt prompt_for(const store::Brand& brand, const Material& material, const RunPlan& run,
                            const Attempt& attempt);

/// What the ad is made of, by dimension.
std::vector<std::pair<std::string, std::string>> tags_for(const Material& material,
                                                          const RunPlan& run,
                                                          const Attempt& attempt);

}  // namespace adgenome::app
