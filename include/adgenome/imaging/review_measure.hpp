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

/// What can be measured where it is not known what was drawn.
creative::PictureFigures measure_unknown_picture(const Image& picture);

}  // namespace adgenome::imaging
