#include <adgenome/scoring/draw.hpp>
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace adgenome::scoring {
namespace {

/// Sums of blocks of masses under a binary tree: a mass is found by its place in the cumulative
/// sum, and taken out, in O(log n). A removal adds its block and path up anew rather than
/// subtracting, so what is left keeps its full precision however small it is beside what was drawn.
class MassTree {
 public:
  explicit MassTree(std::span<const double> masses)
      : masses_(masses),
        is_removed_(masses.size()),
        leaves_(std::bit_ceil(masses.size() / kBlock + 1)),
        sums_(2 * leaves_, 0.0) {
    for (std::size_t begin = 0; begin < masses.size(); begin += kBlock) add_block(begin / kBlock);
    for (std::size_t node = leaves_ - 1; node >= 1; --node) add_up(node);
  }

  double total() const { return sums_[1]; }

  /// The index of the mass at `position` of the total; never one that is 0 or removed.
  std::size_t find(double position) const {
    std::size_t node = 1;
    while (node < leaves_) {
      const double left = sums_[2 * node];
      const bool goes_left = sums_[2 * node + 1] == 0 || (left > 0 && position < left);
      if (!goes_left) position -= left;
      node = 2 * node + (goes_left ? 0 : 1);
    }
    std::size_t found = masses_.size();
    for_each_left(node - leaves_, [&](std::size_t index) {
      if (found != masses_.size() && position < 0) return;
      found = index;
      position -= masses_[index];
    });
    return found;
  }

  void remove(std::size_t index) {
    is_removed_[index] = 1;
    add_block(index / kBlock);
    for (std::size_t node = (leaves_ + index / kBlock) / 2; node >= 1; node /= 2) add_up(node);
  }

 private:
  static constexpr std::size_t kBlock = 64;

  void for_each_left(std::size_t block, const auto& visit) const {
    const std::size_t end = std::min((block + 1) * kBlock, masses_.size());
    for (std::size_t i = block * kBlock; i < end; ++i) {
      if (!is_removed_[i] && masses_[i] > 0) visit(i);
    }
  }
  void add_block(std::size_t block) {
    double sum = 0;
    for_each_left(block, [&](std::size_t index) { sum += masses_[index]; });
    sums_[leaves_ + block] = sum;
  }
  void add_up(std::size_t node) { sums_[node] = sums_[2 * node] + sums_[2 * node + 1]; }

  std::span<const double> masses_;
  std::vector<std::uint8_t> is_removed_;
  std::size_t leaves_;
  std::vector<double> sums_;  // of node i below 2i and 2i + 1; the root is 1; leaves are blocks
};

}  // namespace

std::vector<double> log_ratios(std::span<const double> composites,
                               std::span<const std::uint8_t> is_admissible) {
  double largest = 0;
  for (std::size_t i = 0; i < composites.size(); ++i) {
    if (is_admissible[i]) largest = std::max(largest, composites[i]);
  }
  std::vector<double> ratios(composites.size(), -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < composites.size(); ++i) {
    if (is_admissible[i]) ratios[i] = largest > 0 ? std::log(composites[i] / largest) : 0.0;
  }
  return ratios;
}

std::vector<double> probabilities(std::vector<double> log_ratios,
                                  std::span<const std::uint8_t> is_admissible, double temperature,
                                  double explore_floor) {
  std::vector<double> p = std::move(log_ratios);  // in their place: a million take their time
  double total = 0;
  std::size_t admissible = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    p[i] = is_admissible[i] ? std::exp(p[i] / temperature) : 0.0;
    total += p[i];
    admissible += is_admissible[i];
  }
  if (admissible == 0) return p;
  const double share = (1 - explore_floor) / total;
  const double floor = explore_floor / static_cast<double>(admissible);
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (is_admissible[i]) p[i] = p[i] * share + floor;
  }
  return p;
}

double effective_number(std::span<const double> p) {
  double entropy = 0;
  for (const double share : p) {
    if (share > 0) entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

double solve_temperature(std::span<const double> log_ratios,
                         std::span<const std::uint8_t> is_admissible, double explore_floor,
                         double target) {
  const auto effective_at = [&](double temperature) {
    return effective_number(probabilities({log_ratios.begin(), log_ratios.end()}, is_admissible,
                                          temperature, explore_floor));
  };
  // The effective number grows with the temperature.
  double low = 0.01;
  double high = 10;
  if (effective_at(low) >= target) return low;
  if (effective_at(high) <= target) return high;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (effective_at(middle) < target ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<Draw> draw_without_replacement(std::span<const double> p, std::size_t count,
                                           core::RandomStream& random,
                                           const PassedOver& passed_over) {
  std::vector<Draw> draws;
  MassTree tree(p);
  while (draws.size() < count && tree.total() > 0) {
    const double total = tree.total();
    const std::size_t index = tree.find(random.next_uniform() * total);
    draws.push_back({index, p[index], draws.empty() ? p[index] : p[index] / total});
    tree.remove(index);
    if (!passed_over || draws.size() == count) continue;
    for (const std::size_t similar : passed_over(index)) tree.remove(similar);
  }
  return draws;
}

}  // namespace adgenome::scoring
