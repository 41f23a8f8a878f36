#pragma once

#include <adgenome/core/json.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/session.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace adgenome::store {

/// What one version of the analyser found in a picture. Templates are shared by all brands, and so
/// is this.
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

/// What a template's record takes over from an analysis; null leaves what is there.
struct DetectedTemplate {
  std::string template_id;
  core::Time detected_at;
  core::Json text_areas = nullptr;
  core::Json palette = nullptr;
  core::Json required_assets = nullptr;
  core::Json optional_assets = nullptr;
};

void note_detection(Session& session, const DetectedTemplate& detected);

}  // namespace adgenome::store
