#pragma once

#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/creative/rubric.hpp>
#include <adgenome/creative/whole_reading.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::creative {

/// A text of the ad and what became of it in the picture.
struct TextFigures {
  PlacedText placed;
  std::optional<std::string> read;  ///< nothing where the reader does not know the script
  double confidence = 0;            ///< of the reader, 0 to 100
  std::optional<double> contrast;   ///< WCAG, 1 to 21
};

/// The product picture, found again in the ad.
struct ProductFigures {
  double correlation = 0;            ///< of gray values, -1 to 1
  double structural_similarity = 0;  ///< SSIM, -1 to 1
  double color_difference = 0;       ///< mean CIEDE2000
  double stretch = 1;                ///< width over height, over that of the picture
  double clipped = 0;  ///< share of it that is burnt out or drowned, and is not in its picture
};

/// The lines of text on the product as its own picture shows them at the size in the ad, and as
/// the ad does.
struct LabelFigures {
  std::vector<std::string> expected;
  std::vector<std::string> read;
  double errors = 0;      ///< characters that differ, as a share of those expected
  double confidence = 0;  ///< of the reader with what was expected, 0 to 100
  double likeness = 1;    ///< of the strokes of the least alike line, -1 to 1
};

/// What was measured on the picture of an ad.
struct PictureFigures {
  std::int64_t width = 0;   ///< pixels
  std::int64_t height = 0;  ///< pixels
  std::vector<TextFigures> texts = {};
  std::optional<std::string> texts_unknown = {};  ///< why it is not known where texts stand
  std::optional<WholeReading> whole = {};         ///< then: what was read in the whole picture
  std::string reader = {};                        ///< what read the text
  /// The product is there where `product_place` is; nothing in `product` then means that its
  /// picture was not found there.
  std::optional<Box> product_place = {};
  std::optional<ProductFigures> product = {};
  std::optional<std::string> product_unknown = {};  ///< why the product was not looked for
  std::optional<LabelFigures> label = {};
  std::optional<std::string> label_unknown = {};  ///< why there is none
  bool is_logo_expected = false;
  std::optional<Box> logo_place = {};
  std::optional<double> logo_similarity = {};       ///< SSIM; nothing where it was not found
  std::optional<std::string> logo_unknown = {};     ///< why the logo was not looked for
  std::optional<double> palette_distance = {};      ///< mean CIEDE2000 of even areas
  std::optional<std::string> palette_unknown = {};  ///< why there is none
  std::optional<double> edge_sharpness = {};
  double blocking = 1;
  double banding = 0;
};

/// How a headline fits the offer variant and what its page leads with, 0 to 1.
struct HeadlineFit {
  double score = 0;
  std::string method;                     ///< what measured it: "local", or a model's name
  std::optional<std::string> offer = {};  ///< the variant, where it was measured for the review
  std::optional<double> offer_variant = {};
  std::optional<double> landing_page = {};
  std::optional<double> belief = {};
};

/// What was asked for: the words of the ad and what they may say.
struct ReviewBrief {
  std::vector<std::string> texts;  ///< every text of the ad
  std::optional<std::string> headline = {};
  std::optional<std::string> call_to_action = {};
  std::vector<std::string> given = {};  ///< whatever names an offer or claim that may be made
  std::vector<std::string> prohibited_claims = {};
  std::vector<std::string> required_disclaimers = {};
  std::optional<HeadlineFit> fit = {};
  std::optional<std::vector<LayoutArea>> areas = {};  ///< of the layout; nothing: not known
};

/// Stage 1 by the reviewer `local`. Without a picture nothing is assessed.
std::vector<Defect> scan_locally(const std::optional<PictureFigures>& picture);

/// Stage 2 by the reviewer `local`: every check of the rubric, null where it cannot be measured.
std::vector<CheckScore> review_locally(const ReviewBrief& brief,
                                       const std::optional<PictureFigures>& picture);

}  // namespace adgenome::creative
