#include <adgenome/stats/distributions.hpp>
#include <adgenome/stats/sequential.hpp>
#include <cmath>

namespace adgenome::stats {

double mixture_log_lambda(double d, double variance, double tau2) {
  return 0.5 * std::log(variance / (variance + tau2)) +
         tau2 * d * d / (2 * variance * (variance + tau2));
}

double one_sided_mixture_log_lambda(double d, double variance, double tau2) {
  const double z = d * std::sqrt(tau2 / (variance * (variance + tau2)));
  return mixture_log_lambda(d, variance, tau2) + std::log(2.0) + normal_log_sf(-z);
}

double mixture_factor(double alpha) {
  // x - ln(1 + x) = -2 ln(alpha) is the same equation, and grows with x.
  const double wanted = -2 * std::log(alpha);
  double x = wanted + 1;
  for (int i = 0; i < 50; ++i) x -= (x - std::log1p(x) - wanted) * (1 + x) / x;
  return x;
}

}  // namespace adgenome::stats
