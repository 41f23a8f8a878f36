#pragma once

#include <adgenome/creative/local_review.hpp>
#include <adgenome/imaging/measures.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <span>
#include <string>

namespace adgenome::imaging {

/// The text on a product, and why there is none to compare.
struct LabelReading {
  std::optional<creative::LabelFigures> figures;
  std::string unknown;
};

/// Reads the product's label in the ad, and in a control: the same part of the ad with the
/// product's own picture laid where the product was found. What the reader makes of small or
/// blurred letters it makes of both, so that a difference is one of the label; letters too small
/// for it are compared by their strokes. `window` is what of the ad shows the product; `covered`
/// lies on top of it.
LabelReading read_label(const Image& picture, const Image& product, const Match& match,
                        const creative::Box& window, std::span<const creative::Box> covered,
                        TextReader& reader);

}  // namespace adgenome::imaging
