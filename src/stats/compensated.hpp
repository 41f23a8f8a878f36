#pragma once

#include <cmath>

namespace adgenome::stats {

/// A sum that carries its rounding errors along (Neumaier 1974).
class CompensatedSum {
 public:
  void add(double term) {
    const double total = sum_ + term;
    error_ += std::abs(sum_) >= std::abs(term) ? (sum_ - total) + term : (term - total) + sum_;
    sum_ = total;
  }
  double value() const { return sum_ + error_; }

 private:
  double sum_ = 0;
  double error_ = 0;
};

}  // namespace adgenome::stats
