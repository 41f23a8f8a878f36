#include <adgenome/core/error.hpp>
#include <adgenome/creative/palette.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

namespace adgenome::creative {
namespace {

constexpr double kColored = 0.04;     // chroma from which a color has a hue worth the name
constexpr double kOneColor = 0.06;    // OKLab distance under which two colors are one
constexpr double kApartDegrees = 35;  // hue distance from which an accent stands apart
constexpr int kMostRounds = 24;

struct Cluster {
  Oklab center;
  Oklab sum;
  std::size_t count = 0;
};

std::size_t nearest_cluster(const std::vector<Cluster>& clusters, Oklab color) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < clusters.size(); ++i) {
    if (distance(clusters[i].center, color) < distance(clusters[best].center, color)) best = i;
  }
  return best;
}

/// Starting points: the fullest cells of a grid of 0.1, passing over cells near one taken.
std::vector<Cluster> starting_clusters(const std::vector<Oklab>& colors, std::size_t count) {
  std::map<std::tuple<int, int, int>, Cluster> cells;
  for (const Oklab& c : colors) {
    const auto cell = [](double v) { return static_cast<int>(std::floor(v * 10)); };
    Cluster& into = cells[{cell(c.lightness), cell(c.a), cell(c.b)}];
    into.sum = {into.sum.lightness + c.lightness, into.sum.a + c.a, into.sum.b + c.b};
    ++into.count;
  }
  std::vector<Cluster> sorted;
  for (auto& [key, cluster] : cells) {
    const auto n = static_cast<double>(cluster.count);
    cluster.center = {cluster.sum.lightness / n, cluster.sum.a / n, cluster.sum.b / n};
    sorted.push_back(cluster);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Cluster& a, const Cluster& b) { return a.count > b.count; });
  std::vector<Cluster> chosen;
  for (const Cluster& candidate : sorted) {
    if (chosen.size() == count) break;
    const bool is_near = std::any_of(chosen.begin(), chosen.end(), [&](const Cluster& other) {
      return distance(other.center, candidate.center) < 0.12;
    });
    if (!is_near) chosen.push_back(candidate);
  }
  return chosen;
}

Rgb with_luminance(Oklch color, double luminance) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 40; ++i) {
    color.lightness = (low + high) / 2;
    (relative_luminance(to_rgb(color)) < luminance ? low : high) = color.lightness;
  }
  return to_rgb(color);
}

Rgb tone(Oklch of, double lightness, double most_chroma) {
  return to_rgb({lightness, std::min(of.chroma, most_chroma), of.hue});
}

/// The first other color with a hue that stands apart from the primary's.
Rgb accent_of(std::span<const Rgb> colors, Oklch primary, Rgb fallback) {
  for (const Rgb color : colors) {
    const Oklch c = to_oklch(to_oklab(color));
    if (c.chroma >= 0.07 && c.lightness > 0.35 &&
        (hue_distance(c.hue, primary.hue) >= kApartDegrees || primary.chroma < kColored)) {
      return color;
    }
  }
  return fallback;
}

}  // namespace

std::optional<Rgb> Palette::role(std::string_view name) const {
  if (name == "primary") return primary;
  if (name == "accent") return accent;
  if (name == "deep") return deep;
  if (name == "dark") return dark;
  if (name == "soft") return soft;
  if (name == "light") return light;
  if (name == "surface") return surface;
  if (name == "white") return Rgb{255, 255, 255};
  if (name == "black") return Rgb{0, 0, 0};
  return std::nullopt;
}

std::span<const std::string> palette_roles() {
  static const std::vector<std::string> roles{"primary", "accent",  "deep",  "dark", "soft",
                                              "light",   "surface", "white", "black"};
  return roles;
}

std::vector<Rgb> dominant_colors(std::span<const Rgb> pixels, std::size_t count) {
  std::vector<Oklab> colors;
  colors.reserve(pixels.size());
  for (const Rgb pixel : pixels) colors.push_back(to_oklab(pixel));
  std::vector<Cluster> clusters = starting_clusters(colors, count);
  if (clusters.empty()) return {};
  for (int round = 0; round < kMostRounds; ++round) {
    for (Cluster& cluster : clusters) {
      cluster.sum = {};
      cluster.count = 0;
    }
    for (const Oklab& c : colors) {
      Cluster& into = clusters[nearest_cluster(clusters, c)];
      into.sum = {into.sum.lightness + c.lightness, into.sum.a + c.a, into.sum.b + c.b};
      ++into.count;
    }
    double moved = 0;
    for (Cluster& cluster : clusters) {
      if (cluster.count == 0) continue;
      const auto n = static_cast<double>(cluster.count);
      const Oklab mean{cluster.sum.lightness / n, cluster.sum.a / n, cluster.sum.b / n};
      moved = std::max(moved, distance(mean, cluster.center));
      cluster.center = mean;
    }
    if (moved < 1e-4) break;
  }
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const Cluster& a, const Cluster& b) { return a.count > b.count; });
  std::vector<Cluster> kept;
  for (const Cluster& cluster : clusters) {
    const bool is_double = std::any_of(kept.begin(), kept.end(), [&](const Cluster& other) {
      return distance(other.center, cluster.center) < kOneColor;
    });
    if (cluster.count > 0 && !is_double) kept.push_back(cluster);
  }
  std::vector<Rgb> result;
  for (const Cluster& cluster : kept) result.push_back(to_rgb(to_oklch(cluster.center)));
  return result;
}

Palette make_palette(std::span<const Rgb> colors) {
  if (colors.empty()) throw core::InvalidInput("a palette needs at least one color");
  Palette palette;
  palette.colors.assign(colors.begin(), colors.end());
  const auto colored = std::find_if(colors.begin(), colors.end(), [](Rgb color) {
    const Oklch c = to_oklch(to_oklab(color));
    return c.chroma >= kColored && c.lightness > 0.3 && c.lightness < 0.9;
  });
  palette.primary = colored == colors.end() ? colors.front() : *colored;
  const Oklch primary = to_oklch(to_oklab(palette.primary));
  palette.accent = accent_of(colors, primary, palette.primary);
  palette.deep = tone(primary, std::min(primary.lightness, 0.36), 0.11);
  palette.dark = tone(primary, 0.22, 0.035);
  // A light color of the palette itself is the quiet ground; without one, a tint of the primary.
  const auto pale = std::find_if(colors.begin(), colors.end(), [](Rgb color) {
    const Oklch c = to_oklch(to_oklab(color));
    return c.lightness >= 0.88 && c.chroma < 0.06;
  });
  const Oklch ground = pale == colors.end() ? primary : to_oklch(to_oklab(*pale));
  palette.soft = tone(ground, 0.90, 0.04);
  palette.light = tone(ground, 0.967, 0.016);
  palette.surface = tone(ground, 0.992, 0.004);
  return palette;
}

std::vector<Rgb> complementary_colors(std::span<const Rgb> colors) {
  std::vector<Rgb> turned;
  for (const Rgb color : colors) {
    Oklch c = to_oklch(to_oklab(color));
    c.hue = std::fmod(c.hue + 180, 360.0);
    turned.push_back(with_luminance(c, relative_luminance(color)));
  }
  return turned;
}

Rgb readable_ink(std::span<const Rgb> inks, Rgb background, double least_contrast) {
  Rgb best = inks.front();
  for (const Rgb ink : inks) {
    if (contrast(ink, background) >= least_contrast) return ink;
    if (contrast(ink, background) > contrast(best, background)) best = ink;
  }
  return best;
}

}  // namespace adgenome::creative
