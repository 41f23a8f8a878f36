#include <adgenome/creative/rubric.hpp>
#include <array>

namespace adgenome::creative {
namespace {

constexpr std::array<CheckRule, 16> kRubric{{
    {"V1", "product accuracy", 1.5, true,
     "shape, parts, color and proportions as in the product pictures, nothing invented"},
    {"V2", "text legibility", 1.5, false, "every word readable, none cut off or made up"},
    {"V3", "layout fidelity", 1.0, false, "areas and order follow the layout"},
    {"V4", "color compliance", 0.8, false, "the palette fits the color mode that was asked for"},
    {"V5", "brand guideline", 0.8, false,
     "the brand's voice is kept, required disclaimers are present"},
    {"V6", "asset accuracy", 1.0, false,
     "the right product pictures, the logo present or absent as expected"},
    {"V7", "production quality", 1.0, false, "one would run it as it is"},
    {"V8", "background and scene", 0.8, false, "the scene is plausible and shows no seams"},
    {"V9", "product label accuracy", 1.2, true, "the text on the label equals the real one"},
    {"C1", "headline clarity", 1.0, false, "the headline is clear and compelling"},
    {"C2", "call-to-action", 0.8, false, "a plain call to act"},
    {"C3", "awareness stage match", 0.8, false, "it speaks to the awareness stage asked for"},
    {"C4", "emotional driver", 0.8, false, "it stirs the emotion that is intended"},
    {"C5", "prohibited or unsupported claims", 1.5, true,
     "nothing is claimed or offered that is prohibited or was not given"},
    {"G1", "headline congruence", 1.0, false,
     "the headline fits the offer variant and the hero of its page"},
    {"G2", "visual-copy alignment", 0.8, false, "the picture supports the words"},
}};

constexpr std::array<DefectRule, 5> kDefects{{
    {"TEXT_GARBLED", "senseless or unreadable text anywhere"},
    {"ANATOMY_ERROR", "wrong fingers, joints or limbs"},
    {"PHYSICS_VIOLATION", "floating things, impossible shadows or reflections"},
    {"PACKAGING_TEXT_ERROR", "the label differs from the product's or brand's name"},
    {"PRODUCT_DISTORTION", "the product is squeezed, stretched or of unreal proportions"},
}};

}  // namespace

FigureValue figure_or_null(const std::optional<double>& figure) {
  FigureValue value;
  if (figure) value = *figure;
  return value;
}

std::span<const CheckRule> rubric() {
  return kRubric;
}

std::span<const DefectRule> defect_kinds() {
  return kDefects;
}

std::string_view to_string(DefectState state) {
  switch (state) {
    case DefectState::kFound:
      return "found";
    case DefectState::kClear:
      return "clear";
    case DefectState::kNotAssessed:
      break;
  }
  return "not_assessed";
}

}  // namespace adgenome::creative
