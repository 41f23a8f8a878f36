#pragma once

#include <string>
#include <vector>

#include "batch_plan.hpp"
#include "element_choices.hpp"
#include "generation_material.hpp"

namespace adgenome::app {

/// Finds the texts that ads are built on, template by template.
class TextFinder {
 public:
  TextFinder(const Material& material, const ElementChooser& chooser,
             const GenerateRequest& request);

  /// Texts for a run of a template, as many as were asked for or as there are. One that is wanted
  /// and cannot be had carries its `error`.
  std::vector<AdText> texts_for(const std::string& run, const store::Template& from,
                                const store::Persona* persona);

 private:
  std::vector<AdText> from_hooks(const std::string& run, const store::Template& from,
                                 const store::Persona* persona) const;
  std::vector<AdText> from_belief(const std::string& run) const;
  std::vector<AdText> from_angles();
  std::vector<AdText> from_plan(const store::Template& from, const store::Persona* persona);
  std::vector<AdText> recreated(const store::Template& from) const;

  const Material& material_;
  const ElementChooser& chooser_;
  const GenerateRequest& request_;
  std::size_t next_angle_ = 0;
  std::vector<std::int64_t> taken_;  ///< by item of the plan
};

/// What a product, its variants and its hooks may say, for measures that need a body of text.
std::vector<std::string> texts_of_product(const Material& material);

}  // namespace adgenome::app
