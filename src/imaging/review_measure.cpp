#include <adgenome/creative/palette.hpp>
#include <adgenome/creative/text_match.hpp>
#include <adgenome/imaging/measures.hpp>
#include <adgenome/imaging/review_measure.hpp>
#include <algorithm>
#include <cmath>

#include "label.hpp"
#include "text_areas.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Rgb;

// The size of type that Tesseract reads best, pixels.
constexpr double kReadingSize = 42;

Box grown(const Box& box, double by) {
  return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

struct Reading {
  std::string text;
  double confidence = 0;
  double error_rate = 1;
};

Reading read_once(const Gray& crop, double scale, TextFlow flow, const std::string& expected,
                  TextReader& reader) {
  const Gray scaled =
      resized(crop, static_cast<int>(crop.width * scale), static_cast<int>(crop.height * scale));
  Reading reading;
  double letters = 0;
  for (const ReadWord& word : reader.read(scaled, flow)) {
    if (creative::words_of(word.text).empty()) continue;
    reading.text += (reading.text.empty() ? "" : " ") + word.text;
    reading.confidence += word.confidence * static_cast<double>(word.text.size());
    letters += static_cast<double>(word.text.size());
  }
  if (letters > 0) reading.confidence /= letters;
  reading.error_rate = creative::match_words(expected, reading.text).character_error_rate;
  return reading;
}

Gray inverted(Gray gray) {
  for (std::uint8_t& value : gray.values) value = static_cast<std::uint8_t>(255 - value);
  return gray;
}

// Reads a text where it should stand. What a first look does not read is looked at again in its
// ink alone, then larger: a slip of the reader must not look like a fault of the ad.
Reading read_text(const Image& picture, const creative::PlacedText& text, Rgb ink,
                  TextReader& reader) {
  const Box area = visible_part(grown(text.box, 0.3 * text.font_px), picture);
  const double scale = std::clamp(kReadingSize / std::max(1.0, text.font_px), 0.2, 4.0);
  const TextFlow flow = text.lines <= 1 ? TextFlow::kLine : TextFlow::kBlock;
  constexpr double kGoodEnough = 0.02;

  Gray gray = gray_of(picture, area);
  if (gray.values.empty()) return {};
  const bool is_light_ink = creative::relative_luminance(ink) > 0.4;
  if (is_light_ink) gray = inverted(std::move(gray));
  Reading best = read_once(gray, scale, flow, text.text, reader);
  const auto try_again = [&](const Gray& crop, double again_scale, TextFlow again_flow) {
    if (best.error_rate <= kGoodEnough) return;
    Reading again = read_once(crop, again_scale, again_flow, text.text, reader);
    if (again.error_rate < best.error_rate) best = std::move(again);
  };
  const Gray ink_alone = ink_of(picture, area, ink);
  try_again(ink_alone, scale, flow);
  try_again(ink_alone, 1.4 * scale, TextFlow::kBlock);
  try_again(gray, 0.75 * scale, TextFlow::kBlock);
  return best;
}

creative::TextFigures measure_text(const Image& picture, const creative::PlacedText& text,
                                   TextReader& reader) {
  creative::TextFigures figures{.placed = text, .read = {}, .confidence = 0, .contrast = {}};
  const Rgb ink = creative::parse_hex(text.ink).value_or(Rgb{});
  figures.contrast = text_contrast(picture, text.box, ink, text.font_px);
  if (creative::has_other_script(text.text)) return figures;
  const Reading reading = read_text(picture, text, ink, reader);
  figures.read = reading.text;
  figures.confidence = reading.confidence;
  return figures;
}

std::vector<Rgb> wanted_colors(const creative::Rendering& rendering) {
  std::vector<Rgb> colors;
  for (const std::string& hex : rendering.palette) {
    if (const auto color = creative::parse_hex(hex)) colors.push_back(*color);
  }
  if (colors.empty()) return colors;
  // Layouts paint with what is derived from the colors asked for as well.
  const creative::Palette palette = creative::make_palette(colors);
  for (const Rgb& color : {palette.deep, palette.dark, palette.soft, palette.light, palette.surface,
                           Rgb{255, 255, 255}, Rgb{0, 0, 0}}) {
    colors.push_back(color);
  }
  return colors;
}

// What a text covers of what lies behind it: badges stand on a disc.
Box covered_by(const creative::PlacedText& text) {
  constexpr double kDisc = 1.45;  // its width over that of its text
  const Box near = grown(text.box, 0.2 * text.font_px);
  if (text.role != "badge") return near;
  const double side = kDisc * std::max(text.box.width, text.box.height);
  return {text.box.x + (text.box.width - side) / 2, text.box.y + (text.box.height - side) / 2, side,
          side};
}

// Of two boxes: what they share over what they cover together.
double overlap_of(const Box& one, const Box& other) {
  const double width =
      std::min(one.x + one.width, other.x + other.width) - std::max(one.x, other.x);
  const double height =
      std::min(one.y + one.height, other.y + other.height) - std::max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (one.width * one.height + other.width * other.height - width * height);
}

// Where the place is not known beforehand, what is found must be like the product.
bool is_surely_there(const Match& match) {
  return match.correlation >= 0.8 && match.structural_similarity >= 0.8;
}

void take_product(const Image& picture, const Image& product, const Match& match, const Box& window,
                  std::span<const Box> covered, TextReader& reader,
                  creative::PictureFigures& figures) {
  figures.product = creative::ProductFigures{
      .correlation = match.correlation,
      .structural_similarity = match.structural_similarity,
      .color_difference = match.color_difference,
      .stretch = match.box.width / match.box.height * product.height / product.width,
      .clipped = match.clipped};
  LabelReading label = read_label(picture, product, match, window, covered, reader);
  figures.label = std::move(label.figures);
  if (!figures.label) figures.label_unknown = std::move(label.unknown);
}

creative::PictureFigures measure_quality(const Image& picture) {
  const Gray gray = gray_of(
      picture, {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)});
  return {.width = picture.width,
          .height = picture.height,
          .edge_sharpness = edge_sharpness(gray),
          .blocking = blocking(gray),
          .banding = banding(gray)};
}

}  // namespace

