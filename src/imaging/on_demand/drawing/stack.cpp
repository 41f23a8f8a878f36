#include <adgenome/core/error.hpp>
#include <algorithm>
#include <cmath>
#include <deque>

#include "painter.hpp"
#include "pieces.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Element;
using creative::Item;

// A headline this much under its largest size has the other pieces made smaller first.
constexpr double kGoodHeadline = 0.62;
constexpr double kLargerHeadline = 0.02;  // what other pieces are made smaller for
constexpr double kScales[] = {1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62};

struct Column {
  std::vector<Piece> pieces;
  double height = 0;        ///< gaps included
  double headline = 1;      ///< the headline's size, share of its largest
  std::size_t lacking = 0;  ///< pieces that there is no room for at this scale
  /// Lists cut to fewer rows, which pieces refer to.
  std::shared_ptr<std::deque<Item>> shortened;
};

PangoAlignment alignment_of(const Element& element) {
  if (element.align == "center") return PANGO_ALIGN_CENTER;
  return element.align == "end" ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

double gap_above(const Painter& painter, const Element& element, const Item& item) {
  return painter.unit() * (item.gap_before >= 0 ? item.gap_before : element.gap);
}

void add(Column& column, const Painter& painter, const Element& element, Piece piece) {
  piece.gap = column.pieces.empty() ? 0 : gap_above(painter, element, *piece.item);
  column.height += piece.gap + piece.height;
  column.pieces.push_back(std::move(piece));
}

/// The column with everything but the headline at `scale` of its largest size, the headline in
/// what is left. Nothing where that is not enough.
std::optional<Column> compose(Painter& painter, const Element& element, const Box& box,
                              double scale, const std::vector<const Item*>& items) {
  Column column;
  std::vector<std::optional<Piece>> pieces(items.size());
  double taken = 0;
  std::ptrdiff_t headline = -1;
  bool is_first = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool is_headline = items[i]->kind == "headline";
    if (is_headline) {
      headline = static_cast<std::ptrdiff_t>(i);
    } else {
      pieces[i] =
          make_piece(painter, *items[i], box, box.width, box.height, scale, alignment_of(element));
      if (!pieces[i]) {
        if (items[i]->kind == "cta" || items[i]->kind == "disclaimer") return std::nullopt;
        ++column.lacking;
        continue;
      }
      taken += pieces[i]->height;
    }
    if (!is_first) taken += gap_above(painter, element, *items[i]);
    is_first = false;
  }
  if (headline >= 0) {
    const auto at = static_cast<std::size_t>(headline);
    pieces[at] = make_piece(painter, *items[at], box, box.width, box.height - taken, 1,
                            alignment_of(element));
    if (!pieces[at]) return std::nullopt;
    column.headline = pieces[at]->size / (items[at]->style.max_size * painter.unit());
  } else if (taken > box.height) {
    return std::nullopt;
  }
  for (auto& piece : pieces) {
    if (piece) add(column, painter, element, std::move(*piece));
  }
  return column;
}

/// What may be left out where the room is too small, least important first.
constexpr const char* kOptional[] = {"rule", "quote_mark", "rating",   "author",     "label",
                                     "logo", "pains",      "benefits", "subheadline"};

/// Nothing is left that may go.
[[noreturn]] void refuse(const Painter& painter, const std::vector<const Item*>& items) {
  const Item* item = items.back();
  for (const Item* other : items) {
    if (other->kind == "headline") item = other;
  }
  const double smallest = std::ceil(item->style.min_size * painter.unit());
  throw core::InvalidInput("the " + item->kind + " " + quoted(content_of(painter, *item)) +
                               " does not fit at " + std::to_string(static_cast<int>(smallest)) +
                               " px",
                           "shorten it, or use a layout with more room for it");
}

/// The first list of more than two rows with one row less; false where there is none.
bool shorten_a_list(const Painter& painter, std::vector<const Item*>& items,
                    std::deque<Item>& shortened) {
  for (const Item*& item : items) {
    if ((item->kind != "benefits" && item->kind != "pains") || rows_of(painter, *item) <= 2)
      continue;
    Item fewer = *item;
    fewer.most = rows_of(painter, *item) - 1;
    shortened.push_back(fewer);
    item = &shortened.back();
    return true;
  }
  return false;
}

Column fitted(Painter& painter, const Element& element, const Box& box) {
  std::vector<const Item*> items;
  for (const Item& item : element.items) {
    if (has_content(painter, item)) items.push_back(&item);
  }
  if (items.empty()) return {};
  const auto shortened = std::make_shared<std::deque<Item>>();
  for (;;) {
    std::optional<Column> best;
    for (const double scale : kScales) {
      auto column = compose(painter, element, box, scale, items);
      if (!column) continue;
      // A small piece says more than none.
      const bool is_better =
          !best || column->lacking < best->lacking ||
          (column->lacking == best->lacking && column->headline > best->headline + kLargerHeadline);
      if (is_better) best = std::move(column);
      if (best->lacking == 0 && best->headline >= kGoodHeadline) break;
    }
    // Shorter lists first, then fewer pieces.
    bool is_changed = false;
    if (!best || best->lacking > 0) is_changed = shorten_a_list(painter, items, *shortened);
    if (best && !is_changed) {
      best->shortened = shortened;
      return std::move(*best);
    }
    for (const char* kind : kOptional) {
      if (is_changed) break;
      const auto found = std::find_if(items.begin(), items.end(),
                                      [&](const Item* item) { return item->kind == kind; });
      if (found == items.end()) continue;
      items.erase(found);
      is_changed = true;
    }
    if (!is_changed) refuse(painter, items);
  }
}

}  // namespace

void paint_stack(Painter& painter, const Element& element) {
  const Box box = painter.canvas.pixels(element.box);
  const Column column = fitted(painter, element, box);
  if (element.card && !column.pieces.empty()) {
    Element card = element;
    card.box = *element.card;
    paint_shape(painter, card);
  }
  const double slack = box.height - column.height;
  double y = box.y + (element.anchor == "bottom"   ? slack
                      : element.anchor == "middle" ? slack / 2
                                                   : 0);
  for (const Piece& piece : column.pieces) {
    y += piece.gap;
    const double room = box.width - piece.width;
    const double x = box.x + (element.align == "center" ? room / 2
                              : element.align == "end"  ? room
                                                        : 0);
    piece.paint(x, y);
    y += piece.height;
  }
}

}  // namespace adgenome::imaging
