#include <adgenome/creative/color_difference.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace adgenome::imaging {
namespace {

using creative::Box;
using creative::Rgb;

Rgb color_at(const Image& picture, int x, int y) {
  const std::uint8_t* pixel = picture.pixel(x, y);
  return {pixel[0], pixel[1], pixel[2]};
}

int channel_distance(Rgb one, Rgb other) {
  return std::max({std::abs(one.red - other.red), std::abs(one.green - other.green),
                   std::abs(one.blue - other.blue)});
}

bool is_inside(std::span<const Box> boxes, int x, int y) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const Box& box) {
    return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
  });
}

double quantile(std::vector<double>& values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Marks as letters what is in `is_ink`, widened by `reach` pixels.
std::vector<bool> widened(const std::vector<bool>& is_ink, int width, int height, int reach) {
  std::vector<bool> rows(is_ink.size());
  std::vector<bool> result(is_ink.size());
  const auto at = [&](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!is_ink[at(x, y)]) continue;
      for (int i = std::max(0, x - reach); i <= std::min(width - 1, x + reach); ++i) {
        rows[at(i, y)] = true;
      }
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!rows[at(x, y)]) continue;
      for (int i = std::max(0, y - reach); i <= std::min(height - 1, y + reach); ++i) {
        result[at(x, i)] = true;
      }
    }
  }
  return result;
}

// Contrast of the two halves of an area's range of luminance, by their means.
double contrast_of_halves(std::vector<double> luminances) {
  std::sort(luminances.begin(), luminances.end());
  // Not the extremes: a few stray pixels are no text.
  const std::size_t stray = luminances.size() / 50;
  const double middle = (luminances[stray] + luminances[luminances.size() - 1 - stray]) / 2;
  double low = 0;
  double high = 0;
  std::size_t low_count = 0;
  for (const double value : luminances) {
    (value <= middle ? low : high) += value;
    if (value <= middle) ++low_count;
  }
  const std::size_t high_count = luminances.size() - low_count;
  if (low_count == 0 || high_count == 0) return 1;
  return creative::contrast_of_luminances(low / static_cast<double>(low_count),
                                          high / static_cast<double>(high_count));
}

}  // namespace

std::optional<double> text_contrast(const Image& picture, const Box& area, Rgb ink,
                                    double font_px) {
  const Box part = visible_part(area, picture);
  const int width = static_cast<int>(part.width);
  const int height = static_cast<int>(part.height);
  if (width == 0 || height == 0) return std::nullopt;
  constexpr int kSameInk = 12;       // of 255, in any channel: the ink itself
  constexpr int kTouchedByInk = 60;  // letters with their smoothed edges
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<bool> touched(size);
  std::vector<double> luminances(size);
  double ink_sum = 0;
  std::size_t ink_count = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Rgb color =
          color_at(picture, static_cast<int>(part.x) + x, static_cast<int>(part.y) + y);
      const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(x);
      luminances[at] = creative::relative_luminance(color);
      const int distance = channel_distance(color, ink);
      touched[at] = distance <= kTouchedByInk;
      if (distance <= kSameInk) {
        ink_sum += luminances[at];
        ++ink_count;
      }
    }
  }
  if (ink_count < size / 100 + 1) return contrast_of_halves(std::move(luminances));
  const double ink_luminance = ink_sum / static_cast<double>(ink_count);
  const auto letters = widened(touched, width, height, std::max(1, static_cast<int>(font_px / 24)));
  std::vector<double> contrasts;
  for (std::size_t i = 0; i < size; ++i) {
    if (!letters[i]) {
      contrasts.push_back(creative::contrast_of_luminances(ink_luminance, luminances[i]));
    }
  }
  // Where everything is near the ink there is no ground to tell it from.
  if (contrasts.size() < size / 50 + 1) return contrast_of_halves(std::move(luminances));
  return quantile(contrasts, 0.1);
}

std::optional<double> structural_similarity(const Gray& one, const Gray& other, const Gray& mask) {
  constexpr int kWindow = 8;
  constexpr int kStep = 4;
  constexpr double kC1 = 0.01 * 255 * 0.01 * 255;
  constexpr double kC2 = 0.03 * 255 * 0.03 * 255;
  double sum = 0;
  double weights = 0;
  for (int top = 0; top + kWindow <= one.height; top += kStep) {
    for (int left = 0; left + kWindow <= one.width; left += kStep) {
      double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
      for (int y = top; y < top + kWindow; ++y) {
        for (int x = left; x < left + kWindow; ++x) {
          if (!mask.values.empty() && mask.at(x, y) == 0) continue;
          const double p = one.at(x, y);
          const double q = other.at(x, y);
          n += 1;
          a += p;
          b += q;
          aa += p * p;
          bb += q * q;
          ab += p * q;
        }
      }
      if (n < kWindow * kWindow / 2.0) continue;
      a /= n;
      b /= n;
      const double var_a = aa / n - a * a;
      const double var_b = bb / n - b * b;
      const double covariance = ab / n - a * b;
      // Plain windows agree in any two pictures: what has structure counts for more.
      const double weight = var_a + var_b + kC2;
      sum += (2 * a * b + kC1) * (2 * covariance + kC2) / (a * a + b * b + kC1);
      weights += weight;
    }
  }
  if (weights == 0) return std::nullopt;
  return sum / weights;
}

