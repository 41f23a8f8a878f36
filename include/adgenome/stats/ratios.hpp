#pragma once

#include <adgenome/stats/proportions.hpp>
#include <optional>
#include <span>

namespace adgenome::stats {

/// Whether a variant is at least `margin` times as good as its control, one-sided.
struct NonInferiority {
  double ratio = 0;                  ///< variant over control
  std::optional<Interval> interval;  ///< both limits one-sided; a limit may be missing for means
  double p_value = 1;
};

/// Of two rates, by ln of their ratio +- z sqrt((1 - p_v) / s_v + (1 - p_c) / s_c), with half a
/// success and half a failure more in both arms where one has no success or no failure at all.
NonInferiority non_inferior_rate(Successes control, Successes variant, double margin,
                                 double confidence);

/// A mean, its standard error above 0, and how many degrees of freedom that has.
struct MeanError {
  double mean = 0;
  double error = 0;
  double df = 0;
};

/// Of two means by Fieller (1954) with Student's t (Welch's degrees); nothing where the control's
/// mean is not above 0 or neither arm varies. The interval is absent where the control's mean is
/// not clearly above 0, the test stands all the same.
std::optional<NonInferiority> non_inferior_mean(const MeanError& control, const MeanError& variant,
                                                double margin, double confidence);

/// Variances of effects around their common mean, by Paule and Mandel (1982): the tau2 at which
/// the weighted squares are as large as expected; 0 where they scatter no more than their errors.
double paule_mandel(std::span<const double> effects, std::span<const double> variances);

/// The mean of effects that differ by themselves (random effects): weights 1 / (v + tau2) with
/// Paule and Mandel's tau2, error and Student's t by Hartung and Knapp (2001).
struct RandomEffects {
  double mean = 0;
  double error = 0;
  double df = 0;
  double tau2 = 0;
  double t = 0;
  double p_value = 1;
  Interval interval;
};

/// Two effects at least, variances above 0.
RandomEffects random_effects(std::span<const double> effects, std::span<const double> variances,
                             double confidence);

}  // namespace adgenome::stats
