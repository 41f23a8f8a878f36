#include <doctest/doctest.h>

#include <adgenome/creative/local_review.hpp>
#include <adgenome/creative/verdict.hpp>

using namespace adgenome::creative;

namespace {

TextFigures text(const char* role, const char* words, Box box, double font_px) {
  PlacedText placed;
  placed.role = role;
  placed.text = words;
  placed.box = box;
  placed.font_px = font_px;
  placed.is_bold = true;
  placed.ink = "#102030";
  return {placed, words, 95, 9.0};
}

// An ad with nothing wrong.
PictureFigures clean_picture() {
  PictureFigures picture{.width = 1080, .height = 1080, .reader = "test"};
  picture.texts = {text("headline", "Sleep better tonight", {80, 80, 800, 150}, 80),
                   text("subheadline", "A pillow that adapts", {80, 260, 600, 40}, 40),
                   text("cta", "Shop now", {400, 950, 200, 50}, 40)};
  picture.product_place = Box{300, 400, 400, 400};
  picture.product = ProductFigures{
      .correlation = 0.98, .structural_similarity = 0.9, .color_difference = 1, .stretch = 1.01};
  picture.is_logo_expected = true;
  picture.logo_place = Box{900, 40, 120, 60};
  picture.logo_similarity = 0.9;
  picture.palette_distance = 2;
  picture.edge_sharpness = 0.7;
  return picture;
}

ReviewBrief clean_brief() {
  return {.texts = {"Sleep better tonight", "A pillow that adapts", "Shop now"},
          .headline = "Sleep better tonight",
          .call_to_action = "Shop now",
          .given = {"20% off"},
          .prohibited_claims = {"cures insomnia"}};
}

std::optional<double> score(const PictureFigures& picture, std::string_view id,
                            const ReviewBrief& brief = clean_brief()) {
  for (const CheckScore& check : review_locally(brief, picture)) {
    if (check.id == id) return check.score;
  }
  FAIL("no check " << id);
  return {};
}

DefectState state(const PictureFigures& picture, std::string_view kind) {
  for (const Defect& defect : scan_locally(picture)) {
    if (defect.kind == kind) return defect.state;
  }
  FAIL("no defect " << kind);
  return DefectState::kNotAssessed;
}

Review review(const std::optional<PictureFigures>& picture,
              const ReviewBrief& brief = clean_brief()) {
  std::vector<ReviewStage> stages{
      {.stage = 1, .reviewer = "local", .defects = scan_locally(picture)}};
  if (!scan_decides(stages.front())) {
    stages.push_back({.stage = 2, .reviewer = "local", .checks = review_locally(brief, picture)});
  }
  return decide(std::move(stages), {});
}

}  // namespace

TEST_CASE("an ad with nothing wrong is approved, and says what was not looked at") {
  const Review clean = review(clean_picture());
  CHECK(clean.verdict == Verdict::kApproved);
  CHECK(*clean.score > 9);
  CHECK(*clean.assessed_weight >= 0.6);
  CHECK(state(clean_picture(), "TEXT_GARBLED") == DefectState::kClear);
  CHECK(state(clean_picture(), "PRODUCT_DISTORTION") == DefectState::kClear);
  CHECK(state(clean_picture(), "ANATOMY_ERROR") == DefectState::kNotAssessed);
  for (const CheckScore& check : clean.stages.at(1).checks) {
    CAPTURE(check.id);
    CHECK(check.score.has_value() == (check.evidence.front().first != "reason"));
  }
}

TEST_CASE("text that reads as something else is garbled") {
  PictureFigures picture = clean_picture();
  picture.texts[0].read = "Slpee bteetr tnoihgt";
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kFound);
  CHECK(review(picture).verdict == Verdict::kRejected);
  // Cut off in the middle.
  picture.texts[0].read = "Sleep be";
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kFound);
  CHECK(*score(picture, "V2") < *score(clean_picture(), "V2") - 3);
  // Not there at all.
  picture.texts[0].read = "";
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kFound);
  // A slip of the reader is none.
  picture.texts[0].read = "Sleep better tonignt";
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kClear);
  // What the reader cannot read is not judged.
  picture.texts[0].read.reset();
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kNotAssessed);
  CHECK_FALSE(score(picture, "V2"));
}

