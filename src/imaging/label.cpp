#include "label.hpp"

#include <adgenome/creative/text_match.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::imaging {
namespace {

using creative::Box;

constexpr double kMostAngle = 5;       // degrees: beyond, lines of the label are not read
constexpr double kProductSide = 1100;  // pixels at which labels are read
constexpr double kMostEnlarged = 4;
constexpr double kLeastConfidence = 60;
constexpr std::size_t kLeastLetters = 3;

Box intersection(const Box& one, const Box& other) {
  const double x = std::max(one.x, other.x);
  const double y = std::max(one.y, other.y);
  return {x, y, std::max(0.0, std::min(one.x + one.width, other.x + other.width) - x),
          std::max(0.0, std::min(one.y + one.height, other.y + other.height) - y)};
}

Box grown(const Box& box, double across, double down) {
  return {box.x - across, box.y - down, box.width + 2 * across, box.height + 2 * down};
}

// The part of the ad with the product's own picture drawn over it where it was found (nearest
// pixel of a picture that was first brought to that size).
Image with_product(const Image& part, const Box& part_box, const Image& product,
                   const Box& product_box) {
  Image result = part;
  const int width = std::max(1, static_cast<int>(std::lround(product_box.width)));
  const int height = std::max(1, static_cast<int>(std::lround(product_box.height)));
  std::vector<Gray> planes;
  for (std::size_t channel = 0; channel < 4; ++channel) {
    Gray plane{product.width, product.height};
    plane.values.resize(product.rgba.size() / 4);
    for (std::size_t i = 0; i < plane.values.size(); ++i) {
      plane.values[i] = product.rgba[4 * i + channel];
    }
    planes.push_back(resized(plane, width, height));
  }
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x) {
      const int px = static_cast<int>(std::lround(part_box.x + x - product_box.x));
      const int py = static_cast<int>(std::lround(part_box.y + y - product_box.y));
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const int alpha = planes[3].at(px, py);
      std::uint8_t* pixel =
          &result.rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(result.width) +
                            static_cast<std::size_t>(x))];
      for (std::size_t channel = 0; channel < 3; ++channel) {
        pixel[channel] = static_cast<std::uint8_t>(
            (planes[channel].at(px, py) * alpha + pixel[channel] * (255 - alpha)) / 255);
      }
    }
  }
  return result;
}

void cover(Gray& gray, const Box& part_box, double scale, std::span<const Box> covered) {
  for (const Box& box : covered) {
    const int left = std::max(0, static_cast<int>((box.x - part_box.x) * scale));
    const int top = std::max(0, static_cast<int>((box.y - part_box.y) * scale));
    const int right =
        std::min(gray.width, static_cast<int>((box.x + box.width - part_box.x) * scale));
    const int bottom =
        std::min(gray.height, static_cast<int>((box.y + box.height - part_box.y) * scale));
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        gray.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(gray.width) +
                    static_cast<std::size_t>(x)] = 128;
      }
    }
  }
}

Gray cropped(const Gray& gray, const Box& area) {
  const int left = std::max(0, static_cast<int>(area.x));
  const int top = std::max(0, static_cast<int>(area.y));
  const int right = std::min(gray.width, static_cast<int>(area.x + area.width));
  const int bottom = std::min(gray.height, static_cast<int>(area.y + area.height));
  Gray part{std::max(0, right - left), std::max(0, bottom - top), {}};
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) part.values.push_back(gray.at(x, y));
  }
  return part;
}

// Dark on light, whatever it was: the ground is what there is most of.
Gray dark_on_light(Gray gray) {
  if (gray.values.empty()) return gray;
  std::vector<std::uint8_t> sorted = gray.values;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const auto [low, high] = std::minmax_element(gray.values.begin(), gray.values.end());
  if (*high - *middle > *middle - *low) {
    for (std::uint8_t& value : gray.values) value = static_cast<std::uint8_t>(255 - value);
  }
  return gray;
}

