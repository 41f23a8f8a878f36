#pragma once

#include <adgenome/stats/posteriors.hpp>

#include "quadrature.hpp"

namespace adgenome::stats {

/// A posterior made ready for quadrature: where it lives, how finely it has to be looked at, and
/// a density that is 1 at its mode before it is divided by `total`.
class Density {
 public:
  /// Of `scale` times the variable, `scale` above 0, less `origin`. A rate near 1 keeps its digits
  /// with an origin of 1, which goes with a scale of 1 and beta posteriors only.
  Density(const Posterior& posterior, double scale, const PanelRule& rule, double origin = 0);

  double lower() const { return lower_; }  ///< below and above it is less than 1e-19 of the mode
  double upper() const { return upper_; }
  double panel_width() const { return panel_width_; }
  double at(double x) const;

 private:
  double log_kernel(double x) const;

  bool is_beta_;
  double scale_;
  double origin_;
  double first_;             ///< alpha - 1, or the mean
  double second_;            ///< beta - 1, or 1 / standard deviation
  double mode_;              ///< less the origin
  double mode_above_0_ = 0;  ///< of a rate
  double mode_below_1_ = 0;
  double lower_;
  double upper_;
  double panel_width_;
  double inverse_total_ = 1;
};

}  // namespace adgenome::stats