TEST_CASE("the worst text decides on legibility, and what is read with doubt is not legible") {
  PictureFigures picture = clean_picture();
  for (int i = 0; i < 8; ++i) {
    picture.texts.push_back(text("benefit", "Washes at sixty degrees", {80, 320, 400, 40}, 40));
  }
  const double all_right = *score(picture, "V2");
  CHECK(all_right == 10);
  picture.texts[0].read = "Sleep bettr toni";
  CHECK(*score(picture, "V2") < 5);
  // The right words, made out with doubt: something lies on them.
  picture.texts[0].read = "Sleep better tonight";
  picture.texts[0].confidence = 15;
  CHECK(*score(picture, "V2") < 5);
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kClear);
  // Of a word or two the reader's doubt says nothing.
  picture.texts[0].confidence = 95;
  picture.texts[2].confidence = 15;
  CHECK(*score(picture, "V2") == 10);
  // Words that run together are the reader's.
  picture.texts[2].read = "Shopnow";
  CHECK(*score(picture, "V2") == 10);
}

TEST_CASE("texts are held against the areas that the layout has for them") {
  ReviewBrief brief = clean_brief();
  const auto outside = [&](const PictureFigures& picture) {
    for (const CheckScore& check : review_locally(brief, picture)) {
      if (check.id != "V3") continue;
      for (const auto& [name, figure] : check.evidence) {
        if (name == "outside_areas") return std::get<std::vector<std::string>>(figure);
      }
    }
    return std::vector<std::string>{"not said"};
  };
  CHECK(outside(clean_picture()) == std::vector<std::string>{"not said"});
  brief.areas = {{.roles = {"headline", "subheadline"}, .box = {0.05, 0.05, 0.9, 0.3}},
                 {.roles = {"cta"}, .box = {0.3, 0.85, 0.4, 0.1}}};
  PictureFigures picture = clean_picture();
  CHECK(*score(picture, "V3", brief) == 10);
  CHECK(outside(picture).empty());
  // The headline beside its area: half of it outside.
  picture.texts[0].placed.box.y = 600;
  CHECK(*score(picture, "V3", brief) < 5);
  CHECK(*score(picture, "V3") == 10);
  CHECK(outside(picture) == std::vector<std::string>{"headline"});
  // In its area, below what should be below it.
  picture = clean_picture();
  picture.texts[0].placed.box = {80, 180, 800, 150};
  picture.texts[1].placed.box = {80, 90, 600, 40};
  CHECK(*score(picture, "V3", brief) == 0);
  // A text that the layout has no place for.
  picture = clean_picture();
  picture.texts[1].placed.role = "badge";
  CHECK(*score(picture, "V3", brief) == 0);
}

TEST_CASE("a headline is as congruent as it was measured to be") {
  ReviewBrief brief = clean_brief();
  CHECK_FALSE(score(clean_picture(), "G1", brief));
  brief.fit = HeadlineFit{.score = 0.83, .method = "local", .offer_variant = 0.9};
  CHECK(*score(clean_picture(), "G1", brief) == doctest::Approx(8.3));
  CHECK(*score(clean_picture(), "V2", brief) == 10);
  brief.fit->score = 0.4;
  CHECK(*score(clean_picture(), "G1", brief) == doctest::Approx(4));
}

TEST_CASE("low contrast, small type and text beyond the canvas cost legibility") {
  PictureFigures picture = clean_picture();
  picture.texts[1].contrast = 1.8;
  CHECK(*score(picture, "V2") < 5);
  picture.texts[1].contrast = 1.2;
  CHECK(state(picture, "TEXT_GARBLED") == DefectState::kFound);
  picture = clean_picture();
  picture.texts[1].placed.font_px = 13;
  CHECK(*score(picture, "V2") < 5);
  picture = clean_picture();
  picture.texts[0].placed.box.x = 500;
  CHECK(*score(picture, "V2") < 5);
  CHECK(*score(picture, "V3") < 10);
}

TEST_CASE("overlapping text and text under a platform's controls break the layout") {
  PictureFigures picture = clean_picture();
  CHECK(*score(picture, "V3") == 10);
  picture.texts[1].placed.box.y = 150;
  CHECK(*score(picture, "V3") < 3);
  picture = clean_picture();
  picture.height = 1920;
  CHECK(*score(picture, "V3") < 5);  // the headline in the upper 14 %
}

