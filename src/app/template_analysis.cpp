#include <adgenome/app/template_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/template_analyses.hpp>

#include "ad_drawing.hpp"

namespace adgenome::app {
namespace {

using core::Json;

/// The templates to look at: the one named, else all that have a picture.
std::vector<store::Template> chosen(store::Session& session, const AnalyseRequest& request) {
  std::vector<store::Template> templates = store::templates(session);
  if (!request.template_id) {
    std::erase_if(templates, [](const store::Template& one) { return !one.image; });
    return templates;
  }
  std::erase_if(templates,
                [&](const store::Template& one) { return one.id != *request.template_id; });
  if (templates.empty()) {
    throw core::InvalidInput("no template \"" + *request.template_id + "\" in the store",
                             "adgenome catalog list template shows those there are");
  }
  if (!templates.front().image) {
    throw core::InvalidInput("template " + templates.front().id + " has no picture",
                             "import it with \"image\"");
  }
  return templates;
}

/// What the template's record takes over: only what it does not say itself.
store::DetectedTemplate detected(const store::Template& from, const Json& analysis,
                                 core::Time now) {
  store::DetectedTemplate result{.template_id = from.id, .detected_at = now};
  if (from.text_areas.is_null() && analysis.at("text_areas").is_array()) {
    result.text_areas = Json::array();
    for (const Json& area : analysis.at("text_areas")) {
      result.text_areas.push_back({{"role", area.at("role")},
                                   {"text", area.at("text")},
                                   {"max_chars", area.at("max_chars")},
                                   {"box", area.at("box")},
                                   {"confidence", area.at("confidence")}});
    }
  }
  if (from.palette.empty()) result.palette = analysis.at("palette");
  if (from.required_assets.empty() && from.optional_assets.empty()) {
    const Json& people = analysis.at("people");
    if (people.is_object() && people.at("count") > 0) result.required_assets = {"person"};
    if (!analysis.at("logo_areas").empty()) result.optional_assets = {"logo"};
  }
  return result;
}

/// One template's row of the report; its analysis from the store or made now.
Json analyse_one(store::Session& session, TemplateAnalyser& analyser, const store::Template& from,
                 const AnalyseRequest& request) {
  const std::string bytes = core::read_all(file_beside_store(session, *from.image).string());
  const std::string hash = core::sha256_hex(bytes);
  std::optional<store::TemplateAnalysis> known;
  if (!request.is_again) known = store::find_template_analysis(session, hash, analyser.version());
  const bool is_cached = known.has_value();
  if (!known) {
    known = {.image_sha256 = hash,
             .analyser_version = analyser.version(),
             .document = analyser.analyse(bytes, *from.image),
             .analysed_at = request.now};
  }
  if (!request.is_dry_run) {
    store::Transaction transaction(session);
    if (!is_cached && analyser.is_whole()) store::put_template_analysis(session, *known);
    if (!is_cached || !from.detected_at) {
      store::note_detection(session, detected(from, known->document, known->analysed_at));
    }
    transaction.commit();
  }
  return {{"template_id", from.id},
          {"image", *from.image},
          {"sha256", hash},
          {"status", is_cached ? "cached" : "analysed"},
          {"reason", nullptr},
          {"detected_at", core::format_time(known->analysed_at)},
          {"analysis", known->document}};
}

}  // namespace

AnalyseReport analyse_templates(store::Session& session, TemplateAnalyser& analyser,
                                const AnalyseRequest& request) {
  AnalyseReport report;
  Json items = Json::array();
  for (const store::Template& from : chosen(session, request)) {
    try {
      items.push_back(analyse_one(session, analyser, from, request));
      ++report.analysed;
    } catch (const core::InvalidInput& error) {
      if (request.template_id) throw;
      items.push_back({{"template_id", from.id},
                       {"image", *from.image},
                       {"sha256", nullptr},
                       {"status", "failed"},
                       {"reason", error.what()},
                       {"detected_at", nullptr},
                       {"analysis", nullptr}});
      ++report.failed;
    }
  }
  Json reason;
  if (items.empty()) reason = "no template has a picture";
  report.document = {{"analyser_version", analyser.version()},
                     {"analysed", report.analysed},
                     {"failed", report.failed},
                     {"reason", std::move(reason)},
                     {"items", std::move(items)}};
  return report;
}

}  // namespace adgenome::app
