#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::imaging {
namespace {

std::uint8_t over_white(std::uint8_t value, std::uint8_t alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

template <class ValueOf>
Gray gray_map(const Image& picture, const creative::Box& area, const ValueOf& value_of) {
  const creative::Box part = visible_part(area, picture);
  Gray gray{static_cast<int>(part.width), static_cast<int>(part.height)};
  gray.values.reserve(static_cast<std::size_t>(gray.width) * static_cast<std::size_t>(gray.height));
  for (int y = 0; y < gray.height; ++y) {
    for (int x = 0; x < gray.width; ++x) {
      const std::uint8_t* pixel =
          picture.pixel(static_cast<int>(part.x) + x, static_cast<int>(part.y) + y);
      gray.values.push_back(value_of(over_white(pixel[0], pixel[3]), over_white(pixel[1], pixel[3]),
                                     over_white(pixel[2], pixel[3])));
    }
  }
  return gray;
}

// What one target row or column takes from the source: from `first` on, one weight a source line.
struct Taps {
  int first = 0;
  std::vector<double> weights;
};

std::vector<Taps> taps_of(int source, int target) {
  std::vector<Taps> taps(static_cast<std::size_t>(target));
  const double step = static_cast<double>(source) / target;
  // A triangle as wide as the step, at least of bilinear width.
  const double radius = std::max(1.0, step);
  for (int i = 0; i < target; ++i) {
    const double center = (i + 0.5) * step - 0.5;
    Taps& tap = taps[static_cast<std::size_t>(i)];
    tap.first = std::clamp(static_cast<int>(std::ceil(center - radius)), 0, source - 1);
    const int last = std::clamp(static_cast<int>(std::floor(center + radius)), 0, source - 1);
    double sum = 0;
    for (int k = tap.first; k <= last; ++k) {
      const double weight = std::max(0.0, 1 - std::abs(k - center) / radius);
      tap.weights.push_back(weight);
      sum += weight;
    }
    if (sum <= 0) {
      tap.weights.assign(1, 1.0);
    } else {
      for (double& weight : tap.weights) weight /= sum;
    }
  }
  return taps;
}

}  // namespace

creative::Box visible_part(const creative::Box& box, const Image& picture) {
  const double left = std::clamp(std::floor(box.x), 0.0, static_cast<double>(picture.width));
  const double top = std::clamp(std::floor(box.y), 0.0, static_cast<double>(picture.height));
  const double right =
      std::clamp(std::ceil(box.x + box.width), left, static_cast<double>(picture.width));
  const double bottom =
      std::clamp(std::ceil(box.y + box.height), top, static_cast<double>(picture.height));
  return {left, top, right - left, bottom - top};
}

Gray gray_of(const Image& picture, const creative::Box& area) {
  return gray_map(picture, area, [](int red, int green, int blue) {
    return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
  });
}

Gray ink_of(const Image& picture, const creative::Box& area, creative::Rgb ink) {
  return gray_map(picture, area, [&](int red, int green, int blue) {
    const double distance = std::sqrt(static_cast<double>(
        (red - ink.red) * (red - ink.red) + (green - ink.green) * (green - ink.green) +
        (blue - ink.blue) * (blue - ink.blue)));
    return static_cast<std::uint8_t>(std::min(255.0, 1.5 * distance));
  });
}

Gray resized(const Gray& picture, int width, int height) {
  Gray result{std::max(1, width), std::max(1, height)};
  if (picture.width == 0 || picture.height == 0) return {};
  const std::vector<Taps> columns = taps_of(picture.width, result.width);
  const std::vector<Taps> rows = taps_of(picture.height, result.height);
  std::vector<double> across(static_cast<std::size_t>(result.width) *
                             static_cast<std::size_t>(picture.height));
  for (int y = 0; y < picture.height; ++y) {
    double* line = &across[static_cast<std::size_t>(y) * static_cast<std::size_t>(result.width)];
    for (const Taps& tap : columns) {
      double sum = 0;
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        sum += tap.weights[k] * picture.at(tap.first + static_cast<int>(k), y);
      }
      *line++ = sum;
    }
  }
  result.values.reserve(static_cast<std::size_t>(result.width) *
                        static_cast<std::size_t>(result.height));
  for (const Taps& tap : rows) {
    for (int x = 0; x < result.width; ++x) {
      double sum = 0;
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        sum += tap.weights[k] * across[(static_cast<std::size_t>(tap.first) + k) *
                                           static_cast<std::size_t>(result.width) +
                                       static_cast<std::size_t>(x)];
      }
      result.values.push_back(static_cast<std::uint8_t>(std::clamp(sum + 0.5, 0.0, 255.0)));
    }
  }
  return result;
}

}  // namespace adgenome::imaging