TEST_CASE("a product that is squashed, recolored or another one is found") {
  PictureFigures picture = clean_picture();
  picture.product->stretch = 1.3;
  CHECK(state(picture, "PRODUCT_DISTORTION") == DefectState::kFound);
  picture.product->stretch = 1 / 1.3;
  CHECK(state(picture, "PRODUCT_DISTORTION") == DefectState::kFound);
  CHECK(*score(picture, "V1") < 3);
  // Not like itself where it was found: it may stand otherwise.
  picture.product->structural_similarity = 0.85;
  CHECK(state(picture, "PRODUCT_DISTORTION") == DefectState::kNotAssessed);
  CHECK(*score(picture, "V1") == 10);
  picture.product->structural_similarity = 0.95;
  picture.product->stretch = 1.09;
  CHECK(state(picture, "PRODUCT_DISTORTION") == DefectState::kNotAssessed);
  picture = clean_picture();
  picture.product->color_difference = 25;
  CHECK(review(picture).verdict == Verdict::kRejected);
  picture.product.reset();
  CHECK(*score(picture, "V1") == 0);
  CHECK(*score(picture, "V6") == 0);
  picture.product_unknown = "no file";
  CHECK_FALSE(score(picture, "V1"));
  CHECK(*score(picture, "V6") == 10);  // by the logo alone
  picture.product_unknown.reset();
  picture.product_place.reset();
  CHECK_FALSE(score(picture, "V1"));
}

TEST_CASE("the logo is there where it is expected and only there") {
  PictureFigures picture = clean_picture();
  CHECK(*score(picture, "V6") == 10);
  picture.logo_similarity = 0.3;
  CHECK(*score(picture, "V6") < 5);
  picture.logo_place.reset();
  CHECK(*score(picture, "V6") < 3);
  picture.is_logo_expected = false;
  CHECK(*score(picture, "V6") == 10);
  picture.logo_place = Box{0, 0, 50, 50};
  CHECK(*score(picture, "V6") < 5);
}

TEST_CASE("palette, blur, blocks and crammed text each move their check") {
  PictureFigures picture = clean_picture();
  picture.palette_distance = 18;
  CHECK(*score(picture, "V4") < 2);
  picture.palette_distance.reset();
  CHECK_FALSE(score(picture, "V4"));
  picture.edge_sharpness = 0.2;
  CHECK(*score(picture, "V7") < 5);
  picture = clean_picture();
  picture.blocking = 2.2;
  CHECK(*score(picture, "V7") < 5);
  picture = clean_picture();
  picture.texts[0].placed.box = {0, 0, 1080, 700};
  CHECK(*score(picture, "V7") < 5);
}

TEST_CASE("what may not be said rejects an ad, with or without a picture") {
  ReviewBrief brief = clean_brief();
  CHECK(*score(clean_picture(), "C5", brief) == 10);
  brief.texts.push_back("It cures insomnia!");
  CHECK(*score(clean_picture(), "C5", brief) == 0);
  CHECK(review(clean_picture(), brief).verdict == Verdict::kRejected);
  brief = clean_brief();
  brief.texts.push_back("Take 20% off");
  CHECK(*score(clean_picture(), "C5", brief) == 10);
  brief.texts.push_back("Take 30% off");
  CHECK(*score(clean_picture(), "C5", brief) < 3);
  CHECK(review_locally(brief, std::nullopt).size() == rubric().size());
  CHECK(review(std::nullopt, brief).verdict == Verdict::kRejected);
}

TEST_CASE("an ad without a picture is for a person to decide") {
  const Review plain = review(std::nullopt);
  CHECK(plain.verdict == Verdict::kFlagged);
  CHECK(*plain.assessed_weight < 0.3);
  for (const CheckScore& check : plain.stages.at(1).checks) {
    if (check.id.front() == 'V') CHECK_FALSE(check.score);
  }
}

TEST_CASE("words are measured as they are read in passing") {
  ReviewBrief brief = clean_brief();
  CHECK(*score(clean_picture(), "C1", brief) > 8);
  brief.headline =
      "An extraordinarily sophisticated orthopaedic sleeping accommodation for individuals "
      "experiencing uncomfortable temperature fluctuations throughout their nightly recuperation "
      "and regeneration";
  CHECK(*score(clean_picture(), "C1", brief) < 6);
  brief.headline.reset();
  CHECK_FALSE(score(clean_picture(), "C1", brief));
  CHECK(*score(clean_picture(), "C2", brief) == 10);
  brief.call_to_action = "More information";
  CHECK(*score(clean_picture(), "C2", brief) < 5);
  brief.call_to_action.reset();
  CHECK_FALSE(score(clean_picture(), "C2", brief));
}

TEST_CASE("required disclaimers must be in the ad") {
  ReviewBrief brief = clean_brief();
  CHECK_FALSE(score(clean_picture(), "V5", brief));
  brief.required_disclaimers = {"Results vary."};
  CHECK(*score(clean_picture(), "V5", brief) == 0);
  brief.texts.push_back("results vary");
  CHECK(*score(clean_picture(), "V5", brief) == 10);
}
