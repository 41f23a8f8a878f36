#include <doctest/doctest.h>

#include <adgenome/creative/local_review.hpp>
#include <adgenome/creative/whole_reading.hpp>

using namespace adgenome::creative;

namespace {

const std::vector<ExpectedText> kTexts{{"headline", "Sleep better tonight and tomorrow"},
                                       {"subheadline", "A pillow that adapts to you"},
                                       {"cta", "Shop now"}};

std::vector<ReadBlock> blocks_with(const std::string& headline, double confidence = 92) {
  return {{headline, confidence, {80, 80, 800, 150}},
          {"A pillow that adapts to you", 90, {80, 260, 600, 40}},
          {"Shop now", 95, {400, 950, 200, 50}}};
}

PictureFigures picture_of(const std::vector<ReadBlock>& blocks,
                          const std::vector<std::string>& known = {}) {
  PictureFigures picture{.width = 1080, .height = 1080, .reader = "test"};
  picture.texts_unknown = "not known";
  picture.product_unknown = "not known";
  picture.logo_unknown = "not known";
  picture.whole = match_blocks(kTexts, blocks, known);
  picture.edge_sharpness = 0.7;
  return picture;
}

CheckScore check_of(const PictureFigures& picture, std::string_view id) {
  for (const CheckScore& check : review_locally({}, picture)) {
    if (check.id == id) return check;
  }
  FAIL("no check " << id);
  return {};
}

std::optional<double> legibility(const PictureFigures& picture) {
  return check_of(picture, "V2").score;
}

DefectState garbled(const PictureFigures& picture) {
  for (const Defect& defect : scan_locally(picture)) {
    if (defect.kind == "TEXT_GARBLED") return defect.state;
  }
  FAIL("no defect TEXT_GARBLED");
  return DefectState::kNotAssessed;
}

const std::string kHeadline = "Sleep better tonight and tomorrow";

}  // namespace

TEST_CASE("texts that are read anywhere in the picture are legible") {
  const PictureFigures clean = picture_of(blocks_with(kHeadline));
  CHECK(*legibility(clean) == 10);
  CHECK(garbled(clean) == DefectState::kClear);
  // Where the texts should stand is not known.
  CHECK_FALSE(check_of(clean, "V3").score);
  // Split over two blocks with another one between.
  const PictureFigures split = picture_of({{"Sleep better", 90, {}},
                                           {"Shop now", 90, {}},
                                           {"tonight and tomorrow", 90, {}},
                                           {"A pillow that adapts to you", 90, {}}});
  CHECK(*legibility(split) == 10);
  CHECK(garbled(split) == DefectState::kClear);
  // All in one block; words that ran together.
  const PictureFigures one =
      picture_of({{kHeadline + " A pillow that adapts to you Shopnow", 90, {}}});
  CHECK(*legibility(one) == 10);
}

TEST_CASE("other words in the place of a text's own are garbled where they are read surely") {
  const std::string other = "Slpee bteetr tnoihgt and tomorrow";
  const PictureFigures sure = picture_of(blocks_with(other));
  CHECK(garbled(sure) == DefectState::kFound);
  CHECK(*legibility(sure) < 3);
  const PictureFigures unsure = picture_of(blocks_with(other, 60));
  CHECK(garbled(unsure) == DefectState::kNotAssessed);
  // Missing words may be the reader's fault: less legible, not garbled.
  const PictureFigures cut = picture_of(blocks_with("Sleep better tonight"));
  CHECK(garbled(cut) == DefectState::kNotAssessed);
  CHECK(*legibility(cut) < *legibility(picture_of(blocks_with(kHeadline))) - 3);
  // A slip of the reader is neither.
  const PictureFigures slip = picture_of(blocks_with("Sleep better tonignt and tomorrow"));
  CHECK(garbled(slip) == DefectState::kClear);
  CHECK(*legibility(slip) > 8);
}

TEST_CASE("a text that is not read says nothing of the ad") {
  std::vector<ReadBlock> blocks = blocks_with(kHeadline);
  blocks.pop_back();
  CHECK(garbled(picture_of(blocks)) == DefectState::kNotAssessed);
  CHECK_FALSE(legibility(picture_of(blocks)));
  CHECK(check_of(picture_of(blocks), "V2").evidence.front().first == "reason");
  CHECK_FALSE(legibility(picture_of({})));
  CHECK(garbled(picture_of({})) == DefectState::kNotAssessed);
  // Other texts are not taken for it, nor is a word twice.
  const WholeReading reading =
      match_blocks(kTexts, blocks_with("Fresh coffee from the roastery"), {});
  CHECK_FALSE(reading.texts[0].read);
  CHECK(*reading.texts[2].read == "shop now");
  const std::vector<ExpectedText> twice{{"headline", "Shop now"}, {"cta", "Shop now"}};
  const WholeReading once = match_blocks(twice, std::vector<ReadBlock>{{"Shop now", 90, {}}}, {});
  CHECK(once.texts[0].read.has_value() != once.texts[1].read.has_value());
  const std::vector<ExpectedText> cyrillic{{"headline", "Спите лучше"}};
  CHECK_FALSE(match_blocks(cyrillic, blocks_with("CnuTe nyuwe"), {}).texts[0].read);
}

TEST_CASE("words that belong to nothing keep a picture from being clear") {
  std::vector<ReadBlock> blocks = blocks_with(kHeadline);
  blocks.push_back({"GRENT QUALTIY", 93, {}});
  CHECK(picture_of(blocks).whole->others == std::vector<std::string>{"grent", "qualtiy"});
  CHECK(garbled(picture_of(blocks)) == DefectState::kNotAssessed);
  CHECK(garbled(picture_of(blocks, {"Grent qualtiy"})) == DefectState::kClear);
  blocks.back().confidence = 60;
  CHECK(garbled(picture_of(blocks)) == DefectState::kClear);
}

TEST_CASE("where the logo was not looked for the product alone tells of the right pictures") {
  PictureFigures picture = picture_of(blocks_with(kHeadline));
  CHECK_FALSE(check_of(picture, "V6").score);
  CHECK_FALSE(check_of(picture, "V1").score);
  picture.product_unknown.reset();
  picture.product_place = Box{300, 400, 300, 400};
  picture.product = ProductFigures{.correlation = 0.95, .structural_similarity = 0.92};
  CHECK(*check_of(picture, "V6").score == 10);
  CHECK(*check_of(picture, "V1").score == 10);
  // That the logo was not looked for is said.
  picture.is_logo_expected = true;
  const CheckScore assets = check_of(picture, "V6");
  CHECK(*assets.score == 10);
  CHECK(assets.evidence.back().first == "logo_unknown");
}

TEST_CASE("a disclaimer that is not read in the picture may be there all the same") {
  ReviewBrief brief;
  brief.required_disclaimers = {"Results vary."};
  const auto guideline = [&](const std::vector<ReadBlock>& blocks) {
    for (const CheckScore& check : review_locally(brief, picture_of(blocks))) {
      if (check.id == "V5") return check.score;
    }
    return std::optional<double>();
  };
  std::vector<ReadBlock> blocks = blocks_with(kHeadline);
  CHECK_FALSE(guideline(blocks));
  blocks.push_back({"Results vary", 70, {}});
  CHECK(*guideline(blocks) == 10);
}
