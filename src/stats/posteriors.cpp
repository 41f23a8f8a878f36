#include <adgenome/stats/posteriors.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "compensated.hpp"
#include "density.hpp"
#include "quadrature.hpp"

namespace adgenome::stats {
namespace {

constexpr std::size_t kNodes = PanelRule::kNodes;
using NodeValues = std::array<double, kNodes>;

/// Density and distribution function of one arm at the nodes of the panel at hand.
struct ArmOnPanel {
  NodeValues density{};
  NodeValues below{};    ///< P(arm <= node)
  double before = 0;     ///< P(arm <= start of the panel)
  bool is_past = false;  ///< the panel lies above all of the arm
};

/// Walks the arms' common grid: no panel is wider than any arm that lives on it allows, and none
/// crosses an end of an arm.
class SharedGrid {
 public:
  SharedGrid(std::vector<Density> densities, const PanelRule& rule)
      : densities_(std::move(densities)), rule_(rule), arms_(densities_.size()) {
    start_ = std::numeric_limits<double>::max();
    end_ = std::numeric_limits<double>::lowest();
    for (const Density& density : densities_) {
      start_ = std::min(start_, density.lower());
      end_ = std::max(end_, density.upper());
    }
  }

  /// Calls `visit(weights, arms)` for every panel; the weights are those of its nodes.
  template <class Visit>
  void for_each_panel(Visit visit) {
    for (double left = start_; left < end_;) {
      const double right = panel_end(left);
      if (!(right > left)) break;
      const double half = (right - left) / 2;
      const double middle = left + half;
      for (std::size_t i = 0; i < arms_.size(); ++i) put_on_panel(i, left, middle, half);
      NodeValues weights;
      for (std::size_t k = 0; k < kNodes; ++k) weights[k] = rule_.weights[k] * half;
      visit(weights, arms_);
      left = right;
    }
  }

 private:
  double panel_end(double left) const {
    double right = end_;
    double width = std::numeric_limits<double>::max();
    for (const Density& density : densities_) {
      if (density.lower() > left) {
        right = std::min(right, density.lower());
      } else if (density.upper() > left) {
        right = std::min(right, density.upper());
        width = std::min(width, density.panel_width());
      }
    }
    // What is left goes in equal parts, so that no sliver remains.
    const double parts = std::ceil((right - left) / width);
    return parts > 1 ? left + (right - left) / parts : right;
  }

  void put_on_panel(std::size_t i, double left, double middle, double half) {
    ArmOnPanel& arm = arms_[i];
    const Density& density = densities_[i];
    if (density.lower() > left) return;  // density and distribution function are still 0
    if (density.upper() <= left) {
      if (!arm.is_past) {
        arm.is_past = true;
        arm.density.fill(0);
        arm.below.fill(1);
      }
      return;
    }
    for (std::size_t k = 0; k < kNodes; ++k) {
      arm.density[k] = density.at(middle + half * rule_.nodes[k]);
    }
    double whole = 0;
    for (std::size_t k = 0; k < kNodes; ++k) {
      double running = 0;
      for (std::size_t j = 0; j < kNodes; ++j) running += rule_.running[k][j] * arm.density[j];
      arm.below[k] = std::clamp(arm.before + half * running, 0.0, 1.0);
      whole += rule_.weights[k] * arm.density[k];
    }
    arm.before += half * whole;
  }

