#include <adgenome/creative/color.hpp>
#include <adgenome/creative/text_match.hpp>

#include "local_review.hpp"

namespace adgenome::creative {
namespace {

// A part of a 9:16 canvas that the platform covers with its own controls (page 4.4).
constexpr double kStoryRatio = 0.65;

// From this share of it on a text is in its area: ink hangs over by ascenders and shadows.
constexpr double kInArea = 0.9;

// Under this a check tells of a fault.
constexpr double kFailing = 5;
// The reader's confidence in a text says something from so many words on.
constexpr std::size_t kWordsToJudge = 3;

Box canvas_of(const PictureFigures& picture) {
  return {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
}

Box safe_area_of(const PictureFigures& picture) {
  Box area = canvas_of(picture);
  if (area.width < kStoryRatio * area.height) {
    area.y = kStorySafeTop * area.height;
    area.height *= 1 - kStorySafeTop - kStorySafeBottom;
  }
  return area;
}

std::string letters_of(const std::string& text) {
  std::string letters;
  for (const std::string& word : words_of(text)) letters += word;
  return letters;
}

// What V2 looks at in one text, 0 to 10 each.
struct TextGrades {
  double by_reading = 10;
  double by_contrast = 10;
  double by_height = 10;
  double by_canvas = 10;

  void take_worst(const TextGrades& other) {
    by_reading = std::min(by_reading, other.by_reading);
    by_contrast = std::min(by_contrast, other.by_contrast);
    by_height = std::min(by_height, other.by_height);
    by_canvas = std::min(by_canvas, other.by_canvas);
  }
  double worst() const { return std::min({by_reading, by_contrast, by_height, by_canvas}); }
};

// One letter may be the reader's slip.
double grade_of_reading(const std::string& expected, double error_rate, std::size_t missing) {
  const std::vector<std::string> words = words_of(expected);
  const double slip = 1 / static_cast<double>(letters_of(expected).size());
  const double by_letters = grade(std::max(0.0, error_rate - slip), 0.25, 0.03);
  if (error_rate <= kCleanErrorRate) return by_letters;
  const double share = static_cast<double>(missing) / static_cast<double>(words.size());
  return std::min(by_letters, grade(share, 0.5, 0.1));
}

TextGrades grades_of(const TextFigures& text, const WordMatch& match,
                     const PictureFigures& picture) {
  TextGrades grades;
  // Words that run together are the reader's.
  const std::string letters = letters_of(text.placed.text);
  if (letters != letters_of(text.read.value_or(""))) {
    grades.by_reading =
        grade_of_reading(text.placed.text, match.character_error_rate, match.missing.size());
  }
  // Text that something lies on is read with doubt, if at all. Single words say too little.
  if (match.expected >= kWordsToJudge) {
    grades.by_reading = std::min(grades.by_reading, grade(text.confidence, 20, 60));
  }
  if (text.contrast) {
    // Enough is what WCAG asks for (level AA) less what smoothed edges take.
    const double required = required_contrast(text.placed.font_px, text.placed.is_bold);
    grades.by_contrast = grade(*text.contrast, 0.6 * required, 0.9 * required);
  }
  // On a phone the canvas is some 375 points wide: 2 % of it is 7.5 points. Small print may be
  // smaller.
  const double size =
      text.placed.font_px / static_cast<double>(std::min(picture.width, picture.height));
  const bool is_small_print = text.placed.role == "disclaimer";
  grades.by_height = is_small_print ? grade(size, 0.008, 0.014) : grade(size, 0.010, 0.020);
  grades.by_canvas = grade(share_inside(text.placed.box, canvas_of(picture)), 0.8, 1);
  return grades;
}

// V2 where it is not known where the texts stand: by the reading alone. A text of which nothing is
// read may be there in letters that the reader does not make out.
CheckScore legibility(const PictureFigures& picture, const WholeReading& whole) {
  if (whole.texts.empty()) return not_assessed("V2", "it is not known what the picture should say");
  std::int64_t expected = 0;
  std::vector<std::string> unread;
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::vector<std::string> failing;
  double error_rate = 0;
  double worst = 10;
  for (const FoundText& text : whole.texts) {
    if (!text.read) {
      unread.push_back(text.expected.role);
      continue;
    }
    expected += static_cast<std::int64_t>(words_of(text.expected.text).size());
    missing.insert(missing.end(), text.missing.begin(), text.missing.end());
    extra.insert(extra.end(), text.extra.begin(), text.extra.end());
    error_rate = std::max(error_rate, text.character_error_rate);
    const double reading =
        grade_of_reading(text.expected.text, text.character_error_rate, text.missing.size());
    if (reading < kFailing) failing.push_back(in_words(text));
    worst = std::min(worst, reading);
  }
  CheckScore score{"V2",
                   worst,
                   {{"reader", picture.reader},
                    {"read", std::string(kReadWhole)},
                    {"words", expected},
                    {"missing_words", missing},
                    {"extra_words", extra},
                    {"failing_texts", failing},
                    {"worst_character_error_rate", error_rate},
                    {"other_words", whole.others},
                    {"unread_texts", unread}}};
  // What is wrong with one text is so whatever the others say; that all is well is not known.
  if (!unread.empty() && worst >= kFailing) {
    score.score = std::nullopt;
    score.evidence.insert(score.evidence.begin(),
                          {"reason", std::string("not every text was read in the picture")});
  }
  return score;
}

// V2 is as good as the worst text, and that as the worst of: the words that were read, the
// contrast, the size of the type, and what of it lies on the canvas.
CheckScore legibility(const PictureFigures& picture) {
  if (picture.whole) return legibility(picture, *picture.whole);
  if (picture.texts_unknown) return not_assessed("V2", *picture.texts_unknown);
  std::int64_t expected = 0;
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::vector<std::string> failing;
  double error_rate = 0;
  TextGrades worst;
  std::optional<double> lowest_contrast;
  std::optional<double> smallest_type;
  for (const TextFigures& text : picture.texts) {
    if (!text.read) return not_assessed("V2", text.placed.role + ": its script cannot be read");
    const WordMatch match = match_words(text.placed.text, *text.read);
    if (match.expected == 0) continue;
    expected += static_cast<std::int64_t>(match.expected);
    missing.insert(missing.end(), match.missing.begin(), match.missing.end());
    extra.insert(extra.end(), match.extra.begin(), match.extra.end());
    error_rate = std::max(error_rate, match.character_error_rate);
    const TextGrades grades = grades_of(text, match, picture);
    worst.take_worst(grades);
    if (grades.worst() < kFailing) {
      failing.push_back(text.placed.role + ": \"" + text.placed.text + "\" reads \"" + *text.read +
                        "\"");
    }
    if (text.contrast) lowest_contrast = std::min(lowest_contrast.value_or(21), *text.contrast);
    smallest_type = std::min(smallest_type.value_or(1e9), text.placed.font_px);
  }
  if (expected == 0) return not_assessed("V2", "the ad has no text");
  const auto shorter_side = static_cast<double>(std::min(picture.width, picture.height));
  return {"V2",
          worst.worst(),
          {{"reader", picture.reader},
           {"words", expected},
           {"missing_words", missing},
           {"extra_words", extra},
           {"failing_texts", failing},
           {"worst_character_error_rate", error_rate},
           {"lowest_contrast", figure_or_null(lowest_contrast)},
           {"smallest_type_share", *smallest_type / shorter_side},
           {"score_reading", worst.by_reading},
           {"score_contrast", worst.by_contrast},
           {"score_type_size", worst.by_height},
           {"score_on_canvas", worst.by_canvas}}};
}

// Of a text the share that lies in an area which the layout has for texts of its role.
double share_in_areas(const PlacedText& text, const std::vector<LayoutArea>& areas,
                      const Box& canvas) {
  // A quote stands where the headline would; a lone line of a stack may hang over by a hair.
  const std::string role = text.role == "quote" ? "headline" : text.role;
  double share = 0;
  for (const LayoutArea& area : areas) {
    if (std::find(area.roles.begin(), area.roles.end(), role) == area.roles.end()) continue;
    share = std::max(
        share,
        share_inside(text.box, {area.box.x * canvas.width, area.box.y * canvas.height,
                                area.box.width * canvas.width, area.box.height * canvas.height}));
  }
  return share;
}

// The share of the pairs of texts in one area that stand one below the other as the layout has
// them.
double share_in_order(const std::vector<TextFigures>& texts, const std::vector<LayoutArea>& areas,
                      const Box& canvas) {
  std::int64_t pairs = 0;
  std::int64_t in_order = 0;
  for (const LayoutArea& area : areas) {
    const auto end = static_cast<std::ptrdiff_t>(area.roles.size());
    const auto place = [&](const PlacedText& text) {
      const auto at = std::find(area.roles.begin(), area.roles.end(), text.role);
      // Where a role has several places it is not known which one this is.
      return std::count(area.roles.begin(), area.roles.end(), text.role) == 1
                 ? at - area.roles.begin()
                 : end;
    };
    for (const TextFigures& upper : texts) {
      for (const TextFigures& lower : texts) {
        const auto one = place(upper.placed);
        const auto other = place(lower.placed);
        if (one >= other || other == end) continue;
        if (share_in_areas(upper.placed, {area}, canvas) < kInArea ||
            share_in_areas(lower.placed, {area}, canvas) < kInArea) {
          continue;
        }
        ++pairs;
        in_order += upper.placed.box.y <= lower.placed.box.y;
      }
    }
  }
  return pairs == 0 ? 1 : static_cast<double>(in_order) / static_cast<double>(pairs);
}

// V3: texts stand in the areas and in the order that the layout has for them, keep out of each
// other's way and of the parts that a platform covers.
CheckScore layout_fidelity(const ReviewBrief& brief, const PictureFigures& picture) {
  if (picture.texts_unknown) return not_assessed("V3", *picture.texts_unknown);
  if (picture.texts.empty()) return not_assessed("V3", "the ad has no text");
  double overlap = 0;
  double inside = 1;
  std::int64_t held = 0;
  std::int64_t in_place = 0;
  for (std::size_t i = 0; i < picture.texts.size(); ++i) {
    const TextFigures& text = picture.texts[i];
    inside = std::min(inside, share_inside(text.placed.box, safe_area_of(picture)));
    for (std::size_t j = 0; j < picture.texts.size(); ++j) {
      if (i != j)
        overlap = std::max(overlap, share_inside(text.placed.box, picture.texts[j].placed.box));
    }
    if (picture.logo_place) {
      overlap = std::max(overlap, share_inside(*picture.logo_place, text.placed.box));
    }
    if (text.read && !words_of(text.placed.text).empty()) {
      ++held;
      if (match_words(text.placed.text, *text.read).character_error_rate <= 0.5) ++in_place;
    }
  }
  if (held == 0) return not_assessed("V3", "no text could be read");
  const double found = static_cast<double>(in_place) / static_cast<double>(held);
  double score =
      std::min({grade(overlap, 0.3, 0.05), grade(inside, 0.5, 0.99), grade(found, 0.5, 1)});
  Evidence evidence{{"largest_overlap", overlap},
                    {"least_share_in_safe_area", inside},
                    {"texts_in_place", found}};
  if (!brief.areas) {
    evidence.push_back({"areas_unknown", std::string("the layout that was drawn is not known")});
    return {"V3", score, std::move(evidence)};
  }
  const Box canvas = canvas_of(picture);
  double in_areas = 1;
  std::vector<std::string> outside;
  for (const TextFigures& text : picture.texts) {
    const double share = share_in_areas(text.placed, *brief.areas, canvas);
    in_areas = std::min(in_areas, share);
    if (share < kInArea) outside.push_back(text.placed.role);
  }
  const double in_order = share_in_order(picture.texts, *brief.areas, canvas);
  score = std::min({score, grade(in_areas, 0.4, kInArea), grade(in_order, 0.5, 1)});
  evidence.push_back({"least_share_in_areas", in_areas});
  evidence.push_back({"outside_areas", outside});
  evidence.push_back({"texts_in_order", in_order});
  return {"V3", score, std::move(evidence)};
}

CheckScore color_compliance(const PictureFigures& picture) {
  if (!picture.palette_distance) {
    return not_assessed("V4", picture.palette_unknown.value_or("no even area to measure"));
  }
  return {"V4",
          grade(*picture.palette_distance, 12, 4),
          {{"palette_distance", *picture.palette_distance}}};
}

Evidence product_evidence(const ProductFigures& product) {
  return {{"correlation", product.correlation},
          {"structural_similarity", product.structural_similarity},
          {"color_difference", product.color_difference},
          {"stretch", product.stretch}};
}

// V1: the product looks as in its picture: structure, color and proportions, the worst counts.
CheckScore product_accuracy(const PictureFigures& picture) {
  if (picture.product_unknown) return not_assessed("V1", *picture.product_unknown);
  if (!picture.product_place) return not_assessed("V1", "the ad shows no product");
  if (!picture.product) {
    return {"V1", 0, {{"finding", "the product picture was not found where it should be"}}};
  }
  const ProductFigures& product = *picture.product;
  const double deviation =
      is_sure_of_place(product) ? std::max(product.stretch, 1 / product.stretch) - 1 : 0;
  return {"V1",
          std::min({grade(product.structural_similarity, 0.2, 0.8),
                    grade(product.color_difference, 20, 4), grade(deviation, 0.25, 0.05)}),
          product_evidence(product)};
}

// V6: the right product picture is there, and the logo where one is expected, and only there.
CheckScore asset_accuracy(const PictureFigures& picture) {
  // Where it was not looked for, the product alone tells.
  const bool is_logo_unseen = picture.logo_unknown && !picture.logo_place;
  if (is_logo_unseen && picture.product_unknown) {
    return not_assessed("V6", *picture.product_unknown);
  }
  std::optional<double> score;
  Evidence evidence;
  const auto count = [&](double value) { score = std::min(score.value_or(10), value); };
  if (picture.product_place && !picture.product_unknown) {
    const double correlation = picture.product ? picture.product->correlation : 0;
    count(grade(correlation, 0.3, 0.85));
    evidence.push_back({"product_correlation", correlation});
  }
  evidence.push_back({"logo_expected", picture.is_logo_expected});
  if (!is_logo_unseen) evidence.push_back({"logo_placed", picture.logo_place.has_value()});
  if (picture.logo_unknown) {
    evidence.push_back({"logo_unknown", *picture.logo_unknown});
  } else if (picture.is_logo_expected != picture.logo_place.has_value()) {
    count(picture.is_logo_expected ? 2 : 4);
  } else if (picture.logo_place) {
    const double similarity = picture.logo_similarity.value_or(0);
    // What is left where it was painted out (an edge nearby, an even patch) gets to a half.
    count(2 + 0.8 * grade(similarity, 0.5, 0.8));
    evidence.push_back({"logo_similarity", similarity});
  }
  if (!score) {
    return not_assessed(
        "V6", picture.product_unknown.value_or("neither a product picture nor a logo is expected"));
  }
  return {"V6", score, std::move(evidence)};
}

// V9: what is read on the product is what its own picture says there.
CheckScore label_accuracy(const PictureFigures& picture) {
  if (!picture.label) {
    return not_assessed("V9", picture.label_unknown.value_or("the ad shows no product"));
  }
  return {"V9",
          grade(picture.label->errors, kWrongLabel, kRightLabel),
          {{"label_expected", picture.label->expected},
           {"label_read", picture.label->read},
           {"label_error_rate", picture.label->errors},
           {"confidence", picture.label->confidence},
           {"stroke_likeness", picture.label->likeness}}};
}

// V7: crisp, without blocks and bands, nothing burnt out, not crammed with text, and no text under
// the controls of the platform.
CheckScore production_quality(const PictureFigures& picture) {
  if (!picture.edge_sharpness) return not_assessed("V7", "the picture has no edges to measure");
  double text_area = 0;
  double inside = 1;
  for (const TextFigures& text : picture.texts) {
    text_area += text.placed.box.width * text.placed.box.height;
    inside = std::min(inside, share_inside(text.placed.box, safe_area_of(picture)));
  }
  const double clipped = picture.product ? picture.product->clipped : 0;
  const double text_share = text_area / static_cast<double>(picture.width * picture.height);
  CheckScore score{
      "V7",
      std::min({grade(*picture.edge_sharpness, 0.15, 0.35), grade(picture.blocking, 2.5, 1.3),
                grade(picture.banding, 0.3, 0.05), grade(clipped, 0.3, 0.05),
                grade(text_share, 0.8, 0.45), grade(inside, 0.5, 0.99)}),
      {{"edge_sharpness", *picture.edge_sharpness},
       {"blocking", picture.blocking},
       {"banding", picture.banding},
       {"product_clipped", clipped}}};
  if (!picture.texts_unknown) {
    score.evidence.push_back({"text_share", text_share});
    score.evidence.push_back({"least_share_in_safe_area", inside});
  }
  return score;
}

}  // namespace

std::vector<CheckScore> picture_checks(const ReviewBrief& brief, const PictureFigures& picture) {
  return {product_accuracy(picture), legibility(picture),     layout_fidelity(brief, picture),
          color_compliance(picture), asset_accuracy(picture), production_quality(picture),
          label_accuracy(picture)};
}

}  // namespace adgenome::creative
