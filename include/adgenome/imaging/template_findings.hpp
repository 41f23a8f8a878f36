#pragma once

#include <adgenome/creative/color.hpp>
#include <adgenome/creative/rendering.hpp>
#include <adgenome/imaging/image.hpp>
#include <adgenome/imaging/text_reader.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::imaging {

/// Text that stands together in a picture: lines of one size under each other.
struct TextArea {
  /// headline (the largest), cta (one line on a button), disclaimer (small, near the bottom),
  /// subheadline (the largest of the others), text
  std::string role;
  std::string text;  ///< as it was read
  creative::Box box;
  double line_px = 0;  ///< height of a line's letters
  std::int64_t lines = 1;
  std::int64_t most_characters = 0;  ///< that its lines have room for, estimated
  double confidence = 0;             ///< 0 to 1: mean of its words
};

/// Where a logo is likely: a small group of edges by itself, near a border.
struct LogoArea {
  creative::Box box;
  double confidence = 0;  ///< 0 to 1
};

/// What is found in the picture of a template without help from outside; pixels of the picture.
struct TemplateFindings {
  std::optional<std::vector<TextArea>> texts;  ///< in reading order; nothing: could not be read
  std::vector<creative::Rgb> palette;          ///< most frequent first
  double palette_confidence = 0;               ///< share of the pixels near a color of it
  std::vector<LogoArea> logos;                 ///< most likely first
};

/// Changes whenever the same picture may give other findings.
inline constexpr std::string_view kFindingsVersion = "1";

/// `reader` null: texts are not read.
TemplateFindings find_parts(const Image& picture, TextReader* reader);

}  // namespace adgenome::imaging
