#include <adgenome/core/text.hpp>
#include <adgenome/imaging/renderer.hpp>
#include <algorithm>

#include "painter.hpp"

namespace adgenome::imaging {
namespace {

bool is_wanted(const creative::Element& element, const Scene& scene) {
  if (element.when.empty()) return true;
  if (element.when == "photo") return scene.photo != nullptr;
  if (element.when == "no_photo") return scene.photo == nullptr;
  if (element.when == "badge") return scene.content.badge.has_value();
  if (element.when == "no_badge") return !scene.content.badge.has_value();
  constexpr std::string_view kBenefits = "benefits_";
  if (element.when.starts_with(kBenefits)) {
    const auto count = core::to_int64(element.when.substr(kBenefits.size()));
    return static_cast<std::int64_t>(scene.content.benefits.size()) >= *count;
  }
  return !scene.content.pains.empty();
}

/// Whether the layout has a place for a logo at this size: not every layout carries one.
bool asks_for_logo(const creative::Element& element) {
  return std::any_of(element.items.begin(), element.items.end(),
                     [](const creative::Item& item) { return item.kind == "logo"; });
}

/// The element as it stands in an ad that is read from right to left.
creative::Element mirrored(creative::Element element) {
  element.box.x = 1 - element.box.x - element.box.width;
  if (element.card) element.card->x = 1 - element.card->x - element.card->width;
  element.rotation = -element.rotation;
  element.fill.angle = 180 - element.fill.angle;
  if (element.align != "center") element.align = element.align == "start" ? "end" : "start";
  return element;
}

class CairoRenderer : public Renderer {
 public:
  Drawing render(const Scene& scene) const override {
    Canvas canvas(scene.width, scene.height);
    const Typesetter type(canvas.cairo());
    Drawing drawing;
    creative::Rendering& rendering = drawing.rendering;
    rendering.width = scene.width;
    rendering.height = scene.height;
    rendering.layout = scene.layout->id();
    for (const creative::Rgb color : scene.palette.colors)
      rendering.palette.push_back(creative::to_hex(color));
    Painter painter{canvas, scene, type, rendering, is_right_to_left(scene.content.headline)};
    for (const creative::Element& meant :
         scene.layout->of(creative::aspect_of(scene.width, scene.height))) {
      if (!is_wanted(meant, scene)) continue;
      const creative::Element element = painter.is_right_to_left ? mirrored(meant) : meant;
      if (scene.logo && asks_for_logo(element)) rendering.is_logo_expected = true;
      if (element.kind == "shape") paint_shape(painter, element);
      if (element.kind == "photo") paint_photo(painter, element);
      if (element.kind == "product") paint_product(painter, element);
      if (element.kind == "stack") paint_stack(painter, element);
    }
    drawing.image = canvas.image();
    return drawing;
  }
};

}  // namespace
}  // namespace adgenome::imaging

extern "C" adgenome::imaging::Renderer* adgenome_module_drawing() {
  return new adgenome::imaging::CairoRenderer;
}
