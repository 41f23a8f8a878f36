#include "type.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace adgenome::imaging {
namespace {

struct Font {
  std::string_view name;
  const char* families;  // the first that has a glyph draws it
  PangoWeight weight;
};

constexpr char kSans[] = "Lato, Noto Sans";
constexpr char kSerif[] = "Noto Serif Display, Noto Serif";

constexpr std::array<Font, 7> kFonts{{
    {"display", kSans, PANGO_WEIGHT_HEAVY},
    {"heavy", kSans, PANGO_WEIGHT_ULTRABOLD},
    {"bold", kSans, PANGO_WEIGHT_BOLD},
    {"medium", kSans, PANGO_WEIGHT_MEDIUM},
    {"body", kSans, PANGO_WEIGHT_NORMAL},
    {"serif", kSerif, PANGO_WEIGHT_MEDIUM},
    {"serif_bold", kSerif, PANGO_WEIGHT_BOLD},
}};

const Font& find_font(std::string_view name) {
  const auto* found = std::find_if(kFonts.begin(), kFonts.end(),
                                   [&](const Font& font) { return font.name == name; });
  return found == kFonts.end() ? kFonts[4] : *found;
}

std::int64_t count_words(std::string_view text) {
  std::int64_t words = 0;
  bool is_in_word = false;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t';
    if (!is_blank && !is_in_word) ++words;
    is_in_word = !is_blank;
  }
  return words;
}

PangoRectangle extents(PangoLayout* text) {
  PangoRectangle logical;
  pango_layout_get_extents(text, nullptr, &logical);
  return logical;
}

double pixels(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

}  // namespace

bool is_bold(const creative::TextStyle& style) {
  return find_font(style.font).weight >= PANGO_WEIGHT_BOLD;
}

Typesetter::Typesetter(cairo_t* cairo) : context_(pango_cairo_create_context(cairo)) {
  // The same outlines at every place and size, whatever the machine's settings say.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context_.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

PangoText Typesetter::set(const std::string& text, const creative::TextStyle& style, double size,
                          double wrap_width, PangoAlignment alignment) const {
  PangoText layout(pango_layout_new(context_.get()));
  const Font& font = find_font(style.font);
  PangoFontDescription* description = pango_font_description_new();
  pango_font_description_set_family_static(description, font.families);
  pango_font_description_set_weight(description, font.weight);
  pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), description);
  pango_font_description_free(description);
  if (style.letter_spacing != 0) {
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(
        attributes,
        pango_attr_letter_spacing_new(static_cast<int>(style.letter_spacing * size * PANGO_SCALE)));
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
  }
  if (style.is_upper) {
    char* upper = g_utf8_strup(text.c_str(), static_cast<gssize>(text.size()));
    pango_layout_set_text(layout.get(), upper, -1);
    g_free(upper);
  } else {
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  }
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD);
  if (wrap_width > 0)
    pango_layout_set_width(layout.get(), static_cast<int>(wrap_width * PANGO_SCALE));
  pango_layout_set_alignment(layout.get(), alignment);
  pango_layout_set_line_spacing(layout.get(), static_cast<float>(style.line_spacing));
  return layout;
}

creative::SetText Typesetter::measure(const std::string& text, const creative::TextStyle& style,
                                      double size, double wrap_width) const {
  const PangoText layout = set(text, style, size, wrap_width, PANGO_ALIGN_LEFT);
  creative::SetText result;
  const std::string_view shown(pango_layout_get_text(layout.get()));
  for (GSList* node = pango_layout_get_lines_readonly(layout.get()); node; node = node->next) {
    auto* line = static_cast<PangoLayoutLine*>(node->data);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, nullptr, &logical);
    const auto start = static_cast<std::size_t>(pango_layout_line_get_start_index(line));
    const auto length = static_cast<std::size_t>(pango_layout_line_get_length(line));
    result.lines.push_back({pixels(logical.width), count_words(shown.substr(start, length))});
  }
  result.width = text_width(layout.get());
  result.height = text_height(layout.get());
  return result;
}

double text_height(PangoLayout* text) {
  return pixels(extents(text).height);
}

double text_width(PangoLayout* text) {
  return pixels(extents(text).width);
}

creative::Box ink_of(PangoLayout* text) {
  PangoRectangle ink;
  pango_layout_get_extents(text, &ink, nullptr);
  return {pixels(ink.x), pixels(ink.y), pixels(ink.width), pixels(ink.height)};
}

}  // namespace adgenome::imaging
