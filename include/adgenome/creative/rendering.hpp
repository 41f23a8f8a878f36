#pragma once

#include <adgenome/core/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::creative {

/// A rectangle in pixels of the canvas, from its upper left corner.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// A piece of text as it was set. Roles: headline, subheadline, cta, quote, author, benefit, badge,
/// label, disclaimer.
struct PlacedText {
  std::string role;
  std::string text;
  Box box;             ///< the ink's extent, not the area it was given
  double font_px = 0;  ///< size of the type
  std::int64_t lines = 1;
  bool is_bold = false;
  std::string ink;  ///< #rrggbb
};

/// What was drawn where: kept beside the picture, so that a review can hold the one against the
/// other. Stored as JSON in the ad's row.
struct Rendering {
  std::int64_t width = 0;   ///< pixels
  std::int64_t height = 0;  ///< pixels
  std::string layout;       ///< name and version of the layout
  std::vector<PlacedText> texts;
  std::optional<Box> product;
  std::optional<std::string> product_image;  ///< path of the picture that was used
  std::vector<Box> photos = {};              ///< scenes, with colors of their own
  std::optional<Box> logo;
  std::optional<std::string> logo_image;
  bool is_logo_expected = false;
  std::vector<std::string> palette;  ///< #rrggbb, the colors asked for, most important first
};

core::Json to_json(const Rendering& rendering);
/// Throws InvalidInput naming `where` for a document of another shape.
Rendering rendering_from_json(const core::Json& document, const std::string& where);

}  // namespace adgenome::creative
