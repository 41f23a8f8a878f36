#include <adgenome/creative/brief.hpp>
#include <algorithm>

#include "edge_groups.hpp"
#include "text_areas.hpp"

namespace adgenome::imaging {
namespace {

using creative::Box;

constexpr double kBorder = 0.22;  // share of the height at top and bottom where logos stand
constexpr double kLeastConfidence = 0.3;
constexpr std::size_t kMostLogos = 3;

double overlap_share(const Box& box, const Box& other) {
  const double width =
      std::min(box.x + box.width, other.x + other.width) - std::max(box.x, other.x);
  const double height =
      std::min(box.y + box.height, other.y + other.height) - std::max(box.y, other.y);
  return width <= 0 || height <= 0 ? 0 : width * height / (box.width * box.height);
}

/// How likely a group by itself is a logo: where it stands, its size and proportions; 0: not one.
double likelihood(const Box& box, const Image& picture, const std::vector<TextArea>& texts) {
  const double share =
      box.width * box.height / (static_cast<double>(picture.width) * picture.height);
  const double ratio = box.width / box.height;
  const double side = std::min(picture.width, picture.height);
  if (share < 0.0006 || share > 0.035 || ratio < 0.6 || ratio > 9) return 0;
  if (box.height < 0.02 * side || box.height > 0.16 * side) return 0;
  const double middle = (box.y + box.height / 2) / picture.height;
  // Stories keep their top and bottom free.
  const bool is_story = picture.height > 1.6 * picture.width;
  const double border = is_story ? 0.32 : kBorder;
  if (middle > border && middle < 1 - kBorder) return 0;
  double likely = middle <= border ? 0.5 : 0.3;
  if (ratio >= 2 && ratio <= 7) likely += 0.15;
  for (const TextArea& text : texts) {
    if (overlap_share(box, text.box) < 0.2) continue;
    // A name is a word or two; anything longer says something.
    const bool is_name = text.lines == 1 && creative::count_characters(text.text) <= 16 &&
                         text.role != "cta" && text.role != "disclaimer" && text.role != "headline";
    if (!is_name) return 0;
    likely += 0.1;
  }
  return likely;
}

}  // namespace

std::vector<LogoArea> find_logo_areas(const Image& picture, const std::vector<TextArea>& texts) {
  std::vector<LogoArea> logos;
  for (const Box& box : edge_groups(picture)) {
    const double likely = likelihood(box, picture, texts);
    if (likely >= kLeastConfidence) logos.push_back({box, likely});
  }
  std::stable_sort(logos.begin(), logos.end(), [](const LogoArea& a, const LogoArea& b) {
    return a.confidence > b.confidence;
  });
  if (logos.size() > kMostLogos) logos.resize(kMostLogos);
  return logos;
}

}  // namespace adgenome::imaging
