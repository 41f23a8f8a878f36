#include <adgenome/core/error.hpp>
#include <algorithm>

#include "hyphens.hpp"
#include "phrases.hpp"
#include "pieces.hpp"

namespace adgenome::imaging {
namespace {

// Of the size, at least: for a line of its own for each of two sentences, to break there, and to
// keep phrases whole.
constexpr double kTwoLinesCost = 0.72;
constexpr double kSentenceCost = 0.86;
constexpr double kPhraseCost = 0.8;
constexpr double kShortestEnd = 1.5;  // of the size: no character alone on the last line
constexpr glong kQuotedMost = 80;     // characters of a text in a message
constexpr double kHyphenGain = 1.3;   // times the size, at least, to part words

/// How the words were broken up, and the size that this allows.
struct Version {
  std::string text;
  creative::Fit fit;
};

}  // namespace

std::string quoted(const std::string& text) {
  if (g_utf8_strlen(text.c_str(), -1) <= kQuotedMost) return "\"" + text + "\"";
  const char* const end = g_utf8_offset_to_pointer(text.c_str(), kQuotedMost);
  return "\"" + std::string(text.c_str(), end) + "...\"";
}

std::optional<Setting> set_text(const Painter& painter, const std::string& role,
                                const std::string& text, const creative::TextStyle& style,
                                double width, double height, double scale,
                                PangoAlignment alignment) {
  const double smallest = style.min_size * painter.unit();
  const creative::FitRules rules{
      .width = width,
      .height = height,
      .min_size = smallest,
      .max_size = std::max(smallest, style.max_size * painter.unit() * scale),
      .max_lines = style.max_lines};
  std::optional<Version> best;
  const auto offer = [&](const std::string& words, double least_gain, std::int64_t max_lines,
                         double shortest_end = 0) {
    creative::FitRules own = rules;
    own.max_lines = max_lines;
    auto fit = creative::fit_text(
        [&](double size, double wrap) { return painter.type.measure(words, style, size, wrap); },
        own);
    if (!fit || (best && fit->size < least_gain * best->fit.size)) return false;
    if (fit->set.lines.back().width < shortest_end * fit->size) return false;
    best = Version{words, std::move(*fit)};
    return true;
  };
  offer(text, 1, style.max_lines);
  // A line that ends where a sentence does reads better than a slightly larger one.
  const auto broken = creative::broken_at_sentence(text);
  if (broken && style.max_lines > 1 && !offer(*broken, kTwoLinesCost, 2))
    offer(*broken, kSentenceCost, style.max_lines);
  if (style.max_lines > 1 && (!best || best->fit.size * kHyphenGain <= rules.max_size)) {
    const std::string parted = with_soft_hyphens(text);
    if (parted != text) offer(parted, kHyphenGain, style.max_lines);
  }
  if (best && best->fit.set.lines.size() > 1) {
    const std::string whole = with_whole_phrases(best->text);
    if (whole != best->text) offer(whole, kPhraseCost, style.max_lines, kShortestEnd);
  }
  if (!best) return std::nullopt;
  const creative::Fit& fit = best->fit;
  Setting setting{.role = role, .text = text, .style = style, .size = fit.size, .layout = nullptr};
  setting.width = fit.set.width;
  setting.height = fit.set.height;
  // Aligned inside its own width: the caller puts that where it belongs.
  const double wrap = fit.set.lines.size() > 1 ? fit.wrap_width : 0;
  setting.layout = painter.type.set(best->text, style, fit.size, wrap, alignment);
  if (wrap > 0) setting.width = wrap;
  const std::string missing = missing_characters(setting.layout.get());
  if (!missing.empty()) {
    throw core::InvalidInput("no font has " + missing + " of the " + role + " " + quoted(text),
                             "install a font for it (Debian: fonts-noto), or change the text");
  }
  return setting;
}

}  // namespace adgenome::imaging
