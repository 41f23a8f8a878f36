#include <adgenome/creative/palette.hpp>
#include <adgenome/imaging/template_findings.hpp>
#include <algorithm>

#include "text_areas.hpp"

namespace adgenome::imaging {
namespace {

constexpr std::size_t kColors = 5;
constexpr std::size_t kSamples = 4096;
constexpr double kNear = 0.1;  // OKLab distance up to which a pixel is of a color

double share_near(std::span<const creative::Rgb> pixels, std::span<const creative::Rgb> palette) {
  const auto is_near = [&](creative::Rgb pixel) {
    const creative::Oklab color = creative::to_oklab(pixel);
    return std::ranges::any_of(palette, [&](creative::Rgb one) {
      return creative::distance(creative::to_oklab(one), color) <= kNear;
    });
  };
  if (pixels.empty()) return 0;
  return static_cast<double>(std::ranges::count_if(pixels, is_near)) /
         static_cast<double>(pixels.size());
}

}  // namespace

TemplateFindings find_parts(const Image& picture, TextReader* reader) {
  TemplateFindings findings;
  if (reader) findings.texts = find_text_areas(picture, *reader);
  const std::vector<creative::Rgb> pixels = sample_pixels(picture, kSamples);
  findings.palette = creative::dominant_colors(pixels, kColors);
  findings.palette_confidence = share_near(pixels, findings.palette);
  findings.logos = find_logo_areas(picture, findings.texts.value_or(std::vector<TextArea>{}));
  return findings;
}

}  // namespace adgenome::imaging
