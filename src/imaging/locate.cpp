#include <adgenome/creative/color_difference.hpp>
#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace adgenome::imaging {
namespace {

using creative::Box;

constexpr double kDegree = std::numbers::pi / 180;

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

// How an object may stand: the box that it fills, turned around its center by degrees.
struct Pose {
  Box box;
  double angle = 0;
};

// The object and the picture at comparable sizes, and what of the picture may be looked at.
struct Search {
  const Planes& object;
  const Planes& picture;
  std::span<const Box> covered;  ///< pixels of the picture at its own size
  Box window;                    ///< likewise: nothing outside is looked at

  // Visits the object's opaque pixels that are visible when it stands like this (own size): object
  // pixel, position in the scaled picture.
  template <class Visit>
  void each(const Pose& pose, const Visit& visit) const {
    const double cosine = std::cos(pose.angle * kDegree);
    const double sine = std::sin(pose.angle * kDegree);
    const double center_x = pose.box.x + pose.box.width / 2;
    const double center_y = pose.box.y + pose.box.height / 2;
    for (int y = 0; y < object.height; ++y) {
      for (int x = 0; x < object.width; ++x) {
        if (object.alpha.at(x, y) < 250) continue;
        const double across = ((x + 0.5) / object.width - 0.5) * pose.box.width;
        const double down = ((y + 0.5) / object.height - 0.5) * pose.box.height;
        const double px = center_x + across * cosine - down * sine;
        const double py = center_y + across * sine + down * cosine;
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
  double correlation(const Pose& pose) const {
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    std::int64_t opaque = 0;
    for (const std::uint8_t alpha : object.alpha.values) opaque += alpha >= 250;
    each(pose, [&](int x, int y, double px, double py) {
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

struct Move {
  double dx = 0;  ///< shares of the box
  double dy = 0;
  double sx = 1;
  double sy = 1;
  double turn = 0;  ///< degrees
};

Pose moved(const Pose& pose, const Move& move) {
  const Box& box = pose.box;
  const double width = box.width * move.sx;
  const double height = box.height * move.sy;
  return {{box.x + box.width / 2 + move.dx * box.width - width / 2,
           box.y + box.height / 2 + move.dy * box.height - height / 2, width, height},
          pose.angle + move.turn};
}

// Steps in place, width, height and angle, halved once none of them is better.
Pose refined(const Search& search, Pose pose, double& best, double step, double last_step) {
  while (step > last_step) {
    Pose better = pose;
    double better_correlation = best;
    const double more = 1 + step;
    const double less = 1 / more;
    for (const Move& move :
         {Move{.dx = step}, Move{.dx = -step}, Move{.dy = step}, Move{.dy = -step},
          Move{.sx = more}, Move{.sx = less}, Move{.sy = more}, Move{.sy = less},
          Move{.sx = more, .sy = more}, Move{.sx = less, .sy = less}, Move{.turn = 50 * step},
          Move{.turn = -50 * step}}) {
      const Pose tried = moved(pose, move);
      const double correlation = search.correlation(tried);
      if (correlation > better_correlation + 1e-9) {
        better = tried;
        better_correlation = correlation;
      }
    }
    if (better_correlation == best) {
      step /= 2;
    } else {
      pose = better;
      best = better_correlation;
    }
  }
  return pose;
}

Image cropped(const Image& picture, const Box& area) {
  Image part{static_cast<int>(area.width), static_cast<int>(area.height), {}};
  part.rgba.reserve(4 * static_cast<std::size_t>(part.width) *
                    static_cast<std::size_t>(part.height));
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* row = picture.pixel(static_cast<int>(area.x), static_cast<int>(area.y) + y);
    part.rgba.insert(part.rgba.end(), row, row + 4 * part.width);
  }
  return part;
}

// Burnt out or drowned: no channel tells anything.
bool is_clipped_color(creative::Rgb color) {
  constexpr int kEnd = 2;
  const auto [low, high] = std::minmax({color.red, color.green, color.blue});
  return high <= kEnd || low >= 255 - kEnd;
}

// How like itself the object is where it stands like this; nothing where that cannot be told.
std::optional<Match> compared(const Search& search, const Pose& pose) {
  const Planes& object = search.object;
  Gray should{object.width, object.height,
              std::vector<std::uint8_t>(object.alpha.values.size(), 0)};
  Gray is = should;
  Gray mask = should;
  double difference = 0;
  std::int64_t clipped = 0;
  std::int64_t count = 0;
  search.each(pose, [&](int x, int y, double px, double py) {
    const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(should.width) +
                    static_cast<std::size_t>(x);
    const auto luma = [](double red, double green, double blue) {
      return static_cast<std::uint8_t>(0.299 * red + 0.587 * green + 0.114 * blue + 0.5);
    };
    const creative::Rgb wanted{object.color[0].at(x, y), object.color[1].at(x, y),
                               object.color[2].at(x, y)};
    const std::array<double, 3> found{sampled(search.picture.color[0], px, py),
                                      sampled(search.picture.color[1], px, py),
                                      sampled(search.picture.color[2], px, py)};
    const creative::Rgb seen{static_cast<std::uint8_t>(found[0] + 0.5),
                             static_cast<std::uint8_t>(found[1] + 0.5),
                             static_cast<std::uint8_t>(found[2] + 0.5)};
    should.values[at] = luma(wanted.red, wanted.green, wanted.blue);
    is.values[at] = luma(found[0], found[1], found[2]);
    mask.values[at] = 255;
    clipped += is_clipped_color(seen) && !is_clipped_color(wanted);
    difference += creative::ciede2000(creative::to_cielab(wanted), creative::to_cielab(seen));
    ++count;
  });
  const auto similarity = structural_similarity(should, is, mask);
  if (!similarity || count == 0) return std::nullopt;
  const auto share_of = [&](double sum) { return sum / static_cast<double>(count); };
  return Match{pose.box,    pose.angle,           search.correlation(pose),
               *similarity, share_of(difference), share_of(static_cast<double>(clipped))};
}

std::optional<Match> locate_in(const Image& picture, const Image& object, const Box& expected,
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
  const Planes fine_object = planes_of(object, std::min(1.0, kFine / object_side));
  const Planes fine_picture = planes_of(picture, std::min(1.0, kFine / expected_side));
  const Search fine{fine_object, fine_picture, covered, window};

  // It fills the area, fits into it, or covers it. A scrim or a shadow on the object leads the
  // correlation astray; of what it leads to, and where it began, the most like the object is taken.
  const double inside = std::min(expected.width / object.width, expected.height / object.height);
  const double over = std::max(expected.width / object.width, expected.height / object.height);
  Pose pose;
  double likest = -2;
  const auto consider = [&](const Pose& candidate) {
    if (search.correlation(candidate) < kLeastCorrelation) return;
    const auto match = compared(fine, candidate);
    if (!match || match->structural_similarity <= likest) return;
    likest = match->structural_similarity;
    pose = candidate;
  };
  for (const Move& start : {Move{},
                            Move{.sx = inside * object.width / expected.width,
                            .sy = inside * object.height / expected.height},
                            Move{.sx = over * object.width / expected.width,
                            .sy = over * object.height / expected.height}}) {
    const Pose begin = moved({expected, 0}, start);
    double correlation = search.correlation(begin);
    consider(begin);
    consider(refined(search, begin, correlation, 0.08, 0.008));
  }
  if (likest < -1) return std::nullopt;
  double best = fine.correlation(pose);
  auto match = compared(fine, refined(fine, pose, best, 0.01, 0.002));
  if (!match || match->structural_similarity < likest) match = compared(fine, pose);
  return match;
}

// Where the object at a share of the picture's size correlates best, of places and sizes in steps.
struct Candidate {
  Pose pose;
  double correlation = -1;
};

Candidate best_of_size(const Image& picture, const Image& object, const Box& size,
                       std::span<const Box> covered) {
  constexpr double kSide = 16;  // pixels of the object's longer side
  constexpr double kStep = 0.1;
  const Planes small_object =
      planes_of(object, std::min(1.0, kSide / std::max(object.width, object.height)));
  const Planes small_picture =
      planes_of(picture, std::min(1.0, kSide / std::max(size.width, size.height)));
  const Box canvas{0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
  const Search search{small_object, small_picture, covered, canvas};
  Candidate best;
  const double step = kStep * std::max(size.width, size.height);
  for (double y = 0; y + size.height <= canvas.height; y += step) {
    for (double x = 0; x + size.width <= canvas.width; x += step) {
      const Pose pose{{x, y, size.width, size.height}, 0};
      const double correlation = search.correlation(pose);
      if (correlation > best.correlation) best = {pose, correlation};
    }
  }
  return best;
}

double stretch_of(const Match& match, const Image& object) {
  return match.box.width / match.box.height * object.height / object.width;
}

double deviation_of(const Match& match, const Image& object) {
  const double stretch = stretch_of(match, object);
  return std::max(stretch, 1 / stretch) - 1;
}

// Whether the object, out of its proportions by so much, is like a part of itself: then being found
// so says nothing of its proportions.
bool is_like_its_part(const Image& object, double stretch) {
  constexpr double kSide = 96;
  constexpr double kAlike = 0.9;
  constexpr double kNoStretch = 0.05;
  constexpr int kPlaces = 40;
  const double deviation = std::max(stretch, 1 / stretch) - 1;
  if (deviation < kNoStretch) return false;
  const Planes planes =
      planes_of(object, std::min(1.0, kSide / std::max(object.width, object.height)));
  const Box whole{0, 0, static_cast<double>(object.width), static_cast<double>(object.height)};
  const Search search{planes, planes, {}, whole};
  Box part = whole;
  (stretch > 1 ? part.height : part.width) /= 1 + deviation;
  for (int i = 0; i <= kPlaces; ++i) {
    part.x = (whole.width - part.width) * i / kPlaces;
    part.y = (whole.height - part.height) * i / kPlaces;
    const auto match = compared(search, {part, 0});
    if (match && match->structural_similarity >= kAlike) return true;
  }
  return false;
}

// A body of even shading is like itself at any height. Of what is about as like the object the
// place is taken at which it is the least out of its proportions.
Match least_stretched(const Image& picture, const Image& object, const Match& match,
                      std::span<const Box> covered) {
  constexpr double kAsAlike = 0.05;  // of structural similarity
  Match best = match;
  const Box& box = match.box;
  const double height = box.width * object.height / object.width;
  const double width = box.height * object.width / object.height;
  for (const double align : {0.0, 0.5, 1.0}) {
    for (const Box& start : {Box{box.x, box.y + align * (box.height - height), box.width, height},
                             Box{box.x + align * (box.width - width), box.y, width, box.height}}) {
      const auto other = locate(picture, object, start, false, covered);
      if (other && other->structural_similarity >= match.structural_similarity - kAsAlike &&
          deviation_of(*other, object) < deviation_of(best, object)) {
        best = *other;
      }
    }
  }
  return best;
}

}  // namespace

std::optional<Match> locate_anywhere(const Image& picture, const Image& object,
                                     std::span<const Box> covered) {
  constexpr std::array<double, 7> kShares{0.95, 0.76, 0.61, 0.49, 0.39, 0.31, 0.25};
  constexpr double kPromising = 0.4;
  constexpr std::size_t kLooks = 3;
  if (object.width < 4 || object.height < 4) return std::nullopt;
  const double whole = std::min(static_cast<double>(picture.width) / object.width,
                                static_cast<double>(picture.height) / object.height);
  std::vector<Candidate> candidates;
  for (const double share : kShares) {
    const Box size{0, 0, share * whole * object.width, share * whole * object.height};
    candidates.push_back(best_of_size(picture, object, size, covered));
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.correlation > b.correlation; });
  std::optional<Match> best;
  for (std::size_t i = 0; i < kLooks; ++i) {
    if (candidates[i].correlation < kPromising) break;
    const auto match = locate(picture, object, candidates[i].pose.box, false, covered);
    if (match && (!best || match->structural_similarity > best->structural_similarity)) {
      best = match;
    }
  }
  if (!best) return std::nullopt;
  best = least_stretched(picture, object, *best, covered);
  if (is_like_its_part(object, stretch_of(*best, object))) return std::nullopt;
  return best;
}

std::optional<Match> locate(const Image& picture, const Image& object, const Box& expected,
                            bool is_clipped, std::span<const Box> covered) {
  // Half its size around the place is as far as it is looked for.
  const Box area = visible_part({expected.x - expected.width / 2, expected.y - expected.height / 2,
                                 2 * expected.width, 2 * expected.height},
                                picture);
  if (area.width < 4 || area.height < 4) return std::nullopt;
  const auto shifted = [&](Box box, double by) {
    box.x += by * area.x;
    box.y += by * area.y;
    return box;
  };
  std::vector<Box> covered_here;
  for (const Box& box : covered) covered_here.push_back(shifted(box, -1));
  auto match =
      locate_in(cropped(picture, area), object, shifted(expected, -1), is_clipped, covered_here);
  if (match) match->box = shifted(match->box, 1);
  return match;
}

}  // namespace adgenome::imaging
