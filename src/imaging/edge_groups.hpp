#pragma once

#include <adgenome/imaging/template_findings.hpp>
#include <vector>

namespace adgenome::imaging {

/// Where edges hang together (letters of a line, the parts of a logo, an outline): boxes in pixels
/// of the picture.
std::vector<creative::Box> edge_groups(const Image& picture);

}  // namespace adgenome::imaging
