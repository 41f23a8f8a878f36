#pragma once

#include <adgenome/app/generate.hpp>
#include <adgenome/creative/content.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/prompt.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace adgenome::app {

/// What the catalogue has for the ads of a product.
struct Material {
  store::Product product;
  std::optional<store::Persona> persona;
  std::optional<std::int64_t> stage;  ///< of the persona, 1..5
  std::optional<store::OfferVariant> variant;
  std::vector<store::Hook> hooks;
  std::vector<store::ProductImage> images;
  std::optional<store::BrandAsset> logo;
};

/// One ad to be made: what to say, in which colors, on which canvas.
struct Attempt {
  std::string id;
  std::string short_id;
  std::int64_t prompt_index = 1;
  const store::Hook* hook = nullptr;
  std::string color_mode;
  creative::CanvasSize size;
  creative::Content content;
  creative::Prompt prompt;
  std::vector<std::pair<std::string, std::string>> tags;
};

/// All that is made from one template. The pictures are paths as the catalogue has them.
struct RunPlan {
  std::string id;
  store::Template from;
  std::optional<creative::Layout> layout;
  std::optional<std::string> error;  ///< why there is no layout: every attempt fails
  std::optional<std::string> product_image;
  std::optional<std::string> photo;
  std::optional<std::string> logo;
  std::vector<Attempt> attempts;
};

Material find_material(store::Session& session, const store::Brand& brand,
                       const GenerateRequest& request, const std::string& product_id);

/// The attempts in the order template, hook, color mode, size, without ids.
std::vector<RunPlan> plan_runs(const store::Brand& brand, const Material& material,
                               const std::vector<store::Template>& templates,
                               const GenerateRequest& request, std::vector<std::string>& warnings);

}  // namespace adgenome::app
