#include <cairo.h>
#include <pango/pangocairo.h>

#include <adgenome/creative/color.hpp>
#include <adgenome/imaging/contact_sheet.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::imaging {
namespace {

constexpr double kMargin = 40;
constexpr double kGap = 24;
constexpr double kCardWidth = 360;
constexpr double kPictureHeight = 340;
constexpr double kBodyHeight = 248;
constexpr double kHeaderHeight = 108;
constexpr double kPad = 18;
// Columns: whatever leaves the last row the fullest.
constexpr std::size_t kFewColumns = 4;
constexpr std::size_t kMostColumns = 6;

constexpr const char* kText = "#1c2430";
constexpr const char* kQuiet = "#667085";

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Font {
  double size = 14;
  PangoWeight weight = PANGO_WEIGHT_NORMAL;
};

struct Size {
  double width = 0;
  double height = 0;
};

/// Draws on one surface: what cards are made of.
class Pen {
 public:
  Pen(int width, int height)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
        cairo_(cairo_create(surface_.get())) {}

  void color(const std::string& hex) {
    const creative::Rgb color = creative::parse_hex(hex).value_or(creative::Rgb{});
    cairo_set_source_rgb(cairo_.get(), color.red / 255.0, color.green / 255.0, color.blue / 255.0);
  }

  void fill(double x, double y, double width, double height, double radius,
            const std::string& hex) {
    rounded(x, y, width, height, radius);
    color(hex);
    cairo_fill(cairo_.get());
  }

  void outline(double x, double y, double width, double height, double radius,
               const std::string& hex) {
    rounded(x + 0.5, y + 0.5, width - 1, height - 1, radius);
    color(hex);
    cairo_set_line_width(cairo_.get(), 1);
    cairo_stroke(cairo_.get());
  }

  // One line, or as many as `lines` says, cut with an ellipsis at `width`; gives what it took.
  Size text(double x, double y, double width, const std::string& words, const Font& font,
            const std::string& hex, int lines = 1, PangoAlignment alignment = PANGO_ALIGN_LEFT) {
    const Owned<PangoLayout> layout(pango_cairo_create_layout(cairo_.get()));
    const Owned<PangoFontDescription> description(pango_font_description_from_string("Lato"));
    pango_font_description_set_absolute_size(description.get(), font.size * PANGO_SCALE);
    pango_font_description_set_weight(description.get(), font.weight);
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_text(layout.get(), words.data(), static_cast<int>(words.size()));
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_height(layout.get(), -lines);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout.get(), alignment);
    color(hex);
    cairo_move_to(cairo_.get(), x, y);
    pango_cairo_show_layout(cairo_.get(), layout.get());
    int text_width = 0;
    int text_height = 0;
    pango_layout_get_pixel_size(layout.get(), &text_width, &text_height);
    return {static_cast<double>(text_width), static_cast<double>(text_height)};
  }

