#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

namespace adgenome::stats {
namespace {

namespace bm = boost::math;

// Doubles all the way (the wider type differs between machines), and an underflow is a zero.
using Policy = bm::policies::policy<bm::policies::promote_double<false>,
                                    bm::policies::overflow_error<bm::policies::ignore_error>>;
constexpr Policy kPolicy;

}  // namespace

double normal_cdf(double x) {
  return normal_sf(-x);
}

double normal_sf(double x) {
  return 0.5 * bm::erfc(x / std::numbers::sqrt2, kPolicy);
}

double normal_log_sf(double x) {
  if (x < 0) return std::log1p(-normal_sf(-x));
  if (x < 15) return std::log(normal_sf(x));
  // Abramowitz and Stegun 26.2.12: phi(x) / x (1 - 1/x^2 + 3/x^4 - 15/x^6 + ...); from 15 on ten
  // terms leave an error below 1e-16.
  const double inverse_square = 1 / (x * x);
  double series = 0;
  for (int k = 10; k >= 1; --k) series = -(2 * k - 1) * inverse_square * (1 + series);
  return -0.5 * x * x - std::log(x) - 0.5 * std::log(2 * std::numbers::pi) + std::log1p(series);
}

double normal_quantile(double p) {
  return -std::numbers::sqrt2 * bm::erfc_inv(2 * p, kPolicy);
}

double normal_two_sided(double z) {
  return std::min(1.0, 2 * normal_sf(std::abs(z)));
}

double student_t_two_sided(double t, double df) {
  // Both forms of the same integral; each is the accurate one on its side.
  const double t2 = t * t;
  if (!std::isfinite(t2)) return 0;
  return t2 < df ? bm::ibetac(0.5, df / 2, t2 / (df + t2), kPolicy)
                 : bm::ibeta(df / 2, 0.5, df / (df + t2), kPolicy);
}

double student_t_sf(double t, double df) {
  const double tail = 0.5 * student_t_two_sided(t, df);
  return t >= 0 ? tail : 1 - tail;
}

double student_t_quantile(double p, double df) {
  if (p == 0.5) return 0;
  const double tail = 2 * std::min(p, 1 - p);
  double complement = 0;
  const double x = bm::ibeta_inv(df / 2, 0.5, tail, &complement, kPolicy);
  double t = std::sqrt(df * complement / x);
  // Boost stops at half of the digits; one step of Newton's method brings the others.
  const double density = std::exp(-0.5 * (df + 1) * std::log1p(t * t / df)) /
                         (std::sqrt(df) * bm::beta(df / 2, 0.5, kPolicy));
  t += (student_t_two_sided(t, df) - tail) / (2 * density);
  return p < 0.5 ? -t : t;
}

double chi_squared_sf(double x, double df) {
  return x <= 0 ? 1 : bm::gamma_q(df / 2, x / 2, kPolicy);
}

double beta_cdf(double x, double a, double b) {
  return bm::ibeta(a, b, x, kPolicy);
}

double beta_sf(double x, double a, double b) {
  return bm::ibetac(a, b, x, kPolicy);
}

double beta_density(double x, double a, double b) {
  return bm::ibeta_derivative(a, b, x, kPolicy);
}

double beta_quantile(double p, double a, double b) {
  const double x = bm::ibeta_inv(a, b, p, kPolicy);
  const double density = bm::ibeta_derivative(a, b, x, kPolicy);
  return density > 0 ? x - (bm::ibeta(a, b, x, kPolicy) - p) / density : x;
}

}  // namespace adgenome::stats
