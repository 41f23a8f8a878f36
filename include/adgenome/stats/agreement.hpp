#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>

namespace adgenome::stats {

/// How two judges decided the same cases, each yes or no; counts, or weights.
struct Judgements {
  double both_yes = 0;
  double only_first = 0;   ///< the first said yes, the second no
  double only_second = 0;  ///< the other way round
  double both_no = 0;

  double total() const { return both_yes + only_first + only_second + both_no; }
};

/// Agreement beyond chance: 1 is perfect, 0 is what chance gives.
struct Kappa {
  double kappa = 0;
  double standard_error = 0;
  Interval interval;
};

/// Cohen's kappa (1960) with the asymptotic interval of Fleiss, Cohen and Everitt (1969), kept
/// within -1 to 1. Nothing where chance alone would agree always: there is none, or each judge
/// always says the same.
std::optional<Kappa> cohen_kappa(const Judgements& judgements, double confidence);

}  // namespace adgenome::stats