  std::vector<Density> densities_;
  const PanelRule& rule_;
  std::vector<ArmOnPanel> arms_;
  double start_;
  double end_;
};

const PanelRule& panel_rule() {
  static const PanelRule rule = make_panel_rule();
  return rule;
}

/// From where values are counted: from 1 where all are rates of more than one half.
double origin_of(std::span<const Posterior> arms) {
  const bool are_high = std::all_of(arms.begin(), arms.end(), [](const Posterior& arm) {
    return arm.family == Posterior::Family::kBeta && arm.first > arm.second;
  });
  return are_high ? 1 : 0;
}

/// P(a > scale * b).
double probability_above(const Posterior& a, const Posterior& b, double scale) {
  const PanelRule& rule = panel_rule();
  const std::array<Posterior, 2> arms = {a, b};
  const double origin = scale == 1 ? origin_of(arms) : 0;
  SharedGrid grid({Density(a, 1, rule, origin), Density(b, scale, rule, origin)}, rule);
  CompensatedSum above;
  CompensatedSum below;
  grid.for_each_panel([&](const NodeValues& weights, const std::vector<ArmOnPanel>& on_panel) {
    for (std::size_t k = 0; k < kNodes; ++k) {
      above.add(weights[k] * on_panel[0].density[k] * on_panel[1].below[k]);
      below.add(weights[k] * on_panel[1].density[k] * on_panel[0].below[k]);
    }
  });
  // Together they are 1 but for rounding, which is shared out.
  return std::clamp(above.value() / (above.value() + below.value()), 0.0, 1.0);
}

/// The r with P(variant <= r control) = p: regula falsi on ln r (Illinois: an end that stays
/// counts half).
double ratio_quantile(const Posterior& control, const Posterior& variant, double p) {
  const auto excess = [&](double log_ratio) {
    return 1 - p - probability_above(variant, control, std::exp(log_ratio));
  };
  double low = std::log(variant.first / (variant.first + variant.second)) -
               std::log(control.first / (control.first + control.second));
  double high = low;
  double at_low = excess(low);
  double at_high = at_low;
  for (double step = 0.125; at_low > 0; step *= 2) at_low = excess(low -= step);
  for (double step = 0.125; at_high < 0; step *= 2) at_high = excess(high += step);
  constexpr int kMostSteps = 200;
  constexpr double kNoise = 1e-14;  // of the quadrature
  int last_moved = 0;
  for (int step = 0; step < kMostSteps && high - low > 1e-13 * std::max(1.0, std::abs(low));
       ++step) {
    if (at_high == at_low) break;  // both ends are the quantile
    const double middle = low - at_low * (high - low) / (at_high - at_low);
    if (middle <= low || middle >= high) break;
    const double value = excess(middle);
    if (std::abs(value) < kNoise) return std::exp(middle);
    if (value > 0) {
      high = middle;
      at_high = value;
      if (last_moved == 1) at_low /= 2;
      last_moved = 1;
    } else {
      low = middle;
      at_low = value;
      if (last_moved == -1) at_high /= 2;
      last_moved = -1;
    }
  }
  return std::exp(std::abs(at_low) < std::abs(at_high) ? low : high);
}

}  // namespace

double probability_greater(const Posterior& a, const Posterior& b) {
  return probability_above(a, b, 1);
}

BestArm best_arm(std::span<const Posterior> arms) {
  const PanelRule& rule = panel_rule();
  const std::size_t count = arms.size();
  std::vector<Density> densities;
  densities.reserve(count);
  const double origin = origin_of(arms);
  for (const Posterior& arm : arms) densities.emplace_back(arm, 1, rule, origin);
  std::vector<CompensatedSum> best(count);
  std::vector<CompensatedSum> loss(count);
  // others[i] is the probability that all arms but i are below the node: the product before i
  // times the product behind it.
  std::vector<double> others(count);
  SharedGrid grid(std::move(densities), rule);
  grid.for_each_panel([&](const NodeValues& weights, const std::vector<ArmOnPanel>& on_panel) {
    for (std::size_t k = 0; k < kNodes; ++k) {
      double product = 1;
      for (std::size_t i = 0; i < count; ++i) {
        others[i] = product;
        product *= on_panel[i].below[k];
      }
      product = 1;
      for (std::size_t i = count; i > 0; --i) {
        others[i - 1] *= product;
        product *= on_panel[i - 1].below[k];
      }
      for (std::size_t i = 0; i < count; ++i) {
        best[i].add(weights[k] * on_panel[i].density[k] * others[i]);
        loss[i].add(weights[k] * on_panel[i].below[k] * (1 - others[i]));
      }
    }
  });
  BestArm result;
  // What rounding leaves of a sum of 1 is shared out.
  CompensatedSum total;
  for (const CompensatedSum& each : best) total.add(each.value());
  for (std::size_t i = 0; i < count; ++i) {
    result.p_best.push_back(std::clamp(best[i].value() / total.value(), 0.0, 1.0));
    result.expected_loss.push_back(std::max(0.0, loss[i].value()));
  }
  return result;
}

std::optional<Interval> lift_interval(const Posterior& control, const Posterior& variant,
                                      double mass) {
  const double tail = (1 - mass) / 2;
  if (control.family == Posterior::Family::kBeta) {
    return Interval{.lower = ratio_quantile(control, variant, tail) - 1,
                    .upper = ratio_quantile(control, variant, 1 - tail) - 1};
  }
  // (m_v - r m_c)^2 = z^2 (s_v^2 + r^2 s_c^2), solved for the ratio r.
  constexpr double kLeastDeviations = 6;
  if (control.first < kLeastDeviations * control.second) return std::nullopt;
  const double z = -normal_quantile(tail);
  const double relative = z * control.second / control.first;
  const double g = relative * relative;
  const double ratio = variant.first / control.first;
  const double spread = z * variant.second / control.first;
  const double half = std::sqrt((1 - g) * spread * spread + g * ratio * ratio);
  return Interval{.lower = (ratio - half) / (1 - g) - 1, .upper = (ratio + half) / (1 - g) - 1};
}

}  // namespace adgenome::stats
