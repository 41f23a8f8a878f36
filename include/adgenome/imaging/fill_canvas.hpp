#pragma once

#include <adgenome/imaging/image.hpp>

namespace adgenome::imaging {

/// The picture as it fills a canvas: cut evenly on both sides to its shape, then scaled to its
/// size. What could be seen through becomes white.
Image fill_canvas(const Image& picture, int width, int height);

}  // namespace adgenome::imaging
