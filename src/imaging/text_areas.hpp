#pragma once

#include <adgenome/imaging/template_findings.hpp>
#include <vector>

namespace adgenome::imaging {

/// The texts of a picture by blocks, with roles guessed from size and place.
std::vector<TextArea> find_text_areas(const Image& picture, TextReader& reader);

/// Small groups of edges near the borders that are no text of their own; texts of a word or two
/// there count too.
std::vector<LogoArea> find_logo_areas(const Image& picture, const std::vector<TextArea>& texts);

}  // namespace adgenome::imaging
