#pragma once

#include <adgenome/imaging/image.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace adgenome::imaging {

/// One ad on a contact sheet.
struct SheetCard {
  std::optional<Image> thumbnail;  ///< nothing: the ad has no picture that can be read
  std::string verdict;             ///< approved, flagged, rejected, review_failed
  std::optional<double> score;     ///< 0 to 10
  std::string title;               ///< the ad's id
  std::string headline;
  std::string facts;  ///< size, color, reviewer
  std::vector<std::pair<std::string, std::optional<double>>> checks;
  std::vector<std::string> findings;  ///< what is wrong, worst first
};

/// Everything that a contact sheet shows.
struct ContactSheet {
  std::string title;
  std::string subtitle;
  std::vector<std::pair<std::string, std::int64_t>> counts;  ///< by verdict
  std::vector<SheetCard> cards;
};

/// What cards show of an ad's picture: no wider and no higher than this.
inline constexpr int kThumbnailSide = 360;

/// The picture made small enough for a card, its proportions kept.
Image thumbnail_of(const Image& image);

/// The sheet as one page that needs nothing from anywhere: pictures are inside, every text is
/// escaped, nothing runs.
std::string html_of(const ContactSheet& sheet);

/// Draws a sheet as a picture. The painter on Cairo and Pango is loaded when this is first called.
class SheetPainter {
 public:
  virtual ~SheetPainter() = default;
  virtual Image paint(const ContactSheet& sheet) const = 0;
};
std::unique_ptr<SheetPainter> make_sheet_painter();

/// How a verdict and a score are shown: #rrggbb.
std::string verdict_color(const std::string& verdict);
std::string verdict_word(const std::string& verdict);
std::string score_color(const std::optional<double>& score);
/// "8.4", or a dash.
std::string score_text(const std::optional<double>& score);

}  // namespace adgenome::imaging
