#include "local_review.hpp"

#include <adgenome/creative/text_match.hpp>

namespace adgenome::creative {
namespace {

// Thresholds of the scan. A clean rendered text reads with at most a slip or two; letters that
// were swapped or made up are in another league. Between the two the reader may be to blame.
constexpr double kGarbledErrorRate = 0.2;
constexpr double kSureConfidence = 70;
constexpr double kUnreadableContrast = 2;  // WCAG wants 3 of the largest type
constexpr double kClearStretch = 0.06;
constexpr double kDistortedStretch = 0.12;

enum class Legibility { kClean, kGarbled, kUnsure };

Legibility legibility_of(const TextFigures& text, const WordMatch& match) {
  if (text.contrast && *text.contrast < kUnreadableContrast) return Legibility::kGarbled;
  if (match.character_error_rate <= kCleanErrorRate) return Legibility::kClean;
  // Nothing like the text, or read without doubt as another.
  const bool is_other =
      match.character_error_rate >= kGarbledErrorRate &&
      (match.missing.size() * 5 >= match.expected * 2 || text.confidence >= kSureConfidence);
  return is_other ? Legibility::kGarbled : Legibility::kUnsure;
}

Defect unseen(std::string_view kind, std::string reason) {
  return {std::string(kind), DefectState::kNotAssessed, {{"reason", std::move(reason)}}};
}

// Words stand in the place of those of the text, and there is no doubt of what they are. Words that
// are only missing may be the reader's fault.
bool is_garbled(const FoundText& text) {
  const std::size_t wrong = std::min(text.missing.size(), text.extra.size());
  return text.read && text.character_error_rate >= kGarbledErrorRate &&
         text.confidence >= kSureConfidence && 4 * wrong >= words_of(text.expected.text).size();
}

Defect text_garbled(const PictureFigures& picture, const WholeReading& whole) {
  Defect defect{"TEXT_GARBLED", DefectState::kClear, {}};
  std::vector<std::string> garbled;
  std::vector<std::string> unsure;
  double worst = 0;
  for (const FoundText& text : whole.texts) {
    if (!text.read) {
      unsure.push_back(text.expected.role + ": not read in the picture");
      continue;
    }
    worst = std::max(worst, text.character_error_rate);
    if (text.character_error_rate <= kCleanErrorRate) continue;
    (is_garbled(text) ? garbled : unsure).push_back(in_words(text));
  }
  defect.evidence = {{"reader", picture.reader},
                     {"read", std::string(kReadWhole)},
                     {"texts", static_cast<std::int64_t>(whole.texts.size())},
                     {"worst_character_error_rate", worst},
                     {"other_words", whole.others}};
  std::string reason;
  if (whole.texts.empty()) {
    reason = "it is not known what the picture should say";
  } else if (!unsure.empty()) {
    reason = "not read with certainty";
  } else if (!whole.others.empty()) {
    reason = "words that belong to nothing known";
  }
  if (!garbled.empty()) {
    defect.state = DefectState::kFound;
    defect.evidence.push_back({"garbled", garbled});
  } else if (!reason.empty()) {
    defect.state = DefectState::kNotAssessed;
    defect.evidence.push_back({"reason", reason});
  }
  if (!unsure.empty()) defect.evidence.push_back({"unsure", unsure});
  return defect;
}

Defect text_garbled(const PictureFigures& picture) {
  Defect defect{"TEXT_GARBLED", DefectState::kClear, {}};
  if (picture.whole) return text_garbled(picture, *picture.whole);
  if (picture.texts_unknown) return unseen(defect.kind, *picture.texts_unknown);
  std::vector<std::string> garbled;
  std::vector<std::string> unsure;
  double worst = 0;
  std::int64_t held = 0;
  for (const TextFigures& text : picture.texts) {
    if (!text.read) {
      unsure.push_back(text.placed.role + ": its script cannot be read");
      continue;
    }
    const WordMatch match = match_words(text.placed.text, *text.read);
    if (match.expected == 0) continue;
    ++held;
    worst = std::max(worst, match.character_error_rate);
    const Legibility legibility = legibility_of(text, match);
    if (legibility == Legibility::kClean) continue;
    (legibility == Legibility::kGarbled ? garbled : unsure)
        .push_back(text.placed.role + ": \"" + text.placed.text + "\" reads \"" + *text.read +
                   "\"");
  }
  defect.evidence = {
      {"reader", picture.reader}, {"texts", held}, {"worst_character_error_rate", worst}};
  if (!garbled.empty()) {
    defect.state = DefectState::kFound;
    defect.evidence.push_back({"garbled", garbled});
  } else if (!unsure.empty() || held == 0) {
    defect.state = DefectState::kNotAssessed;
    defect.evidence.push_back({"reason", held == 0 && unsure.empty()
                                             ? std::string("the ad has no text")
                                             : std::string("not read with certainty")});
  }
  if (!unsure.empty()) defect.evidence.push_back({"unsure", unsure});
  return defect;
}

Defect product_distortion(const PictureFigures& picture) {
  Defect defect{"PRODUCT_DISTORTION", DefectState::kNotAssessed, {}};
  if (picture.product_unknown) return unseen(defect.kind, *picture.product_unknown);
  if (!picture.product_place) return unseen(defect.kind, "the ad shows no product");
  if (!picture.product) return unseen(defect.kind, "the product was not found in the ad");
  const double stretch = picture.product->stretch;
  const double deviation = std::max(stretch, 1 / stretch) - 1;
  defect.evidence = {{"stretch", stretch},
                     {"correlation", picture.product->correlation},
                     {"structural_similarity", picture.product->structural_similarity}};
  if (!is_sure_of_place(*picture.product)) {
    defect.evidence.push_back({"reason", "the product was not found with certainty"});
  } else if (deviation >= kDistortedStretch) {
    defect.state = DefectState::kFound;
  } else if (deviation <= kClearStretch) {
    defect.state = DefectState::kClear;
  } else {
    defect.evidence.push_back({"reason", "within the error of measurement"});
  }
  return defect;
}

Defect packaging_text_error(const PictureFigures& picture) {
  Defect defect{"PACKAGING_TEXT_ERROR", DefectState::kNotAssessed, {}};
  if (!picture.label) {
    return unseen(defect.kind, picture.label_unknown.value_or("the ad shows no product"));
  }
  const LabelFigures& label = *picture.label;
  defect.evidence = {{"label_expected", label.expected},
                     {"label_read", label.read},
                     {"label_error_rate", label.errors},
                     {"confidence", label.confidence},
                     {"stroke_likeness", label.likeness}};
  if (label.errors >= kWrongLabel) {
    defect.state = DefectState::kFound;
  } else if (label.errors <= kRightLabel) {
    defect.state = DefectState::kClear;
  } else {
    defect.evidence.push_back({"reason", "within the error of reading"});
  }
  return defect;
}

}  // namespace

std::string in_words(const FoundText& text) {
  return text.expected.role + ": \"" + text.expected.text + "\" reads \"" + text.read.value_or("") +
         "\"";
}

double share_inside(const Box& box, const Box& area) {
  const double width = std::min(box.x + box.width, area.x + area.width) - std::max(box.x, area.x);
  const double height =
      std::min(box.y + box.height, area.y + area.height) - std::max(box.y, area.y);
  if (width <= 0 || height <= 0 || box.width <= 0 || box.height <= 0) return 0;
  return width * height / (box.width * box.height);
}

std::vector<Defect> scan_locally(const std::optional<PictureFigures>& picture) {
  std::vector<Defect> defects;
  for (const DefectRule& rule : defect_kinds()) {
    const std::string_view kind = rule.kind;
    if (!picture) {
      defects.push_back(unseen(kind, kNoPicture));
    } else if (kind == "TEXT_GARBLED") {
      defects.push_back(text_garbled(*picture));
    } else if (kind == "PRODUCT_DISTORTION") {
      defects.push_back(product_distortion(*picture));
    } else if (kind == "PACKAGING_TEXT_ERROR") {
      defects.push_back(packaging_text_error(*picture));
    } else {
      defects.push_back(unseen(kind, "needs a reviewer that knows what is in a picture"));
    }
  }
  return defects;
}

std::vector<CheckScore> review_locally(const ReviewBrief& brief,
                                       const std::optional<PictureFigures>& picture) {
  std::vector<CheckScore> scores = copy_checks(brief);
  if (picture) {
    scores.push_back(brand_guideline(brief, *picture));
    for (CheckScore& score : picture_checks(brief, *picture)) scores.push_back(std::move(score));
  }
  std::vector<CheckScore> checks;
  for (const CheckRule& rule : rubric()) {
    const auto score = std::find_if(scores.begin(), scores.end(),
                                    [&](const CheckScore& each) { return each.id == rule.id; });
    checks.push_back(
        score != scores.end()
            ? std::move(*score)
            : not_assessed(std::string(rule.id), !picture && rule.id.front() == 'V'
                                                     ? kNoPicture
                                                     : "needs a reviewer that understands the ad"));
  }
  return checks;
}

}  // namespace adgenome::creative
