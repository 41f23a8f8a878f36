#pragma once

#include <adgenome/core/random.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace adgenome::scoring {

/// Composites as ln(c / c_max) over the admissible candidates; minus infinity for the others and
/// for a composite of 0, and 0 for all admissible ones where every composite is 0.
/// `composites` and `is_admissible` have the same length.
std::vector<double> log_ratios(std::span<const double> composites,
                               std::span<const std::uint8_t> is_admissible);

/// p proportional to exp(log_ratio / temperature), then mixed with the uniform distribution over
/// the admissible ones, so that each of M has at least explore_floor / M. Dividing before the
/// exponential keeps small temperatures from underflowing: the best one always has weight 1.
std::vector<double> probabilities(std::vector<double> log_ratios,
                                  std::span<const std::uint8_t> is_admissible, double temperature,
                                  double explore_floor);

/// The exponential of the entropy of p: how many templates there are in effect.
double effective_number(std::span<const double> p);

/// The temperature in [0.01, 10] at which the effective number is `target`, by bisection; the
/// nearer end where no temperature reaches it.
double solve_temperature(std::span<const double> log_ratios,
                         std::span<const std::uint8_t> is_admissible, double explore_floor,
                         double target);

struct Draw {
  std::size_t index;
  double propensity;        ///< p before the first draw
  double draw_probability;  ///< p among those that could still be drawn
};

/// The candidates that may not be drawn any more after this one was.
using PassedOver = std::function<std::vector<std::size_t>(std::size_t drawn)>;

/// Draws `count` without replacement, one after the other with the remaining p renormalised
/// (successive sampling, exactly): O(n + count log n). Fewer come back where no more have a
/// p above 0. Takes one uniform number a draw.
std::vector<Draw> draw_without_replacement(std::span<const double> p, std::size_t count,
                                           core::RandomStream& random,
                                           const PassedOver& passed_over = {});

}  // namespace adgenome::scoring
