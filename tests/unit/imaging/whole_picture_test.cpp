#include <doctest/doctest.h>

#include <adgenome/imaging/review_measure.hpp>

#include "scene_fixture.hpp"

namespace adgenome::imaging {
namespace {

WholeBrief brief_of(const Scene& scene) {
  WholeBrief brief{.texts = {{"headline", scene.content.headline}}, .known = {}};
  brief.texts.push_back({"cta", scene.content.call_to_action.value_or("")});
  for (const auto* texts : {&scene.content.benefits, &scene.content.pains})
    brief.known.insert(brief.known.end(), texts->begin(), texts->end());
  for (const auto& text : {scene.content.subheadline, scene.content.badge})
    brief.known.push_back(text.value_or(""));
  brief.known.push_back(scene.content.rating->text);
  brief.known.push_back(scene.content.product_name);
  brief.known.push_back(scene.content.brand_name);
  return brief;
}

struct Judged {
  std::vector<creative::CheckScore> checks;
  creative::DefectState garbled = creative::DefectState::kNotAssessed;

  explicit Judged(const creative::PictureFigures& figures)
      : checks(creative::review_locally({}, figures)) {
    for (const creative::Defect& defect : creative::scan_locally(figures)) {
      if (defect.kind == "TEXT_GARBLED") garbled = defect.state;
    }
  }
  std::optional<double> score(std::string_view id) const {
    for (const creative::CheckScore& check : checks) {
      if (check.id == id) return check.score;
    }
    return std::nullopt;
  }
};

TEST_CASE("an ad reads without its record as it does with it") {
  const auto renderer = make_renderer();
  const auto reader = open_text_reader();
  int read = 0;
  int layouts = 0;
  int found = 0;
  for (const std::string& name : creative::layout_names()) {
    CAPTURE(name);
    Fixture fixture;
    const Scene& scene = fixture.with(name, 1080, 1080);
    const Drawing drawing = renderer->render(scene);
    if (!find_text(drawing.rendering, "headline") || !find_text(drawing.rendering, "cta")) continue;
    ++layouts;
    const auto figures =
        measure_whole_picture(drawing.image, brief_of(scene), &fixture.product.image, *reader);
    const Judged judged(figures);
    // What is not read well is not held against the ad.
    CHECK(judged.garbled != creative::DefectState::kFound);
    CHECK(judged.score("V2").value_or(10) > 7);
    CHECK(judged.score("V1").value_or(10) > 7);
    CHECK(judged.score("V9").value_or(10) > 7);
    read += judged.score("V2").has_value();
    found += judged.score("V1").has_value();
  }
  CHECK(layouts == 12);
  CHECK(read >= 10);
  CHECK(found >= 9);
}

TEST_CASE("other words than the headline's are found in the whole picture") {
  const auto renderer = make_renderer();
  const auto reader = open_text_reader();
  int clean_legible = 0;
  int garbled = 0;
  int cut = 0;
  for (const std::string name :
       {"product-focus", "minimal-text", "problem-solution", "professional"}) {
    CAPTURE(name);
    Fixture fixture;
    const WholeBrief brief = brief_of(fixture.with(name, 1080, 1080));
    const auto judged_with = [&](const char* headline) {
      fixture.scene.content.headline = headline;
      const Drawing drawing = renderer->render(fixture.scene);
      return Judged(measure_whole_picture(drawing.image, brief, nullptr, *reader));
    };
    const Judged clean = judged_with("Cold brew that is ready before you are");
    const Judged other = judged_with("Clod berw taht is raedy bfeore yuo are");
    const Judged shorter = judged_with("Cold brew that is ready");
    clean_legible += clean.score("V2").value_or(0) > 8;
    garbled += other.garbled == creative::DefectState::kFound;
    cut += shorter.score("V2").value_or(10) < 5;
    CHECK(shorter.garbled != creative::DefectState::kFound);
    CHECK(clean.garbled != creative::DefectState::kFound);
  }
  CHECK(clean_legible >= 3);
  CHECK(garbled >= 3);
  CHECK(cut >= 3);
}

}  // namespace
}  // namespace adgenome::imaging
