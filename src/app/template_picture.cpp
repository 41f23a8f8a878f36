#include "template_picture.hpp"

#include <adgenome/app/records.hpp>
#include <adgenome/app/template_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/files.hpp>
#include <adgenome/core/text.hpp>
#include <algorithm>
#include <filesystem>
#include <sstream>

namespace adgenome::app {
namespace {

using core::Json;

// A picture says nothing of its kind: the layout that suits most products.
constexpr const char* kCategory = "product-focus";

std::string id_from(const std::string& name) {
  std::string id;
  for (const char c : core::to_lower(name)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain) id += c;
    if (!is_plain && !id.empty() && id.back() != '-') id += '-';
  }
  while (id.ends_with('-')) id.pop_back();
  if (id.empty())
    throw core::UsageError("\"" + name + "\" gives no id", "use letters and digits",
                           "option --save-template");
  return "tpl-" + id;
}

}  // namespace

TemplatePicture read_template_picture(const std::string& file) {
  TemplateAnalyser analyser(nullptr);
  const Json analysis = analyser.analyse(core::read_all(file), file);
  TemplatePicture picture;
  store::Template& from = picture.from;
  from.name = std::filesystem::path(file).stem().string();
  from.category = kCategory;
  // The path as a store takes it, wherever the store is.
  from.image = std::filesystem::absolute(file).lexically_normal().string();
  if (analysis.at("palette").is_array())
    from.palette = analysis.at("palette").get<std::vector<std::string>>();
  if (analysis.at("text_areas").is_array()) from.text_areas = analysis.at("text_areas");
  if (analysis.at("logo_areas").is_array() && !analysis.at("logo_areas").empty())
    from.optional_assets = {"logo"};
  if (from.text_areas.is_null())
    picture.missing.push_back({"text areas", "the text of " + file + " could not be read"});
  return picture;
}

void save_template(store::Session& session, store::Template& from, const std::string& name,
                   core::Time now) {
  from.id = id_from(name);
  from.name = name;
  const auto all = store::templates(session);
  const auto there = std::find_if(all.begin(), all.end(),
                                  [&](const store::Template& one) { return one.id == from.id; });
  if (there != all.end()) {
    if (there->image == from.image) return;
    throw core::InvalidInput("template " + from.id + " is there already, of another picture",
                             "save it under another name");
  }
  from.detected_at = now;
  const Json record = {{"type", "template"},
                       {"id", from.id},
                       {"name", from.name},
                       {"category", from.category},
                       {"optional_assets", from.optional_assets},
                       {"text_areas", from.text_areas},
                       {"image", *from.image},
                       {"palette", from.palette},
                       {"detected_at", core::format_time(now)}};
  core::Rejects rejects(std::nullopt, true);
  store::Transaction transaction(session);
  import_within(
      session,
      {.name = "template", .stream = std::make_unique<std::istringstream>(core::dump(record))},
      rejects, {.kind = "catalog", .by = "generate", .now = now});
  transaction.commit();
}

}  // namespace adgenome::app
