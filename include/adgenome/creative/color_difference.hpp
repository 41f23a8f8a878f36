#pragma once

#include <adgenome/creative/color.hpp>

namespace adgenome::creative {

/// CIELAB under D65, 2 degrees: lightness 0 to 100.
struct Cielab {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

Cielab to_cielab(Rgb color);

/// CIEDE2000 with all weights 1: about 1 is what an eye just sees, 10 another shade, 50 another
/// color. Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula, Color Research and
/// Application 30 (2005).
double ciede2000(Cielab one, Cielab other);

}  // namespace adgenome::creative
