#include <adgenome/creative/color_difference.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace adgenome::imaging {
namespace {

using creative::Box;

// Share of the object that must be seen for a comparison.
constexpr double kLeastVisible = 0.5;

// A picture in floats at a size at which it is compared: gray and the three colors.
struct Planes {
  int width = 0;
  int height = 0;
  std::array<Gray, 3> color;
  Gray alpha;
  double scale = 1;  ///< pixels here a pixel of the picture
};

Planes planes_of(const Image& picture, double scale) {
  Planes planes;
  planes.width = std::max(4, static_cast<int>(std::lround(picture.width * scale)));
  planes.height = std::max(4, static_cast<int>(std::lround(picture.height * scale)));
  planes.scale = scale;
  for (int channel = 0; channel < 4; ++channel) {
    Gray plane{picture.width, picture.height};
    plane.values.resize(picture.rgba.size() / 4);
    for (std::size_t i = 0; i < plane.values.size(); ++i) {
      plane.values[i] = picture.rgba[4 * i + static_cast<std::size_t>(channel)];
    }
    Gray small = resized(plane, planes.width, planes.height);
    (channel < 3 ? planes.color[static_cast<std::size_t>(channel)] : planes.alpha) =
        std::move(small);
  }
  return planes;
}

double sampled(const Gray& plane, double x, double y) {
  x = std::clamp(x, 0.0, static_cast<double>(plane.width - 1));
  y = std::clamp(y, 0.0, static_cast<double>(plane.height - 1));
  const int left = std::min(static_cast<int>(x), std::max(0, plane.width - 2));
  const int top = std::min(static_cast<int>(y), std::max(0, plane.height - 2));
  const int right = std::min(left + 1, plane.width - 1);
  const int bottom = std::min(top + 1, plane.height - 1);
  const double u = x - left;
  const double v = y - top;
  return (plane.at(left, top) * (1 - u) + plane.at(right, top) * u) * (1 - v) +
         (plane.at(left, bottom) * (1 - u) + plane.at(right, bottom) * u) * v;
}

// The object and the picture at comparable sizes, and what of the picture may be looked at.
struct Search {
  const Planes& object;
  const Planes& picture;
  std::span<const Box> covered;  ///< pixels of the picture at its own size
  Box window;                    ///< likewise: nothing outside is looked at

  // Visits the object's opaque pixels that are visible when it fills `box` (own size): object
  // pixel, position in the scaled picture.
  template <class Visit>
  void each(const Box& box, const Visit& visit) const {
    for (int y = 0; y < object.height; ++y) {
      for (int x = 0; x < object.width; ++x) {
        if (object.alpha.at(x, y) < 250) continue;
        const double px = box.x + (x + 0.5) / object.width * box.width;
        const double py = box.y + (y + 0.5) / object.height * box.height;
        if (px < window.x || py < window.y || px >= window.x + window.width ||
            py >= window.y + window.height) {
          continue;
        }
        const bool is_covered =
            std::any_of(covered.begin(), covered.end(), [&](const Box& each_box) {
              return px >= each_box.x && py >= each_box.y && px < each_box.x + each_box.width &&
                     py < each_box.y + each_box.height;
            });
        if (!is_covered) visit(x, y, px * picture.scale - 0.5, py * picture.scale - 0.5);
      }
    }
  }

  // Correlation over all three channels; -1 where too little is visible.
  double correlation(const Box& box) const {
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    std::int64_t opaque = 0;
    for (const std::uint8_t alpha : object.alpha.values) opaque += alpha >= 250;
    each(box, [&](int x, int y, double px, double py) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const double p = object.color[channel].at(x, y);
        const double q = sampled(picture.color[channel], px, py);
        n += 1;
        a += p;
        b += q;
        aa += p * p;
        bb += q * q;
        ab += p * q;
      }
    });
    if (n < 3 * kLeastVisible * static_cast<double>(opaque) || n == 0) return -1;
    const double var_a = aa / n - a / n * (a / n);
    const double var_b = bb / n - b / n * (b / n);
    if (var_a < 1 || var_b < 1) return -1;
    return (ab / n - a / n * (b / n)) / std::sqrt(var_a * var_b);
  }
};

Box scaled_box(const Box& box, double dx, double dy, double sx, double sy) {
  const double width = box.width * sx;
  const double height = box.height * sy;
  return {box.x + box.width / 2 + dx * box.width - width / 2,
          box.y + box.height / 2 + dy * box.height - height / 2, width, height};
}

