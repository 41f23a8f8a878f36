#include <adgenome/creative/color_difference.hpp>
#include <cmath>
#include <numbers>

namespace adgenome::creative {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

double linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double lab_root(double t) {
  constexpr double kEpsilon = 216.0 / 24389;
  constexpr double kKappa = 24389.0 / 27;
  return t > kEpsilon ? std::cbrt(t) : (kKappa * t + 16) / 116;
}

double hue_of(double a, double b) {
  if (a == 0 && b == 0) return 0;
  const double degrees = std::atan2(b, a) / kDegree;
  return degrees < 0 ? degrees + 360 : degrees;
}

double pow7(double value) {
  return std::pow(value, 7);
}

}  // namespace

Cielab to_cielab(Rgb color) {
  // IEC 61966-2-1 primaries; white point D65 of the same matrix.
  const double r = linear(color.red);
  const double g = linear(color.green);
  const double b = linear(color.blue);
  const double x = lab_root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.9504700);
  const double y = lab_root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  const double z = lab_root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.0888300);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double ciede2000(Cielab one, Cielab other) {
  // Names follow the paper, equations (2) to (22).
  const double mean_c = (std::hypot(one.a, one.b) + std::hypot(other.a, other.b)) / 2;
  const double g = 0.5 * (1 - std::sqrt(pow7(mean_c) / (pow7(mean_c) + pow7(25))));
  const double a1 = (1 + g) * one.a;
  const double a2 = (1 + g) * other.a;
  const double c1 = std::hypot(a1, one.b);
  const double c2 = std::hypot(a2, other.b);
  const double h1 = hue_of(a1, one.b);
  const double h2 = hue_of(a2, other.b);

  const bool is_grey = c1 * c2 == 0;
  double turn = is_grey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const double delta_l = other.lightness - one.lightness;
  const double delta_c = c2 - c1;
  const double delta_h = 2 * std::sqrt(c1 * c2) * std::sin(turn / 2 * kDegree);

  const double l = (one.lightness + other.lightness) / 2;
  const double c = (c1 + c2) / 2;
  double h = h1 + h2;
  if (!is_grey) {
    if (std::abs(h1 - h2) > 180) h += h < 360 ? 360 : -360;
    h /= 2;
  }
  const double t = 1 - 0.17 * std::cos((h - 30) * kDegree) + 0.24 * std::cos(2 * h * kDegree) +
                   0.32 * std::cos((3 * h + 6) * kDegree) - 0.20 * std::cos((4 * h - 63) * kDegree);
  const double rotation = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double r_c = 2 * std::sqrt(pow7(c) / (pow7(c) + pow7(25)));
  const double s_l = 1 + 0.015 * std::pow(l - 50, 2) / std::sqrt(20 + std::pow(l - 50, 2));
  const double s_c = 1 + 0.045 * c;
  const double s_h = 1 + 0.015 * c * t;
  const double r_t = -std::sin(2 * rotation * kDegree) * r_c;
  const double part_l = delta_l / s_l;
  const double part_c = delta_c / s_c;
  const double part_h = delta_h / s_h;
  return std::sqrt(part_l * part_l + part_c * part_c + part_h * part_h + r_t * part_c * part_h);
}

}  // namespace adgenome::creative