  // The picture in the middle of the box, as large as it fits.
  void picture(const Image& image, double x, double y, double width, double height) {
    const Owned<cairo_surface_t> pixels(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height));
    unsigned char* data = cairo_image_surface_get_data(pixels.get());
    const int stride = cairo_image_surface_get_stride(pixels.get());
    for (int row = 0; row < image.height; ++row) {
      auto* line =
          reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(row) * stride);
      for (int column = 0; column < image.width; ++column) {
        const std::uint8_t* pixel = image.pixel(column, row);
        line[column] = static_cast<std::uint32_t>(pixel[0]) << 16 |
                       static_cast<std::uint32_t>(pixel[1]) << 8 | pixel[2];
      }
    }
    cairo_surface_mark_dirty(pixels.get());
    const double scale = std::min({1.0, width / image.width, height / image.height});
    cairo_save(cairo_.get());
    cairo_translate(cairo_.get(), std::round(x + (width - image.width * scale) / 2),
                    std::round(y + (height - image.height * scale) / 2));
    cairo_scale(cairo_.get(), scale, scale);
    cairo_set_source_surface(cairo_.get(), pixels.get(), 0, 0);
    cairo_paint(cairo_.get());
    cairo_restore(cairo_.get());
  }

  Image image() {
    cairo_surface_flush(surface_.get());
    Image result{cairo_image_surface_get_width(surface_.get()),
                 cairo_image_surface_get_height(surface_.get()),
                 {}};
    const unsigned char* data = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    result.rgba.reserve(4 * static_cast<std::size_t>(result.width) *
                        static_cast<std::size_t>(result.height));
    for (int y = 0; y < result.height; ++y) {
      const auto* line =
          reinterpret_cast<const std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) * stride);
      for (int x = 0; x < result.width; ++x) {
        result.rgba.push_back(static_cast<std::uint8_t>(line[x] >> 16));
        result.rgba.push_back(static_cast<std::uint8_t>(line[x] >> 8));
        result.rgba.push_back(static_cast<std::uint8_t>(line[x]));
        result.rgba.push_back(255);
      }
    }
    return result;
  }

 private:
  void rounded(double x, double y, double width, double height, double radius) {
    const double r = std::min({radius, width / 2, height / 2});
    cairo_new_path(cairo_.get());
    cairo_arc(cairo_.get(), x + width - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(cairo_.get(), x + width - r, y + height - r, r, 0, M_PI / 2);
    cairo_arc(cairo_.get(), x + r, y + height - r, r, M_PI / 2, M_PI);
    cairo_arc(cairo_.get(), x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo_.get());
  }

  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> cairo_;
};

void paint_header(Pen& pen, const ContactSheet& sheet, double width) {
  pen.fill(0, 0, width, kHeaderHeight, 0, "#ffffff");
  pen.fill(0, kHeaderHeight - 1, width, 1, 0, "#e3e6eb");
  double right = width - kMargin;
  for (auto count = sheet.counts.rbegin(); count != sheet.counts.rend(); ++count) {
    const double chip = 124;
    right -= chip;
    pen.fill(right, 34, chip - 10, 42, 8, "#fafbfc");
    pen.outline(right, 34, chip - 10, 42, 8, "#e3e6eb");
    pen.fill(right + 12, 51, 8, 8, 4, verdict_color(count->first));
    const Size number =
        pen.text(right + 28, 43, 40, std::to_string(count->second), {20, PANGO_WEIGHT_BOLD}, kText);
    pen.text(right + 34 + number.width, 48, chip - 40 - number.width, verdict_word(count->first),
             {13}, kQuiet);
  }
  const double room = std::max(120.0, right - kMargin - 20);
  pen.text(kMargin, 26, room, sheet.title, {26, PANGO_WEIGHT_BOLD}, kText);
  pen.text(kMargin, 64, room, sheet.subtitle, {14}, kQuiet);
}

void paint_checks(Pen& pen, const SheetCard& card, double x, double y, double width) {
  constexpr std::size_t kColumns = 4;
  const double column = width / kColumns;
  for (std::size_t i = 0; i < card.checks.size(); ++i) {
    const auto& [id, score] = card.checks[i];
    const double left = x + column * static_cast<double>(i % kColumns);
    const double top = y + 19 * static_cast<double>(i / kColumns);
    pen.text(left, top, 24, id, {11}, "#475467");
    const double bar = column - 24 - 30 - 8;
    pen.fill(left + 24, top + 6, bar, 4, 2, "#e9ecf1");
    if (score && *score > 0) {
      pen.fill(left + 24, top + 6, bar * *score / 10, 4, 2, score_color(score));
    }
    pen.text(left + column - 38, top, 28, score_text(score), {11}, "#475467", 1, PANGO_ALIGN_RIGHT);
  }
}

