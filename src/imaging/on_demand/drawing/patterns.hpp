#pragma once

#include <cairo.h>

#include <adgenome/creative/rendering.hpp>
#include <string>

namespace adgenome::imaging {

/// Paints a pattern of the layout (dots, grid, rays, rings, stripes) over a box in the color that
/// is set; the caller clips. `unit` is the canvas's shorter side in pixels.
void paint_pattern(cairo_t* cairo, const creative::Box& box, const std::string& pattern,
                   double unit);

}  // namespace adgenome::imaging
