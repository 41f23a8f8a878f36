#include <adgenome/stats/distributions.hpp>
#include <adgenome/stats/sequential.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace adgenome::stats {
namespace {

double density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
}

/// Where a sum that has not crossed any boundary stands, as values of its density on an even grid
/// over its continuation region (Armitage, McPherson and Rowe 1969).
class Continuing {
 public:
  /// The sum is a standard normal of variance `share` at the first look.
  Continuing(double share, double edge) : share_(share), edge_(edge), values_(kPoints) {
    for (std::size_t i = 0; i < kPoints; ++i) {
      values_[i] = density(at(i) / std::sqrt(share)) / std::sqrt(share);
    }
  }

  /// P(no boundary was crossed before, and |sum| at `share` beyond `edge`).
  double beyond(double share, double edge) const {
    const double step = std::sqrt(share - share_);
    return integrate([&](std::size_t i) {
      return values_[i] * (normal_sf((edge - at(i)) / step) + normal_sf((edge + at(i)) / step));
    });
  }

  Continuing next(double share, double edge) const {
    const double step = std::sqrt(share - share_);
    Continuing later(share, edge);
    for (std::size_t k = 0; k < kPoints; ++k) {
      later.values_[k] = integrate(
          [&](std::size_t i) { return values_[i] * density((later.at(k) - at(i)) / step) / step; });
    }
    return later;
  }

 private:
  static constexpr std::size_t kPoints = 401;

  double at(std::size_t i) const {
    return edge_ * (2 * static_cast<double>(i) / static_cast<double>(kPoints - 1) - 1);
  }

  /// Simpson's rule.
  template <class Values>
  double integrate(Values values) const {
    double sum = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const double weight = i == 0 || i == kPoints - 1 ? 1 : (i % 2 == 1 ? 4 : 2);
      sum += weight * values(i);
    }
    return sum * 2 * edge_ / static_cast<double>(kPoints - 1) / 3;
  }

  double share_;
  double edge_;
  std::vector<double> values_;
};

}  // namespace

double mixture_log_lambda(double d, double variance, double tau2) {
  // Ratios alone, so that no product leaves the range of doubles.
  const double deviations = d / std::sqrt(variance);
  return 0.5 * (deviations * deviations * (tau2 / (variance + tau2)) - std::log1p(tau2 / variance));
}

double one_sided_mixture_log_lambda(double d, double variance, double tau2) {
  const double z = d / std::sqrt(variance) * std::sqrt(tau2 / (variance + tau2));
  return mixture_log_lambda(d, variance, tau2) + std::log(2.0) + normal_log_sf(-z);
}

double mixture_factor(double alpha) {
  // x - ln(1 + x) = -2 ln(alpha) is the same equation, and grows with x.
  const double wanted = -2 * std::log(alpha);
  double x = wanted + 1;
  for (int i = 0; i < 50; ++i) x -= (x - std::log1p(x) - wanted) * (1 + x) / x;
  return x;
}

std::vector<double> obrien_fleming_levels(double alpha, std::span<const double> shares) {
  const double z = -normal_quantile(alpha / 2);
  const auto spent = [&](double share) { return normal_two_sided(z / std::sqrt(share)); };
  std::vector<double> levels{spent(shares.front())};
  Continuing now(shares.front(), z);  // z / sqrt(share) in units of the sum
  for (std::size_t look = 1; look < shares.size(); ++look) {
    const double to_spend = spent(shares[look]) - spent(shares[look - 1]);
    double low = 0;
    double high = 10;
    for (int step = 0; step < 60; ++step) {
      const double middle = (low + high) / 2;
      (now.beyond(shares[look], middle) > to_spend ? low : high) = middle;
    }
    levels.push_back(normal_two_sided(low / std::sqrt(shares[look])));
    if (look + 1 < shares.size()) now = now.next(shares[look], low);
  }
  return levels;
}

}  // namespace adgenome::stats