creative::PictureFigures measure_picture(const Image& picture, const creative::Rendering& rendering,
                                         const Image* product, const Image* logo,
                                         TextReader& reader) {
  creative::PictureFigures figures = measure_quality(picture);
  figures.reader = reader.version();
  std::vector<Box> covered;
  for (const creative::PlacedText& text : rendering.texts) {
    figures.texts.push_back(measure_text(picture, text, reader));
    covered.push_back(covered_by(text));
  }

  figures.product_place = rendering.product;
  if (rendering.product && product == nullptr) {
    figures.product_unknown = "the product picture could not be read";
    figures.label_unknown = figures.product_unknown;
  } else if (rendering.product) {
    if (const auto match = locate(picture, *product, *rendering.product, true, covered)) {
      take_product(picture, *product, *match, *rendering.product, covered, reader, figures);
    } else {
      figures.label_unknown = "the product was not found in the ad";
    }
  }

  figures.is_logo_expected = rendering.is_logo_expected;
  figures.logo_place = rendering.logo;
  if (rendering.logo && logo == nullptr) {
    figures.logo_unknown = "the logo's picture could not be read";
  } else if (rendering.logo) {
    const auto match = locate(picture, *logo, *rendering.logo, false, {});
    // Something like it elsewhere is not the logo.
    constexpr double kLeastOverlap = 0.5;
    if (match && overlap_of(match->box, *rendering.logo) >= kLeastOverlap) {
      figures.logo_similarity = match->structural_similarity;
    }
  }

  const std::vector<Rgb> colors = wanted_colors(rendering);
  if (colors.empty()) {
    figures.palette_unknown = "no palette was asked for";
  } else {
    std::vector<Box> own_colors = covered;
    own_colors.insert(own_colors.end(), rendering.photos.begin(), rendering.photos.end());
    for (const auto& box : {rendering.product, rendering.logo}) {
      if (box) own_colors.push_back(*box);
    }
    // Buttons are in the palette's colors on a photo too.
    std::vector<Box> buttons;
    for (const creative::PlacedText& text : rendering.texts) {
      if (text.role == "cta") buttons.push_back(grown(text.box, 0.5 * text.font_px));
    }
    figures.palette_distance = palette_distance(picture, colors, own_colors, buttons);
    if (!figures.palette_distance) figures.palette_unknown = "no even area to measure";
  }
  return figures;
}

creative::PictureFigures measure_whole_picture(const Image& picture, const WholeBrief& brief,
                                               const Image* product, TextReader& reader) {
  creative::PictureFigures figures = measure_quality(picture);
  figures.reader = reader.version();
  for (auto* reason : {&figures.texts_unknown, &figures.product_unknown, &figures.label_unknown,
                       &figures.palette_unknown}) {
    *reason = "it is not known what was drawn";
  }
  figures.logo_unknown = "it is not known where the logo was drawn";
  figures.is_logo_expected = brief.is_logo_expected;
  std::vector<creative::ReadBlock> blocks;
  for (const TextArea& area : find_text_areas(picture, reader)) {
    blocks.push_back({area.text, 100 * area.confidence, area.box});
  }
  figures.whole = creative::match_blocks(brief.texts, blocks, brief.known);
  if (!product) return figures;
  if (!figures.whole->others.empty()) {
    // They may be those of the label.
    std::vector<std::string> known = brief.known;
    for (const TextArea& area : find_text_areas(*product, reader)) known.push_back(area.text);
    figures.whole = creative::match_blocks(brief.texts, blocks, known);
  }

  std::vector<Box> covered;
  for (const creative::FoundText& text : figures.whole->texts) {
    covered.insert(covered.end(), text.boxes.begin(), text.boxes.end());
  }
  const auto match = locate_anywhere(picture, *product, covered);
  if (!match || !is_surely_there(*match)) {
    // It may stand there turned, partly covered or drawn anew.
    figures.product_unknown = "the product's picture was not found with certainty";
    figures.label_unknown = figures.product_unknown;
    return figures;
  }
  figures.product_unknown = std::nullopt;
  figures.label_unknown = std::nullopt;
  figures.product_place = match->box;
  take_product(picture, *product, *match, visible_part(match->box, picture), covered, reader,
               figures);
  return figures;
}

}  // namespace adgenome::imaging
