#pragma once

#include <adgenome/creative/local_review.hpp>
#include <algorithm>

namespace adgenome::creative {

inline constexpr const char* kNoPicture = "the ad has no picture";

/// 0 at `worst`, 10 at `best`, linear between and flat beyond.
inline double grade(double value, double worst, double best) {
  return 10 * std::clamp((value - worst) / (best - worst), 0.0, 1.0);
}

inline CheckScore not_assessed(std::string id, std::string reason) {
  return {std::move(id), std::nullopt, {{"reason", std::move(reason)}}};
}

/// Character error rate up to which a text reads as it should: a rendered text reads with at most a
/// slip or two.
inline constexpr double kCleanErrorRate = 0.12;

/// Whether the product was found so like itself that its proportions there are its own. One that
/// is turned and partly covered may be taken for a stretched one.
inline bool is_sure_of_place(const ProductFigures& product) {
  return product.correlation >= 0.6 && product.structural_similarity >= 0.9;
}

/// In the evidence of what was read without knowing where it stands.
inline constexpr const char* kReadWhole = "the whole picture";

/// The text and what it reads as.
std::string in_words(const FoundText& text);

/// Part of a rectangle that lies in another, as a share of the first.
double share_inside(const Box& box, const Box& area);

/// Shares of the characters of a label that differ: slips of the reader up to the first, another
/// label from the second on.
inline constexpr double kRightLabel = 0.13;
inline constexpr double kWrongLabel = 0.4;

/// The checks as measured: of the picture (V1 to V4, V6, V7, V9), of the words that the picture
/// must show (V5), and of the words alone (C, G1).
std::vector<CheckScore> picture_checks(const ReviewBrief& brief, const PictureFigures& picture);
CheckScore brand_guideline(const ReviewBrief& brief, const PictureFigures& picture);
std::vector<CheckScore> copy_checks(const ReviewBrief& brief);

}  // namespace adgenome::creative
