#include "type.hpp"

#include <adgenome/core/error.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string_view>

namespace adgenome::imaging {
namespace {

struct Font {
  std::string_view name;
  const char* families;  // the first that has a glyph draws it
  PangoWeight weight;
};

// The Latin families, then one for each script that they lack. No emoji font: it has digits too,
// and Pango finds it by itself where emoji stand.
constexpr char kSans[] = "Lato, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew";
constexpr char kSerif[] = "Noto Serif Display, Noto Serif, Noto Naskh Arabic, Noto Serif Hebrew";

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

/// Scripts that are written without blanks, where a line may end nearly anywhere.
bool is_wide(gunichar c) {
  return g_unichar_iswide(c) != FALSE && c < 0x1f000;
}

/// Blanks part words; two wide characters count as one.
std::int64_t count_words(std::string_view text) {
  std::int64_t words = 0;
  std::int64_t wide = 0;
  bool is_in_word = false;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end; at = g_utf8_next_char(at)) {
    const gunichar c = g_utf8_get_char(at);
    const bool is_blank = g_unichar_isspace(c) != FALSE;
    if (!is_blank && !is_in_word) ++words;
    is_in_word = !is_blank;
    if (is_wide(c)) ++wide;
  }
  return std::max(words, (wide + 1) / 2);
}

/// One character stands for several forms in Chinese, Japanese and Korean; kana and hangul tell.
const char* language_of(const std::string& text) {
  const char* language = "en";
  for (const char* at = text.c_str(); *at != 0; at = g_utf8_next_char(at)) {
    const GUnicodeScript script = g_unichar_get_script(g_utf8_get_char(at));
    if (script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA) return "ja";
    if (script == G_UNICODE_SCRIPT_HANGUL) return "ko";
    if (script == G_UNICODE_SCRIPT_HAN) language = "zh-cn";
    if (script == G_UNICODE_SCRIPT_ARABIC) language = "ar";
  }
  return language;
}

bool is_full_width(const std::string& text) {
  const std::string language = language_of(text);
  return language == "ja" || language == "zh-cn";
}

bool is_installed(PangoFontMap* fonts, const char* families) {
  const std::unique_ptr<char*, decltype(&g_strfreev)> names(g_strsplit(families, ", ", 0),
                                                            &g_strfreev);
  for (char** name = names.get(); *name != nullptr; ++name) {
    if (pango_font_map_get_family(fonts, *name) != nullptr) return true;
  }
  return false;
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

bool is_right_to_left(const std::string& text) {
  for (const char* at = text.c_str(); *at != 0; at = g_utf8_next_char(at)) {
    const gunichar c = g_utf8_get_char(at);
    if (g_unichar_isalpha(c) == FALSE) continue;
    const GUnicodeScript script = g_unichar_get_script(c);
    return script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW ||
           script == G_UNICODE_SCRIPT_SYRIAC || script == G_UNICODE_SCRIPT_THAANA;
  }
  return false;
}

std::string missing_characters(PangoLayout* text) {
  std::set<gunichar> missing;
  for (GSList* node = pango_layout_get_lines_readonly(text); node; node = node->next) {
    for (GSList* run = static_cast<PangoLayoutLine*>(node->data)->runs; run; run = run->next) {
      const PangoGlyphString* glyphs = static_cast<PangoLayoutRun*>(run->data)->glyphs;
      for (int i = 0; i < glyphs->num_glyphs; ++i) {
        const PangoGlyph glyph = glyphs->glyphs[i].glyph;
        if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
          missing.insert(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
      }
    }
  }
  std::string names;
  for (const gunichar c : missing) {
    std::array<char, 8> utf8{};
    std::array<char, 16> code{};
    if (g_unichar_isgraph(c) != FALSE && g_unichar_type(c) != G_UNICODE_PRIVATE_USE)
      g_unichar_to_utf8(c, utf8.data());
    std::snprintf(code.data(), code.size(), "U+%04X", c);
    names += (names.empty() ? "" : ", ") + std::string(utf8.data()) +
             (utf8[0] != 0 ? " (" + std::string(code.data()) + ")" : code.data());
  }
  return names;
}

Typesetter::Typesetter(cairo_t* cairo) : context_(pango_cairo_create_context(cairo)) {
  for (const char* families : {kSans, kSerif}) {
    if (!is_installed(pango_context_get_font_map(context_.get()), families)) {
      throw core::InvalidInput(
          "none of the fonts that layouts are set in is installed: " + std::string(families),
          "install fonts-lato and fonts-noto-core");
    }
  }
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
  const bool is_turned = is_right_to_left(text);
  const Font& font = find_font(style.font);
  PangoFontDescription* description = pango_font_description_new();
  pango_font_description_set_family_static(description, font.families);
  pango_font_description_set_weight(description, font.weight);
  pango_font_description_set_absolute_size(description, size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), description);
  pango_font_description_free(description);
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes,
                         pango_attr_language_new(pango_language_from_string(language_of(text))));
  // Letters that are joined stay so, and full-width characters have their space in themselves.
  const bool is_spaced = !is_turned && !is_full_width(text);
  if (style.letter_spacing != 0 && is_spaced) {
    pango_attr_list_insert(
        attributes,
        pango_attr_letter_spacing_new(static_cast<int>(style.letter_spacing * size * PANGO_SCALE)));
  }
  pango_layout_set_attributes(layout.get(), attributes);
  pango_attr_list_unref(attributes);
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
  // Pango means the side where a text begins.
  if (is_turned && alignment != PANGO_ALIGN_CENTER)
    alignment = alignment == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
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

double overshoot(PangoLayout* text) {
  return std::max(0.0, -ink_of(text).y);
}

double text_height(PangoLayout* text) {
  const creative::Box ink = ink_of(text);
  return overshoot(text) + std::max(pixels(extents(text).height), ink.y + ink.height);
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
