#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::store {

/// What one version of the analyser found in a picture. Templates are shared by all brands.
struct TemplateAnalysis {
  std::string image_sha256;
  std::string analyser_version;
  core::Json document;
  core::Time analysed_at;
};

std::optional<TemplateAnalysis> find_template_analysis(Session& session,
                                                       const std::string& image_sha256,
                                                       const std::string& analyser_version);

/// Stores it; one that is there already is replaced.
void put_template_analysis(Session& session, const TemplateAnalysis& analysis);

/// Notes that a template's picture was analysed, and what was found where the catalogue says
/// nothing: texts where they are null, colors where there are none. `optional_asset` is added to
/// assets of which none is named.
struct DetectedTemplate {
  std::string template_id;
  core::Time detected_at;
  core::Json text_areas;  ///< null: not found out
  core::Json palette;
  core::Json required_assets;  ///< lists of tags
  core::Json optional_assets;
};
void note_detection(Session& session, const DetectedTemplate& detected);

}  // namespace adgenome::store
