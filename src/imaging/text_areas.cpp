#include "text_areas.hpp"

#include <adgenome/creative/brief.hpp>
#include <adgenome/creative/text_match.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>

#include "edge_groups.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;

constexpr double kLeastConfidence = 55;  // of a word, of 100
constexpr double kReadingSide = 1080;    // pixels of the shorter side: small print can be read
constexpr double kLargeShare = 0.42;     // of that: headlines come down to the reader's best size
constexpr double kLineHeight = 40;       // pixels of a line that is read alone
constexpr std::size_t kMostLooks = 40;   // at such lines: photographs have edges without end
constexpr std::size_t kButtonCharacters = 26;

double right(const Box& box) {
  return box.x + box.width;
}
double bottom(const Box& box) {
  return box.y + box.height;
}

Box united(const Box& a, const Box& b) {
  const double x = std::min(a.x, b.x);
  const double y = std::min(a.y, b.y);
  return {x, y, std::max(right(a), right(b)) - x, std::max(bottom(a), bottom(b)) - y};
}

double overlap(const Box& a, const Box& b) {
  const double width = std::min(right(a), right(b)) - std::max(a.x, b.x);
  const double height = std::min(bottom(a), bottom(b)) - std::max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

Box grown(const Box& box, double by) {
  return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

/// The words of a part of the picture, read at one size, in pixels of the picture.
void read_at(const Gray& gray, const Box& part, double scale, TextFlow flow, TextReader& reader,
             std::vector<ReadWord>& words) {
  const Gray scaled = resized(gray, std::max(1, static_cast<int>(std::lround(gray.width * scale))),
                              std::max(1, static_cast<int>(std::lround(gray.height * scale))));
  for (ReadWord& word : reader.read(scaled, flow)) {
    std::size_t letters = 0;
    for (const std::string& piece : creative::words_of(word.text)) letters += piece.size();
    if (word.confidence < kLeastConfidence || letters * 2 < word.text.size()) continue;
    Box& box = word.box;
    box = {part.x + box.x / scale, part.y + box.y / scale, box.width / scale, box.height / scale};
    words.push_back(std::move(word));
  }
}

/// Dark on light, as the reader wants it: a text covers less than its ground.
Gray dark_on_light(Gray gray) {
  if (gray.values.empty()) return gray;
  std::vector<std::uint8_t> values = gray.values;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const auto [low, high] = std::minmax_element(gray.values.begin(), gray.values.end());
  if (2 * *middle < *low + *high) {
    for (std::uint8_t& value : gray.values) value = static_cast<std::uint8_t>(255 - value);
  }
  return gray;
}

/// Lines that the reader passed over in the whole picture, most often those on buttons and
/// photographs: groups of edges that are as low and long as lines are, each read by itself.
void read_lines_alone(const Image& picture, TextReader& reader, std::vector<ReadWord>& words) {
  const double side = std::min(picture.width, picture.height);
  const auto known = static_cast<std::ptrdiff_t>(words.size());
  std::size_t looks = 0;
  for (const Box& box : edge_groups(picture)) {
    if (box.height < 0.012 * side || box.height > 0.11 * side || box.width < 1.3 * box.height)
      continue;
    const bool is_known =
        std::any_of(words.begin(), words.begin() + known, [&](const ReadWord& word) {
          return overlap(word.box, box) >
                 0.3 * std::min(word.box.width * word.box.height, box.width * box.height);
        });
    if (is_known) continue;
    if (++looks > kMostLooks) return;
    const Box part = visible_part(grown(box, 0.22 * box.height), picture);
    read_at(dark_on_light(gray_of(picture, part)), part,
            std::clamp(kLineHeight / box.height, 0.2, 4.0), TextFlow::kLine, reader, words);
  }
}

/// Of words that were read at the same place the surest, long ones before short ones.
std::vector<ReadWord> surest(std::vector<ReadWord> words) {
  const auto worth = [](const ReadWord& word) {
    return word.confidence * std::min<double>(static_cast<double>(word.text.size()), 6);
  };
  std::stable_sort(words.begin(), words.end(),
                   [&](const ReadWord& a, const ReadWord& b) { return worth(a) > worth(b); });
  std::vector<ReadWord> kept;
  for (ReadWord& word : words) {
    const bool is_double = std::ranges::any_of(kept, [&](const ReadWord& other) {
      const double area =
          std::min(word.box.width * word.box.height, other.box.width * other.box.height);
      return overlap(word.box, other.box) > 0.3 * area;
    });
    if (!is_double) kept.push_back(std::move(word));
  }
  return kept;
}

struct Line {
  std::vector<ReadWord> words;  ///< from left to right
  Box box;
};

bool is_of_line(const Line& line, const Box& word) {
  const double taller = std::max(line.box.height, word.height);
  const double lower = std::min(line.box.height, word.height);
  const double shift = std::abs(line.box.y + line.box.height / 2 - word.y - word.height / 2);
  const double gap = word.x - right(line.box);
  return taller <= 2.2 * lower && shift < 0.45 * taller && gap < 2.2 * taller &&
         gap > -0.5 * taller;
}

std::vector<Line> lines_of(std::vector<ReadWord> words) {
  std::stable_sort(words.begin(), words.end(),
                   [](const ReadWord& a, const ReadWord& b) { return a.box.x < b.box.x; });
  std::vector<Line> lines;
  for (ReadWord& word : words) {
    const auto found =
        std::ranges::find_if(lines, [&](const Line& line) { return is_of_line(line, word.box); });
    if (found == lines.end()) {
      lines.push_back({{word}, word.box});
    } else {
      found->box = united(found->box, word.box);
      found->words.push_back(std::move(word));
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.box.y < b.box.y; });
  return lines;
}

using Block = std::vector<Line>;

/// A single word in capitals: the name in a logo, or a label.
bool is_name(const Line& line) {
  return line.words.size() == 1 &&
         std::ranges::none_of(line.words[0].text, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Whether a line goes on a block: under it, of its size, and beginning, ending or centered alike.
bool is_of_block(const Block& block, const Line& line) {
  const Box& last = block.back().box;
  const double taller = std::max(last.height, line.box.height);
  const double gap = line.box.y - bottom(last);
  const double ratio = taller / std::min(last.height, line.box.height);
  if (ratio > (is_name(line) || is_name(block.back()) ? 1.2 : 1.6)) return false;
  if (gap > 0.9 * taller || gap < -0.4 * taller) return false;
  const double starts = std::abs(line.box.x - last.x);
  const double ends = std::abs(right(line.box) - right(last));
  const double middles = std::abs(line.box.x + line.box.width / 2 - last.x - last.width / 2);
  return std::min({starts, ends, middles}) < taller;
}

std::vector<Block> blocks_of(std::vector<Line> lines) {
  std::vector<Block> blocks;
  for (Line& line : lines) {
    const auto found =
        std::ranges::find_if(blocks, [&](const Block& block) { return is_of_block(block, line); });
    if (found == blocks.end()) {
      blocks.push_back({std::move(line)});
    } else {
      found->push_back(std::move(line));
    }
  }
  return blocks;
}

TextArea area_of(const Block& block) {
  TextArea area{.role = "text", .text = {}, .box = block.front().box};
  double confidence = 0;
  double width = 0;
  std::size_t words = 0;
  std::size_t characters = 0;
  for (const Line& line : block) {
    area.box = united(area.box, line.box);
    area.line_px += line.box.height / static_cast<double>(block.size());
    width += line.box.width;
    characters += line.words.size() - 1;
    for (const ReadWord& word : line.words) {
      area.text += (area.text.empty() ? "" : " ") + word.text;
      characters += creative::count_characters(word.text);
      confidence += word.confidence / 100;
      ++words;
    }
  }
  area.lines = static_cast<std::int64_t>(block.size());
  area.confidence = confidence / static_cast<double>(words);
  // Each line could be as long as the longest.
  const double per_character = width / static_cast<double>(characters);
  area.most_characters = static_cast<std::int64_t>(
      std::lround(static_cast<double>(block.size()) * area.box.width / per_character));
  return area;
}

/// The mean color along the upper and lower edge of a box, and how far single pixels are from it.
struct Edge {
  creative::Oklab color;
  double spread = 0;
};

Edge edge_of(const Image& picture, const Box& box) {
  std::vector<creative::Oklab> colors;
  for (int i = 0; i <= 24; ++i) {
    const int x = static_cast<int>(box.x + box.width * i / 24);
    for (const double line : {box.y, bottom(box)}) {
      const int y = static_cast<int>(line);
      if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
      const std::uint8_t* p = picture.pixel(x, y);
      colors.push_back(creative::to_oklab(creative::Rgb{p[0], p[1], p[2]}));
    }
  }
  Edge edge;
  if (colors.empty()) return edge;
  const auto n = static_cast<double>(colors.size());
  for (const creative::Oklab& c : colors) {
    edge.color.lightness += c.lightness / n;
    edge.color.a += c.a / n;
    edge.color.b += c.b / n;
  }
  for (const creative::Oklab& c : colors) edge.spread += creative::distance(c, edge.color) / n;
  return edge;
}

/// One short line on an even ground that ends above and below it.
bool is_on_button(const Image& picture, const TextArea& area) {
  if (area.lines != 1 || creative::count_characters(area.text) > kButtonCharacters) return false;
  constexpr double kEven = 0.02;
  constexpr double kApart = 0.07;
  const Edge inside = edge_of(picture, grown(area.box, 0.3 * area.line_px));
  const Edge outside = edge_of(picture, grown(area.box, 1.9 * area.line_px));
  return inside.spread < kEven && creative::distance(inside.color, outside.color) > kApart;
}

void guess_roles(const Image& picture, std::vector<TextArea>& areas) {
  const double side = std::min(picture.width, picture.height);
  for (TextArea& area : areas) {
    if (is_on_button(picture, area)) area.role = "cta";
    if (area.line_px < 0.02 * side && area.box.y > 0.6 * picture.height && area.role == "text")
      area.role = "disclaimer";
  }
  for (const char* role : {"headline", "subheadline"}) {
    TextArea* largest = nullptr;
    for (TextArea& area : areas) {
      if (area.role != "text") continue;
      // Of texts of one size the longer one.
      const auto weight = [](const TextArea& a) {
        return a.line_px * std::sqrt(static_cast<double>(
                               std::max<std::size_t>(creative::count_characters(a.text), 1)));
      };
      if (!largest || weight(area) > weight(*largest)) largest = &area;
    }
    if (largest) largest->role = role;
  }
  // One button asks; others are badges.
  TextArea* button = nullptr;
  for (TextArea& area : areas) {
    if (area.role != "cta") continue;
    if (button) button->role = "text";
    button = &area;
  }
}

}  // namespace

std::vector<TextArea> find_text_areas(const Image& picture, TextReader& reader) {
  const Gray gray = gray_of(
      picture, {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)});
  const double scale = std::min(2.0, kReadingSide / std::min(picture.width, picture.height));
  std::vector<ReadWord> words;
  read_at(gray, {}, scale, TextFlow::kSparse, reader, words);
  read_at(gray, {}, scale * kLargeShare, TextFlow::kSparse, reader, words);
  read_lines_alone(picture, reader, words);
  std::vector<TextArea> areas;
  for (const Block& block : blocks_of(lines_of(surest(std::move(words)))))
    areas.push_back(area_of(block));
  guess_roles(picture, areas);
  return areas;
}

}  // namespace adgenome::imaging
