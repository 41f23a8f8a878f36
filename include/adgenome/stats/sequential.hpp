#pragma once

#include <span>
#include <vector>

namespace adgenome::stats {

// Tests that may be looked at continuously: mixtures of likelihood ratios over normal effects
// (Robbins 1970; Howard et al. 2021). d is an estimate of the effect, `variance` that of d.

/// ln of the likelihood ratio of N(0, tau2) effects to none: 1/2 ln(V / (V + tau2)) +
/// tau2 d^2 / (2 V (V + tau2)). Its exponential is an e-value for "no effect".
double mixture_log_lambda(double d, double variance, double tau2);

/// The same with effects above 0 alone (half-normal): an e-value for "no effect or a worse one".
double one_sided_mixture_log_lambda(double d, double variance, double tau2);

/// tau2 over the planned variance at which the test at `alpha` is the sharpest:
/// -W_{-1}(-alpha^2 / e) - 1.
double mixture_factor(double alpha);

/// Two-sided nominal levels of looks at these shares of the information (ascending, the last one
/// 1): the error that may be spent by each is 2 - 2 Phi(z_(alpha/2) / sqrt(share)), as O'Brien and
/// Fleming's boundaries do (Lan and DeMets 1983).
std::vector<double> obrien_fleming_levels(double alpha, std::span<const double> shares);

}  // namespace adgenome::stats
