#pragma once

namespace adgenome::stats {

/// A range of plausible values.
struct Interval {
  double lower = 0;
  double upper = 0;
};

// Upper tails are computed as such, never as 1 - cdf, so that small probabilities keep their
// digits. Quantiles take a probability in (0, 1).

double normal_cdf(double x);
double normal_sf(double x);
/// The natural logarithm of normal_sf, finite for every finite x.
double normal_log_sf(double x);
double normal_quantile(double p);
/// Two-sided probability of a standard normal at or beyond |z|, at most 1.
double normal_two_sided(double z);

double student_t_sf(double t, double df);
double student_t_quantile(double p, double df);
/// Two-sided probability of a t at or beyond |t|.
double student_t_two_sided(double t, double df);

double chi_squared_sf(double x, double df);

/// The regularised incomplete beta function and its complement, `a` and `b` above 0.
double beta_cdf(double x, double a, double b);
double beta_sf(double x, double a, double b);
double beta_quantile(double p, double a, double b);
double beta_density(double x, double a, double b);

}  // namespace adgenome::stats
