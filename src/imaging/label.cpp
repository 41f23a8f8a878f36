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
constexpr double kLeastSeen = 0.95;  // of a line
constexpr double kMostOff = 1.5;  // pixels of the ad by which a product is found beside its place
constexpr double kSameLetters = 0.8;   // likeness from which letters are the same, whatever is read
constexpr double kOtherLetters = 0.4;  // and up to which they are others, where none can be read

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

// How alike the letters of two crops of one size are, by where brightness rises and falls along the
// lines (shading of the surface does not count), at the best of small shifts; -1 to 1. Nothing for
// an even area.
std::optional<double> likeness(const Gray& one, const Gray& other, int reach, int step) {
  constexpr int kRise = 2;  // pixels
  std::optional<double> best;
  for (int dy = -reach; dy <= reach; dy += step) {
    for (int dx = -reach; dx <= reach; dx += step) {
      double aa = 0;
      double bb = 0;
      double ab = 0;
      for (int y = std::max(0, -dy); y < std::min(one.height, other.height - dy); ++y) {
        for (int x = std::max(kRise, kRise - dx);
             x < std::min(one.width - kRise, other.width - kRise - dx); ++x) {
          const double p = one.at(x + kRise, y) - one.at(x - kRise, y);
          const double q = other.at(x + dx + kRise, y + dy) - other.at(x + dx - kRise, y + dy);
          aa += p * p;
          bb += q * q;
          ab += p * q;
        }
      }
      if (aa > 0 && bb > 0) best = std::max(best.value_or(-1), ab / std::sqrt(aa * bb));
    }
  }
  return best;
}

// A line of the label as the product's own picture shows it, in pixels of that picture.
struct OwnLine {
  Box area;
  std::string text;
  double confidence = 0;
};

std::vector<OwnLine> lines_of_product(const Image& product, TextReader& reader) {
  const double scale =
      std::min(kMostEnlarged, kProductSide / std::max(product.width, product.height));
  const Gray gray = resized(
      gray_of(product,
              {0, 0, static_cast<double>(product.width), static_cast<double>(product.height)}),
      static_cast<int>(product.width * scale), static_cast<int>(product.height * scale));
  std::vector<OwnLine> lines;
  for (const Box& line : lines_of(reader.read(gray, TextFlow::kSparse))) {
    const Box area = grown(line, 0.6 * line.height, 0.4 * line.height);
    const Line own = read_line(gray, area, reader);
    if (own.text.size() < kLeastLetters || own.confidence < kLeastConfidence) continue;
    lines.push_back({{area.x / scale, area.y / scale, area.width / scale, area.height / scale},
                     own.text,
                     own.confidence});
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
  const Box seen{0, 0, static_cast<double>(control.width), static_cast<double>(control.height)};
  const double across = match.box.width / product.width * scale;
  const double down = match.box.height / product.height * scale;
  creative::LabelFigures figures;
  double letters = 0;
  for (const OwnLine& own : lines_of_product(product, reader)) {
    const Box area{(match.box.x - part_box.x) * scale + own.area.x * across,
                   (match.box.y - part_box.y) * scale + own.area.y * down, own.area.width * across,
                   own.area.height * down};
    const Box inside = intersection(area, seen);
    if (inside.width * inside.height < kLeastSeen * area.width * area.height) continue;
    const auto alike =
        likeness(cropped(control, area), cropped(actual, area),
                 static_cast<int>(kMostOff * scale) + 1, std::max(1, static_cast<int>(scale)));
    if (!alike) continue;
    const Line expected = read_line(control, area, reader);
    const bool is_readable =
        expected.confidence >= kLeastConfidence &&
        4 * creative::edit_distance(own.text, expected.text) <= own.text.size();
    if (!is_readable && *alike<kSameLetters&& * alike> kOtherLetters) continue;
    const Line found = read_line(actual, area, reader);
    const std::string& wanted = is_readable ? expected.text : own.text;
    const auto length = static_cast<double>(wanted.size());
    figures.expected.push_back(wanted);
    figures.read.push_back(found.text);
    // The same letters may be read otherwise for a pixel's difference.
    if (*alike < kSameLetters) {
      figures.errors += is_readable
                            ? static_cast<double>(std::min(
                                  creative::edit_distance(wanted, found.text), wanted.size()))
                            : length;
    }
    figures.likeness = std::min(figures.likeness, *alike);
    figures.confidence += (is_readable ? expected.confidence : own.confidence) * length;
    letters += length;
  }
  if (letters == 0) return {{}, "no text can be read on the product at its size in the ad"};
  figures.confidence /= letters;
  figures.errors /= letters;
  return {figures, ""};
}

}  // namespace adgenome::imaging