std::string letters_of(const std::string& text) {
  std::string letters;
  for (const std::string& word : creative::words_of(text)) letters += word;
  return letters;
}

struct Line {
  std::string text;
  double confidence = 0;
};

Line read_line(const Gray& gray, const Box& area, TextReader& reader) {
  Line line;
  double letters = 0;
  for (const ReadWord& word : reader.read(dark_on_light(cropped(gray, area)), TextFlow::kLine)) {
    const std::string own = letters_of(word.text);
    line.text += own;
    line.confidence += word.confidence * static_cast<double>(own.size());
    letters += static_cast<double>(own.size());
  }
  if (letters > 0) line.confidence /= letters;
  return line;
}

// Words that stand on one line of the label are one area, whatever the space between letters.
std::vector<Box> lines_of(const std::vector<ReadWord>& words) {
  std::vector<Box> lines;
  for (const ReadWord& word : words) {
    if (letters_of(word.text).empty() || word.confidence < 30) continue;
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const Box& box) {
      const double overlap =
          std::min(box.y + box.height, word.box.y + word.box.height) - std::max(box.y, word.box.y);
      return overlap > 0.5 * std::min(box.height, word.box.height);
    });
    if (line == lines.end()) {
      lines.push_back(word.box);
      continue;
    }
    const double right = std::max(line->x + line->width, word.box.x + word.box.width);
    const double bottom = std::max(line->y + line->height, word.box.y + word.box.height);
    line->x = std::min(line->x, word.box.x);
    line->y = std::min(line->y, word.box.y);
    line->width = right - line->x;
    line->height = bottom - line->y;
  }
  return lines;
}

}  // namespace

LabelReading read_label(const Image& picture, const Image& product, const Match& match,
                        const Box& window, std::span<const Box> covered, TextReader& reader) {
  if (std::abs(match.angle) > kMostAngle) return {{}, "the product is turned"};
  const Box part_box = visible_part(intersection(match.box, window), picture);
  if (part_box.width < 8 || part_box.height < 8) return {{}, "too little of the product is seen"};
  Image part{static_cast<int>(part_box.width), static_cast<int>(part_box.height), {}};
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* row =
        picture.pixel(static_cast<int>(part_box.x), static_cast<int>(part_box.y) + y);
    part.rgba.insert(part.rgba.end(), row, row + 4 * part.width);
  }
  const Box whole{0, 0, part_box.width, part_box.height};
  const double scale =
      std::min(kMostEnlarged, kProductSide / std::max(match.box.width, match.box.height));
  const auto at_reading_size = [&](const Image& image) {
    Gray gray = resized(gray_of(image, whole), static_cast<int>(part.width * scale),
                        static_cast<int>(part.height * scale));
    cover(gray, part_box, scale, covered);
    return gray;
  };
  const Gray control = at_reading_size(with_product(part, part_box, product, match.box));
  const Gray actual = at_reading_size(part);
  creative::LabelFigures figures;
  double letters = 0;
  for (const Box& line : lines_of(reader.read(control, TextFlow::kSparse))) {
    const Box area = grown(line, 0.6 * line.height, 0.4 * line.height);
    const Line expected = read_line(control, area, reader);
    if (expected.text.size() < kLeastLetters || expected.confidence < kLeastConfidence) continue;
    const Line found = read_line(actual, area, reader);
    const auto length = static_cast<double>(expected.text.size());
    figures.expected.push_back(expected.text);
    figures.read.push_back(found.text);
    figures.errors += static_cast<double>(
        std::min(creative::edit_distance(expected.text, found.text), expected.text.size()));
    figures.confidence += expected.confidence * length;
    letters += length;
  }
  if (letters == 0) return {{}, "no text can be read on the product at its size in the ad"};
  figures.confidence /= letters;
  figures.errors /= letters;
  return {figures, ""};
}

}  // namespace adgenome::imaging