// Steps in place, width and height, each halved once none of them is better.
Box refined(const Search& search, Box box, double& best, double step, double last_step) {
  while (step > last_step) {
    Box better = box;
    double better_correlation = best;
    for (const auto& [dx, dy, sx, sy] :
         std::initializer_list<std::array<double, 4>>{{step, 0, 1, 1},
                                                      {-step, 0, 1, 1},
                                                      {0, step, 1, 1},
                                                      {0, -step, 1, 1},
                                                      {0, 0, 1 + step, 1},
                                                      {0, 0, 1 / (1 + step), 1},
                                                      {0, 0, 1, 1 + step},
                                                      {0, 0, 1, 1 / (1 + step)},
                                                      {0, 0, 1 + step, 1 + step},
                                                      {0, 0, 1 / (1 + step), 1 / (1 + step)}}) {
      const Box tried = scaled_box(box, dx, dy, sx, sy);
      const double correlation = search.correlation(tried);
      if (correlation > better_correlation + 1e-9) {
        better = tried;
        better_correlation = correlation;
      }
    }
    if (better_correlation == best) {
      step /= 2;
    } else {
      box = better;
      best = better_correlation;
    }
  }
  return box;
}

}  // namespace

std::optional<Match> locate(const Image& picture, const Image& object, const Box& expected,
                            bool is_clipped, std::span<const Box> covered) {
  constexpr double kCoarse = 48;  // pixels of the object's longer side while searching
  constexpr double kFine = 144;   // and while comparing
  constexpr double kLeastCorrelation = 0.5;
  if (expected.width < 4 || expected.height < 4 || object.width < 4 || object.height < 4) {
    return std::nullopt;
  }
  const Box canvas{0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
  const Box window = is_clipped ? visible_part(expected, picture) : canvas;
  const double object_side = std::max(object.width, object.height);
  const double expected_side = std::max(expected.width, expected.height);
  const Planes coarse_object = planes_of(object, std::min(1.0, kCoarse / object_side));
  const Planes coarse_picture = planes_of(picture, std::min(1.0, kCoarse / expected_side));
  const Search search{coarse_object, coarse_picture, covered, window};

  // It fills the area, fits into it, or covers it.
  const double inside = std::min(expected.width / object.width, expected.height / object.height);
  const double over = std::max(expected.width / object.width, expected.height / object.height);
  Box best_box;
  double best = -1;
  for (const auto& [sx, sy] : std::initializer_list<std::array<double, 2>>{
           {1, 1},
           {inside * object.width / expected.width, inside * object.height / expected.height},
           {over * object.width / expected.width, over * object.height / expected.height}}) {
    Box box = scaled_box(expected, 0, 0, sx, sy);
    double correlation = search.correlation(box);
    box = refined(search, box, correlation, 0.08, 0.008);
    if (correlation > best) {
      best = correlation;
      best_box = box;
    }
  }
  if (best < kLeastCorrelation) return std::nullopt;

  const Planes fine_object = planes_of(object, std::min(1.0, kFine / object_side));
  const Planes fine_picture =
      planes_of(picture, std::min(1.0, kFine / std::max(best_box.width, best_box.height)));
  const Search fine{fine_object, fine_picture, covered, window};
  best = fine.correlation(best_box);
  best_box = refined(fine, best_box, best, 0.01, 0.002);
  Gray should{fine_object.width, fine_object.height,
              std::vector<std::uint8_t>(fine_object.alpha.values.size(), 0)};
  Gray is = should;
  Gray mask = should;
  double difference = 0;
  std::int64_t count = 0;
  fine.each(best_box, [&](int x, int y, double px, double py) {
    const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(should.width) +
                    static_cast<std::size_t>(x);
    const auto luma = [](double red, double green, double blue) {
      return static_cast<std::uint8_t>(0.299 * red + 0.587 * green + 0.114 * blue + 0.5);
    };
    const creative::Rgb wanted{fine_object.color[0].at(x, y), fine_object.color[1].at(x, y),
                               fine_object.color[2].at(x, y)};
    const std::array<double, 3> found{sampled(fine_picture.color[0], px, py),
                                      sampled(fine_picture.color[1], px, py),
                                      sampled(fine_picture.color[2], px, py)};
    const creative::Rgb seen{static_cast<std::uint8_t>(found[0] + 0.5),
                             static_cast<std::uint8_t>(found[1] + 0.5),
                             static_cast<std::uint8_t>(found[2] + 0.5)};
    should.values[at] = luma(wanted.red, wanted.green, wanted.blue);
    is.values[at] = luma(found[0], found[1], found[2]);
    mask.values[at] = 255;
    difference += creative::ciede2000(creative::to_cielab(wanted), creative::to_cielab(seen));
    ++count;
  });
  const auto similarity = structural_similarity(should, is, mask);
  if (!similarity || count == 0) return std::nullopt;
  return Match{best_box, best, *similarity, difference / static_cast<double>(count)};
}

}  // namespace adgenome::imaging
