#include <adgenome/store/template_analyses.hpp>

namespace adgenome::store {

std::optional<TemplateAnalysis> find_template_analysis(Session& session,
                                                       const std::string& image_sha256,
                                                       const std::string& analyser_version) {
  std::optional<TemplateAnalysis> found;
  session.query(
      "SELECT document, analysed_at FROM template_analyses "
      "WHERE image_sha256 = $1 AND analyser_version = $2",
      {image_sha256, analyser_version}, [&](const Row& row) {
        found = {.image_sha256 = image_sha256,
                 .analyser_version = analyser_version,
                 .document = row.json(0),
                 .analysed_at = row.time(1)};
      });
  return found;
}

void put_template_analysis(Session& session, const TemplateAnalysis& analysis) {
  session.execute(
      "INSERT INTO template_analyses (image_sha256, analyser_version, document, analysed_at) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (image_sha256, analyser_version) DO UPDATE SET "
      "document = excluded.document, analysed_at = excluded.analysed_at",
      {analysis.image_sha256, analysis.analyser_version, json_value(analysis.document),
       analysis.analysed_at});
}

void note_detection(Session& session, const DetectedTemplate& detected) {
  const auto or_kept = [](const core::Json& value) {
    return value.is_null() ? Value() : json_value(value);
  };
  session.execute(
      "UPDATE templates SET detected_at = $2, text_areas = COALESCE($3, text_areas), "
      "palette = COALESCE($4, palette), required_assets = COALESCE($5, required_assets), "
      "optional_assets = COALESCE($6, optional_assets) WHERE id = $1",
      {detected.template_id, detected.detected_at, or_kept(detected.text_areas),
       or_kept(detected.palette), or_kept(detected.required_assets),
       or_kept(detected.optional_assets)});
}

}  // namespace adgenome::store
