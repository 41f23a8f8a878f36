#include <adgenome/core/error.hpp>
#include <adgenome/creative/rendering.hpp>
#include <nlohmann/json.hpp>

namespace adgenome::creative {
namespace {

core::Json box_json(const Box& box) {
  return {{"x", box.x}, {"y", box.y}, {"width", box.width}, {"height", box.height}};
}

template <class T>
core::Json or_null(const std::optional<T>& value) {
  return value ? core::Json(*value) : core::Json(nullptr);
}

core::Json or_null(const std::optional<Box>& box) {
  return box ? box_json(*box) : core::Json(nullptr);
}

Box read_box(const core::Json& json) {
  return {json.at("x").get<double>(), json.at("y").get<double>(), json.at("width").get<double>(),
          json.at("height").get<double>()};
}

template <class T>
void read_optional(const core::Json& document, const char* name, std::optional<T>& target) {
  const core::Json& value = document.at(name);
  if (value.is_null()) return;
  if constexpr (std::is_same_v<T, Box>) {
    target = read_box(value);
  } else {
    target = value.get<T>();
  }
}

}  // namespace

core::Json to_json(const Rendering& rendering) {
  core::Json texts = core::Json::array();
  for (const PlacedText& text : rendering.texts) {
    texts.push_back({{"role", text.role},
                     {"text", text.text},
                     {"box", box_json(text.box)},
                     {"font_px", text.font_px},
                     {"lines", text.lines},
                     {"is_bold", text.is_bold},
                     {"ink", text.ink}});
  }
  core::Json photos = core::Json::array();
  for (const Box& photo : rendering.photos) photos.push_back(box_json(photo));
  return {{"width", rendering.width},
          {"height", rendering.height},
          {"layout", rendering.layout},
          {"texts", std::move(texts)},
          {"product", or_null(rendering.product)},
          {"product_image", or_null(rendering.product_image)},
          {"photos", std::move(photos)},
          {"logo", or_null(rendering.logo)},
          {"logo_image", or_null(rendering.logo_image)},
          {"is_logo_expected", rendering.is_logo_expected},
          {"palette", rendering.palette}};
}

Rendering rendering_from_json(const core::Json& document, const std::string& where) {
  try {
    Rendering rendering;
    rendering.width = document.at("width").get<std::int64_t>();
    rendering.height = document.at("height").get<std::int64_t>();
    rendering.layout = document.at("layout").get<std::string>();
    for (const core::Json& text : document.at("texts")) {
      rendering.texts.push_back({.role = text.at("role").get<std::string>(),
                                 .text = text.at("text").get<std::string>(),
                                 .box = read_box(text.at("box")),
                                 .font_px = text.at("font_px").get<double>(),
                                 .lines = text.at("lines").get<std::int64_t>(),
                                 .is_bold = text.at("is_bold").get<bool>(),
                                 .ink = text.at("ink").get<std::string>()});
    }
    read_optional(document, "product", rendering.product);
    read_optional(document, "product_image", rendering.product_image);
    // Ads of before have none noted.
    for (const core::Json& photo : document.value("photos", core::Json::array())) {
      rendering.photos.push_back(read_box(photo));
    }
    read_optional(document, "logo", rendering.logo);
    read_optional(document, "logo_image", rendering.logo_image);
    rendering.is_logo_expected = document.at("is_logo_expected").get<bool>();
    rendering.palette = document.at("palette").get<std::vector<std::string>>();
    return rendering;
  } catch (const core::Json::exception& error) {
    // nlohmann's text names the member and the type that was met.
    throw core::InvalidInput(std::string("not a rendering: ") + error.what(), "", where);
  }
}

}  // namespace adgenome::creative
