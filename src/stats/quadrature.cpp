#include "quadrature.hpp"

#include <cmath>
#include <numbers>

namespace adgenome::stats {
namespace {

constexpr std::size_t kNodes = PanelRule::kNodes;

/// Legendre polynomials of degree 0 to kNodes at x.
std::array<double, kNodes + 1> legendre(double x) {
  std::array<double, kNodes + 1> p{1, x};
  for (std::size_t n = 1; n < kNodes; ++n) {
    const auto degree = static_cast<double>(n);
    p[n + 1] = ((2 * degree + 1) * x * p[n] - degree * p[n - 1]) / (degree + 1);
  }
  return p;
}

}  // namespace

PanelRule make_panel_rule() {
  PanelRule rule;
  constexpr auto kDegree = static_cast<double>(kNodes);
  for (std::size_t i = 0; i < kNodes; ++i) {
    double x = -std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (kDegree + 0.5));
    double slope = 0;
    for (int step = 0; step < 8; ++step) {
      const auto p = legendre(x);
      slope = kDegree * (x * p[kNodes] - p[kNodes - 1]) / (x * x - 1);
      x -= p[kNodes] / slope;
    }
    rule.nodes[i] = x;
    rule.weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  // The polynomial through the nodes is sum over n of (n + 1/2) (sum over j of w_j f_j P_n(x_j))
  // P_n, and the integral of P_n from -1 is (P_(n+1) - P_(n-1)) / (2 n + 1).
  for (std::size_t j = 0; j < kNodes; ++j) {
    const auto at_j = legendre(rule.nodes[j]);
    for (std::size_t k = 0; k < kNodes; ++k) {
      const auto at_k = legendre(rule.nodes[k]);
      double sum = at_k[1] + 1;
      for (std::size_t n = 1; n < kNodes; ++n) sum += at_j[n] * (at_k[n + 1] - at_k[n - 1]);
      rule.running[k][j] = 0.5 * rule.weights[j] * sum;
    }
  }
  return rule;
}

}  // namespace adgenome::stats
