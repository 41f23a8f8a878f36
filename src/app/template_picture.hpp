#pragma once

#include <adgenome/store/catalogue.hpp>
#include <string>
#include <vector>

#include "batch_plan.hpp"

namespace adgenome::app {

/// A picture that is not in the catalogue, analysed and taken for a template without an id.
struct TemplatePicture {
  store::Template from;
  std::vector<MissingAdvice> missing;  ///< what the analysis could not do
};

/// Throws InvalidInput for a file that is no picture.
TemplatePicture read_template_picture(const std::string& file);

/// Adds it to the catalogue under a name, and gives it the id that follows from it. Throws
/// InvalidInput where the catalogue has another template of that id.
void save_template(store::Session& session, store::Template& from, const std::string& name,
                   core::Time now);

}  // namespace adgenome::app