void paint_card(Pen& pen, const SheetCard& card, double x, double y) {
  const double height = kPictureHeight + kBodyHeight;
  pen.fill(x, y + 2, kCardWidth, height, 12, "#e6e8ed");
  pen.fill(x, y, kCardWidth, height, 12, "#ffffff");
  pen.fill(x, y, kCardWidth, kPictureHeight, 12, "#e9ecf1");
  pen.fill(x, y + kPictureHeight - 14, kCardWidth, 14, 0, "#e9ecf1");
  if (card.thumbnail) {
    pen.picture(*card.thumbnail, x + 14, y + 14, kCardWidth - 28, kPictureHeight - 28);
  } else {
    pen.text(x, y + kPictureHeight / 2 - 8, kCardWidth, "no picture", {14}, "#8a94a6", 1,
             PANGO_ALIGN_CENTER);
  }
  pen.outline(x, y, kCardWidth, height, 12, "#e3e6eb");
  const double left = x + kPad;
  const double room = kCardWidth - 2 * kPad;
  double top = y + kPictureHeight + 14;
  const double pill = card.verdict == "review_failed" ? 108 : 84;
  pen.fill(left, top + 2, pill, 24, 12, verdict_color(card.verdict));
  pen.text(left, top + 5, pill, verdict_word(card.verdict), {13, PANGO_WEIGHT_BOLD}, "#ffffff", 1,
           PANGO_ALIGN_CENTER);
  pen.text(left + room - 80, top - 1, 80, score_text(card.score), {24, PANGO_WEIGHT_BOLD}, kText, 1,
           PANGO_ALIGN_RIGHT);
  top += 38;
  pen.text(left, top, room, card.headline, {16, PANGO_WEIGHT_BOLD}, kText);
  pen.text(left, top + 24, room, card.facts, {12}, kQuiet);
  paint_checks(pen, card, left, top + 48, room);
  std::string findings;
  for (const std::string& finding : card.findings) {
    findings += (findings.empty() ? "" : " \u00b7 ") + finding;
  }
  pen.text(left, top + 128, room, findings.empty() ? "nothing found wrong" : findings, {12},
           findings.empty() ? "#98a2b3" : kText, 2);
  pen.text(left, top + 168, room, card.title, {11}, "#98a2b3");
}

std::size_t columns_for(std::size_t cards) {
  std::size_t best = std::clamp<std::size_t>(cards, 3, kFewColumns);
  const auto places_left = [&](std::size_t columns) {
    return (columns - cards % columns) % columns;
  };
  for (std::size_t columns = kFewColumns; columns <= std::min(cards, kMostColumns); ++columns) {
    if (places_left(columns) < places_left(best)) best = columns;
  }
  return best;
}

class CairoSheetPainter final : public SheetPainter {
 public:
  Image paint(const ContactSheet& sheet) const override {
    const std::size_t columns = columns_for(sheet.cards.size());
    const std::size_t rows = (sheet.cards.size() + columns - 1) / columns;
    const double width = 2 * kMargin + static_cast<double>(columns) * (kCardWidth + kGap) - kGap;
    const double card_height = kPictureHeight + kBodyHeight;
    const double height =
        kHeaderHeight + kMargin + static_cast<double>(rows) * (card_height + kGap) - kGap + kMargin;
    Pen pen(static_cast<int>(width), static_cast<int>(std::max(height, 240.0)));
    pen.fill(0, 0, width, std::max(height, 240.0), 0, "#f4f5f7");
    paint_header(pen, sheet, width);
    for (std::size_t i = 0; i < sheet.cards.size(); ++i) {
      paint_card(pen, sheet.cards[i],
                 kMargin + static_cast<double>(i % columns) * (kCardWidth + kGap),
                 kHeaderHeight + kMargin + static_cast<double>(i / columns) * (card_height + kGap));
    }
    return pen.image();
  }
};

}  // namespace
}  // namespace adgenome::imaging

extern "C" adgenome::imaging::SheetPainter* adgenome_module_sheet() {
  return new adgenome::imaging::CairoSheetPainter;
}
