#pragma once

#include <adgenome/creative/local_review.hpp>
#include <adgenome/imaging/image.hpp>
#include <adgenome/imaging/text_reader.hpp>

namespace adgenome::imaging {

/// Measures the picture of an ad against what was drawn. `product` and `logo` are the pictures
/// that the rendering names; null where they could not be had, which the figures then say.
creative::PictureFigures measure_picture(const Image& picture, const creative::Rendering& rendering,
                                         const Image* product, const Image* logo,
                                         TextReader& reader);

/// What an ad should show of which it is not known what was drawn where.
struct WholeBrief {
  std::vector<creative::ExpectedText> texts;
  std::vector<std::string> known;  ///< other texts that may stand in the picture
  bool is_logo_expected = false;
};

/// Measures such a picture as a whole: what is read anywhere in it.
creative::PictureFigures measure_whole_picture(const Image& picture, const WholeBrief& brief,
                                               const Image* product, TextReader& reader);

}  // namespace adgenome::imaging
