#pragma once

#include <adgenome/stats/distributions.hpp>
#include <cstdint>
#include <optional>
#include <vector>

namespace adgenome::stats {

enum class IntervalMethod {
  kBootstrap,           ///< studentised bootstrap (Efron and Tibshirani 1993, ch. 12.5)
  kEmpiricalBernstein,  ///< Maurer and Pontil 2009; for observations of a bounded range
};

/// An estimate; its error is unknown under two observations.
struct Estimate {
  double value = 0;
  std::optional<double> standard_error = {};
  std::optional<Interval> interval = {};  ///< 95 %, contains the value
};

/// The mean of a divided by the mean of b over pairs (a, b) that come one by one; with b = 1
/// everywhere a plain mean. Memory does not grow with their number: neighbouring pairs are added
/// up to at most 4096 blocks, which the bootstrap draws from (up to that number each block is one
/// pair, and the bootstrap the ordinary one).
class RatioMean {
 public:
  void add(double a, double b = 1);
  std::int64_t count() const { return count_; }
  double sum_a() const { return sum_a_; }
  double sum_b() const { return sum_b_; }
  double sum_squared_b() const { return sum_bb_; }

  /// Nothing where there are no pairs, or the b add up to 0. The bootstrap draws from a stream of
  /// its own that is always the same: equal pairs give equal intervals. A limit is
  /// infinite where samples without any spread are likely. `range` is the width of the range of
  /// a - value * b, used by empirical Bernstein.
  std::optional<Estimate> estimate(IntervalMethod method, double range) const;

 private:
  struct Block {
    double a = 0;
    double b = 0;
  };
  Interval bootstrap(double value, double error) const;

  std::vector<Block> blocks_;
  std::int64_t pairs_in_block_ = 1;
  std::int64_t pairs_in_last_ = 1;
  std::int64_t count_ = 0;
  double sum_a_ = 0;
  double sum_b_ = 0;
  double sum_aa_ = 0;
  double sum_ab_ = 0;
  double sum_bb_ = 0;
};

}  // namespace adgenome::stats
