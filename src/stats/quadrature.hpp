#pragma once

#include <array>
#include <cstddef>

namespace adgenome::stats {

/// Gauss-Legendre on [-1, 1], exact up to degree 31, and the running integral of the polynomial
/// through the nodes, so that a distribution function comes from the same values as its density.
struct PanelRule {
  static constexpr std::size_t kNodes = 16;

  std::array<double, kNodes> nodes{};
  std::array<double, kNodes> weights{};
  /// integral from -1 to nodes[k] = sum over j of running[k][j] f(nodes[j])
  std::array<std::array<double, kNodes>, kNodes> running{};
};

PanelRule make_panel_rule();

}  // namespace adgenome::stats
