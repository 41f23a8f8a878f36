#include <adgenome/stats/ratios.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "compensated.hpp"

namespace adgenome::stats {
namespace {

double welch_df(double part_c, double df_c, double part_v, double df_v) {
  const double share = part_c / (part_c + part_v);
  return 1 / (share * share / df_c + (1 - share) * (1 - share) / df_v);
}

struct Weighted {
  double mean = 0;
  double squares = 0;  ///< weighted squares around the mean
  double weight = 0;
};

Weighted weigh(std::span<const double> effects, std::span<const double> variances, double tau2) {
  CompensatedSum sum;
  CompensatedSum weight;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    sum.add(effects[i] / (variances[i] + tau2));
    weight.add(1 / (variances[i] + tau2));
  }
  Weighted result{.mean = sum.value() / weight.value(), .squares = 0, .weight = weight.value()};
  CompensatedSum squares;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const double away = effects[i] - result.mean;
    squares.add(away * away / (variances[i] + tau2));
  }
  result.squares = squares.value();
  return result;
}

}  // namespace

NonInferiority non_inferior_rate(Successes control, Successes variant, double margin,
                                 double confidence) {
  auto s_c = static_cast<double>(control.successes);
  auto n_c = static_cast<double>(control.trials);
  auto s_v = static_cast<double>(variant.successes);
  auto n_v = static_cast<double>(variant.trials);
  if (s_c == 0 || s_v == 0 || (s_c == n_c && s_v == n_v)) {
    s_c += 0.5;
    s_v += 0.5;
    n_c += 1;
    n_v += 1;
  }
  const double log_ratio = std::log(s_v / n_v) - std::log(s_c / n_c);
  const double error = std::sqrt((1 - s_v / n_v) / s_v + (1 - s_c / n_c) / s_c);
  const double half = -normal_quantile(1 - confidence) * error;
  return {.ratio = std::exp(log_ratio),
          .interval =
              Interval{.lower = std::exp(log_ratio - half), .upper = std::exp(log_ratio + half)},
          .p_value = normal_sf((log_ratio - std::log(margin)) / error)};
}

std::optional<NonInferiority> non_inferior_mean(const MeanError& control, const MeanError& variant,
                                                double margin, double confidence) {
  const double v_c = control.error * control.error;
  const double v_v = variant.error * variant.error;
  if (!(control.mean > 0) || !(v_c + v_v > 0)) return std::nullopt;
  const double part_c = margin * margin * v_c;
  const double df = welch_df(part_c, control.df, v_v, variant.df);
  NonInferiority result;
  result.ratio = variant.mean / control.mean;
  result.p_value =
      student_t_sf((variant.mean - margin * control.mean) / std::sqrt(part_c + v_v), df);
  const double t = -student_t_quantile(1 - confidence, df);
  const double g = t * t * v_c / (control.mean * control.mean);
  if (g >= 1) return result;
  const double root =
      std::sqrt((1 - g) * v_v + result.ratio * result.ratio * v_c) * t / control.mean;
  result.interval =
      Interval{.lower = (result.ratio - root) / (1 - g), .upper = (result.ratio + root) / (1 - g)};
  return result;
}

double paule_mandel(std::span<const double> effects, std::span<const double> variances) {
  const double wanted = static_cast<double>(effects.size()) - 1;
  const auto squares = [&](double tau2) { return weigh(effects, variances, tau2).squares; };
  if (effects.size() < 2 || squares(0) <= wanted) return 0;
  double low = 0;
  double high = 0;
  for (const double effect : effects) high = std::max(high, effect * effect);
  while (squares(high) > wanted) high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-16 * high; ++step) {
    const double middle = low + (high - low) / 2;
    (squares(middle) > wanted ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

RandomEffects random_effects(std::span<const double> effects, std::span<const double> variances,
                             double confidence) {
  RandomEffects result;
  result.tau2 = paule_mandel(effects, variances);
  const Weighted weighted = weigh(effects, variances, result.tau2);
  result.mean = weighted.mean;
  result.df = static_cast<double>(effects.size()) - 1;
  // Effects that are all equal say nothing of their scatter; their own variances do.
  const double scatter = weighted.squares > 0 ? weighted.squares / result.df : 1;
  result.error = std::sqrt(scatter / weighted.weight);
  result.t = result.mean / result.error;
  result.p_value = student_t_two_sided(result.t, result.df);
  const double half = -student_t_quantile((1 - confidence) / 2, result.df) * result.error;
  result.interval = {.lower = result.mean - half, .upper = result.mean + half};
  return result;
}

}  // namespace adgenome::stats
