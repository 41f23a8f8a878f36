#pragma once

#include <functional>
#include <optional>
#include <string>

#include "painter.hpp"

namespace adgenome::imaging {

/// An item of a stack with its measures, ready to be put somewhere; pixels.
struct Piece {
  const creative::Item* item = nullptr;
  double gap = 0;  ///< above it
  double width = 0;
  double height = 0;
  double size = 0;  ///< of its type; 0: no text
  std::function<void(double x, double y)> paint;
};

/// Whether the ad has what the item shows.
bool has_content(const Painter& painter, const creative::Item& item);
/// What a text item says; for messages, the first row of a list.
std::string content_of(const Painter& painter, const creative::Item& item);
/// How many rows a list has.
std::int64_t rows_of(const Painter& painter, const creative::Item& item);

/// Sets the item at `scale` of its largest size inside a width and height. A headline takes the
/// largest size that fits. `area` is the stack's: what is under it says whether a logo needs a
/// plate. Nothing where it does not fit at its smallest size.
std::optional<Piece> make_piece(Painter& painter, const creative::Item& item,
                                const creative::Box& area, double width, double height,
                                double scale, PangoAlignment alignment);

/// Fits and sets one text inside a width and height, at most at `scale` of its largest size; long
/// words are parted where that lets it be much larger. Nothing where it does not fit. Throws
/// InvalidInput naming characters that no font has.
std::optional<Setting> set_text(const Painter& painter, const std::string& role,
                                const std::string& text, const creative::TextStyle& style,
                                double width, double height, double scale,
                                PangoAlignment alignment);

// Small parts that are drawn and not set.
void paint_marker(Painter& painter, const creative::Item& item, std::size_t number,
                  const creative::Box& box, const creative::TextStyle& style);
std::optional<Piece> rating_piece(Painter& painter, const creative::Item& item, double width,
                                  double height, double scale);
Piece rule_piece(Painter& painter, const creative::Item& item);
Piece quote_piece(Painter& painter, const creative::Item& item);

}  // namespace adgenome::imaging
