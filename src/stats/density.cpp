#include "density.hpp"

#include <algorithm>
#include <cmath>

namespace adgenome::stats {
namespace {

constexpr double kLogNegligible = -44;  // e^-44 is 8e-20
// In standard deviations: the polynomial of degree 15 through a panel's nodes is then within
// 1e-13 of a normal density.
constexpr double kPanelDeviations = 1.5;

/// log(1 + u) - u without cancellation around 0.
double log1p_less(double u) {
  if (std::abs(u) > 0.01) return std::log1p(u) - u;
  // -u^2/2 + u^3/3 - ... to u^9
  const double tail =
      u * (1.0 / 3 -
           u * (1.0 / 4 - u * (1.0 / 5 - u * (1.0 / 6 - u * (1.0 / 7 - u * (1.0 / 8 - u / 9))))));
  return u * u * (tail - 0.5);
}

/// Where a falling function crosses `level` between a point above and one below it; the side
/// below is returned.
template <class Function>
double crossing(Function f, double above, double below, double level) {
  if (f(below) >= level) return below;
  for (int step = 0; step < 40; ++step) {
    const double middle = above + (below - above) / 2;
    (f(middle) >= level ? above : below) = middle;
  }
  return below;
}

}  // namespace

double Density::log_kernel(double x) const {
  if (!is_beta_) {
    const double z = (x - first_) * second_;
    return -0.5 * z * z;
  }
  const bool is_from_1 = origin_ == 1;
  if (first_ == 0 && second_ == 0) return 0;
  if (first_ == 0) {
    if (x >= 1 - origin_) return -1e300;
    return second_ * (is_from_1 ? std::log(-x) : std::log1p(-x));
  }
  if (second_ == 0) {
    if (x <= -origin_) return -1e300;
    return first_ * (is_from_1 ? std::log1p(x) : std::log(x));
  }
  if (x <= -origin_ || x >= 1 - origin_) return -1e300;
  // Around the mode the linear terms of both logarithms cancel; they are left out.
  const double away = x - mode_;
  return first_ * log1p_less(away / mode_above_0_) + second_ * log1p_less(-away / mode_below_1_);
}

double Density::at(double x) const {
  if (x < lower_ || x > upper_) return 0;
  return std::exp(log_kernel(x / scale_)) * inverse_total_;
}

Density::Density(const Posterior& posterior, double scale, const PanelRule& rule, double origin)
    : is_beta_(posterior.family == Posterior::Family::kBeta),
      scale_(scale),
      origin_(origin),
      first_(is_beta_ ? posterior.first - 1 : posterior.first),
      second_(is_beta_ ? posterior.second - 1 : 1 / posterior.second) {
  double deviation = 0;
  const auto kernel = [this](double x) { return log_kernel(x); };
  if (is_beta_) {
    const double a = posterior.first;
    const double b = posterior.second;
    const double sum = first_ + second_;
    mode_above_0_ = sum == 0 ? 0.5 : first_ / sum;
    mode_below_1_ = sum == 0 ? 0.5 : second_ / sum;
    mode_ = origin == 1 ? -mode_below_1_ : mode_above_0_;
    deviation = std::sqrt(a * b / (a + b + 1)) / (a + b);
    lower_ = crossing(kernel, mode_, -origin, kLogNegligible);
    upper_ = crossing(kernel, mode_, 1 - origin, kLogNegligible);
  } else {
    mode_ = posterior.first;
    deviation = posterior.second;
    const double reach = std::sqrt(-2 * kLogNegligible) * deviation;
    lower_ = mode_ - reach;
    upper_ = mode_ + reach;
  }
  lower_ *= scale;
  upper_ *= scale;
  const double panels = std::ceil((upper_ - lower_) / (kPanelDeviations * deviation * scale));
  panel_width_ = (upper_ - lower_) / panels;

  double total = 0;
  for (double panel = 0; panel < panels; ++panel) {
    const double middle = lower_ + (panel + 0.5) * panel_width_;
    for (std::size_t k = 0; k < PanelRule::kNodes; ++k) {
      total += rule.weights[k] * at(middle + 0.5 * panel_width_ * rule.nodes[k]);
    }
  }
  inverse_total_ = 2 / (total * panel_width_);
}

}  // namespace adgenome::stats