std::optional<double> edge_sharpness(const Gray& picture) {
  constexpr int kReach = 4;
  constexpr int kLeastRise = 60;
  std::vector<double> steepness;
  for (int y = 0; y < picture.height; y += 2) {
    for (int x = kReach; x + kReach < picture.width; ++x) {
      int low = 255;
      int high = 0;
      int step = 0;
      for (int i = x - kReach; i <= x + kReach; ++i) {
        const int value = picture.at(i, y);
        low = std::min(low, value);
        high = std::max(high, value);
        if (i > x - kReach) step = std::max(step, std::abs(value - picture.at(i - 1, y)));
      }
      // Counted once, where the steepest step is in the middle.
      if (high - low >= kLeastRise && std::abs(picture.at(x, y) - picture.at(x - 1, y)) == step) {
        steepness.push_back(static_cast<double>(step) / (high - low));
      }
    }
  }
  if (steepness.size() < 50) return std::nullopt;
  return quantile(steepness, 0.9);
}

double blocking(const Gray& picture) {
  constexpr int kBlock = 8;
  constexpr int kSmall = 24;  // greater steps are edges of things
  std::array<double, 2> sums{};
  std::array<std::int64_t, 2> counts{};
  for (int y = 1; y < picture.height; ++y) {
    for (int x = 1; x < picture.width; ++x) {
      const auto add = [&](int step, bool is_border) {
        if (step >= kSmall) return;
        sums[is_border] += step;
        ++counts[is_border];
      };
      add(std::abs(picture.at(x, y) - picture.at(x - 1, y)), x % kBlock == 0);
      add(std::abs(picture.at(x, y) - picture.at(x, y - 1)), y % kBlock == 0);
    }
  }
  if (counts[0] == 0 || counts[1] == 0) return 1;
  // Half a gray level is what rounding leaves in an even picture.
  return (sums[1] / static_cast<double>(counts[1]) + 0.5) /
         (sums[0] / static_cast<double>(counts[0]) + 0.5);
}

double banding(const Gray& picture) {
  constexpr int kLeastRun = 4;
  constexpr int kLeastStep = 2;
  constexpr int kMostStep = 12;
  constexpr int kLeastSteps = 3;  // one way: two are the edges of a shape
  std::int64_t on_steps = 0;
  std::int64_t seen = 0;
  const auto scan = [&](int length, const auto& value_at) {
    int run = 1;
    int steps = 0;
    int direction = 0;
    std::int64_t stairs = 0;  // pixels of the staircase so far
    const auto finish = [&] {
      if (steps >= kLeastSteps) on_steps += stairs;
      steps = 0;
      stairs = 0;
    };
    for (int i = 1; i <= length; ++i) {
      const int change = i < length ? value_at(i) - value_at(i - 1) : 255;
      if (change == 0) {
        ++run;
        continue;
      }
      const bool is_step =
          run >= kLeastRun && std::abs(change) >= kLeastStep && std::abs(change) <= kMostStep;
      if (!is_step || (direction != 0 && (change > 0) != (direction > 0))) finish();
      if (is_step) {
        ++steps;
        stairs += run;
        direction = change;
      } else {
        direction = 0;
      }
      run = 1;
    }
    finish();
    seen += length;
  };
  for (int y = 0; y < picture.height; y += 4) {
    scan(picture.width, [&](int x) { return static_cast<int>(picture.at(x, y)); });
  }
  for (int x = 0; x < picture.width; x += 4) {
    scan(picture.height, [&](int y) { return static_cast<int>(picture.at(x, y)); });
  }
  return seen == 0 ? 0 : static_cast<double>(on_steps) / static_cast<double>(seen);
}

std::optional<double> palette_distance(const Image& picture, std::span<const Rgb> colors,
                                       std::span<const Box> covered, std::span<const Box> shown) {
  if (colors.empty()) return std::nullopt;
  // Each color with its tints and shades.
  std::vector<creative::Cielab> wanted;
  for (const Rgb color : colors) {
    wanted.push_back(creative::to_cielab(color));
    for (const Rgb end : {Rgb{255, 255, 255}, Rgb{0, 0, 0}}) {
      for (const double share : {0.25, 0.5, 0.75}) {
        wanted.push_back(creative::to_cielab(creative::mix(color, end, share)));
      }
    }
  }
  constexpr int kEven = 3;
  std::map<std::uint32_t, std::int64_t> cells;  // 5 bits a channel
  std::int64_t even = 0;
  std::int64_t seen = 0;
  for (int y = 1; y < picture.height; y += 2) {
    for (int x = 1; x < picture.width; x += 2) {
      if (is_inside(covered, x, y) && !is_inside(shown, x, y)) continue;
      ++seen;
      const Rgb color = color_at(picture, x, y);
      if (channel_distance(color, color_at(picture, x - 1, y)) > kEven ||
          channel_distance(color, color_at(picture, x, y - 1)) > kEven) {
        continue;
      }
      ++even;
      ++cells[static_cast<std::uint32_t>(color.red >> 3) << 10 |
              static_cast<std::uint32_t>(color.green >> 3) << 5 |
              static_cast<std::uint32_t>(color.blue >> 3)];
    }
  }
  if (seen == 0 || even * 20 < seen) return std::nullopt;
  double sum = 0;
  double weights = 0;
  for (const auto& [cell, count] : cells) {
    const auto channel = [&](int shift) {
      const std::uint32_t value = cell >> shift & 31;
      return static_cast<std::uint8_t>(value << 3 | value >> 2);
    };
    const creative::Cielab color = creative::to_cielab({channel(10), channel(5), channel(0)});
    double nearest = 1000;
    for (const creative::Cielab& each : wanted) {
      nearest = std::min(nearest, creative::ciede2000(color, each));
    }
    // White, gray and black are in every palette, and faint tints of any color are alike: a color
    // counts by the square of its chroma, fully from 25 on.
    const double chroma = std::hypot(color.a, color.b) / 25;
    const double weight = static_cast<double>(count) * std::min(1.0, 0.005 + chroma * chroma);
    sum += nearest * weight;
    weights += weight;
  }
  return sum / weights;
}

}  // namespace adgenome::imaging
