#include <adgenome/app/template_analysis.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/hash.hpp>
#include <adgenome/imaging/template_findings.hpp>
#include <adgenome/providers/models.hpp>
#include <array>
#include <cmath>

namespace adgenome::app {
namespace {

using core::Json;

constexpr const char* kInstructions =
    "You describe pictures of advertisements for a catalogue of templates. Say only what can be "
    "seen. Text, logos and the product on sale are no objects.";
constexpr const char* kQuestion =
    "How many people can be seen (0 for none), what are they doing in a few words, which other "
    "objects and places can be seen (at most ten, a word or two each), and how sure are you of all "
    "this, from 0 to 1?";
constexpr const char* kAnswer = R"({
  "type": "object", "additionalProperties": false,
  "required": ["people", "depiction", "objects", "confidence"],
  "properties": {
    "people": {"type": "integer", "minimum": 0},
    "depiction": {"type": ["string", "null"]},
    "objects": {"type": "array", "items": {"type": "string"}},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1}
  }})";

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

/// Shares of the picture, from its upper left corner.
Json relative(const creative::Box& box, const imaging::Image& picture) {
  return {{"x", rounded(box.x / picture.width)},
          {"y", rounded(box.y / picture.height)},
          {"width", rounded(box.width / picture.width)},
          {"height", rounded(box.height / picture.height)}};
}

/// The named canvas size that a picture has the shape of, to 2 %.
Json format_of(const imaging::Image& picture) {
  struct Shape {
    const char* name;
    double ratio;
  };
  constexpr std::array<Shape, 4> kShapes{
      {{"1:1", 1.0}, {"4:5", 0.8}, {"9:16", 0.5625}, {"16:9", 16.0 / 9}}};
  const double ratio = static_cast<double>(picture.width) / picture.height;
  Json name;
  for (const Shape& shape : kShapes) {
    if (std::abs(ratio / shape.ratio - 1) <= 0.02) name = shape.name;
  }
  return {{"width", picture.width}, {"height", picture.height}, {"canvas_size", std::move(name)}};
}

Json text_areas(const std::vector<imaging::TextArea>& areas, const imaging::Image& picture) {
  Json list = Json::array();
  for (const imaging::TextArea& area : areas) {
    Json row = {{"role", area.role},
                {"text", area.text},
                {"max_chars", area.most_characters},
                {"lines", area.lines},
                {"line_height", rounded(area.line_px / picture.height)},
                {"box", relative(area.box, picture)},
                {"confidence", rounded(area.confidence)}};
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace

TemplateAnalyser::TemplateAnalyser(providers::LanguageModel* vision) : vision_(vision) {
  try {
    reader_ = imaging::open_text_reader();
  } catch (const core::ProviderError& error) {
    why_unread_ = error.what();
  }
}

TemplateAnalyser::~TemplateAnalyser() = default;

std::string TemplateAnalyser::version() const {
  return "findings " + std::string(imaging::kFindingsVersion) +
         (reader_ ? ", " + reader_->version() : "") + (vision_ ? ", " + vision_->version() : "");
}

Json TemplateAnalyser::analyse(const std::string& bytes, const std::string& name) {
  const imaging::Image picture = imaging::decode(bytes, name);
  const imaging::TemplateFindings found = imaging::find_parts(picture, reader_.get());
  Json unknown = Json::object();
  Json texts;
  double confidence = found.palette_confidence;
  double parts = 1;
  if (found.texts) {
    texts = text_areas(*found.texts, picture);
    for (const imaging::TextArea& area : *found.texts) {
      confidence += area.confidence;
      ++parts;
    }
  } else {
    unknown["text_areas"] = why_unread_;
  }
  Json palette = Json::array();
  for (const creative::Rgb color : found.palette) palette.push_back(creative::to_hex(color));
  Json logos = Json::array();
  for (const imaging::LogoArea& area : found.logos) {
    logos.push_back(
        {{"box", relative(area.box, picture)}, {"confidence", rounded(area.confidence)}});
    confidence += area.confidence;
    ++parts;
  }
  Json people;
  Json objects;
  is_whole_ = true;
  if (vision_) {
    try {
      const Json answer =
          vision_->ask({.purpose = {.step = "template_analysis",
                                    .subject_id = name,
                                    .key = "template_analysis/" + core::sha256_hex(bytes)},
                        .instructions = kInstructions,
                        .texts = {kQuestion},
                        .pictures = {{"the advertisement", providers::media_type_of(bytes), bytes}},
                        .schema = kAnswer});
      people = {{"count", answer.at("people")}, {"depiction", answer.at("depiction")}};
      objects = answer.at("objects");
      confidence += answer.at("confidence").get<double>();
      ++parts;
    } catch (const core::ProviderError& error) {
      // Advice: the rest of the findings stands without it, and another run asks again.
      is_whole_ = false;
      unknown["people"] = unknown["objects"] = error.what();
    }
  } else {
    unknown["people"] = unknown["objects"] = "no provider that sees pictures was named";
  }
  return {
      {"format", format_of(picture)},   {"text_areas", std::move(texts)},
      {"palette", std::move(palette)},  {"palette_confidence", rounded(found.palette_confidence)},
      {"logo_areas", std::move(logos)}, {"people", std::move(people)},
      {"objects", std::move(objects)},  {"confidence", rounded(confidence / parts)},
      {"unknown", std::move(unknown)}};
}

}  // namespace adgenome::app
