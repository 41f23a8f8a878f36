#pragma once

#include <adgenome/scoring/pool_log.hpp>
#include <adgenome/store/selection_pools.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy_evaluation.hpp"

namespace adgenome::app {

/// How a policy would have drawn from recorded pools, and what those do not tell of it.
class TargetDrawing {
 public:
  explicit TargetDrawing(const TargetPolicy& target) : target_(target) {}

  /// Probability of each row of a pool to be drawn first. Nothing where the policy asks a program
  /// that did not score this pool, and where nothing of it passes a gate that is never relaxed:
  /// such a selection is left out.
  std::optional<std::vector<double>> probabilities(const scoring::PoolLog& log,
                                                   const store::SelectionPool& stored);

  /// Adds sentences about what the estimate leaves out or takes for granted.
  void warn(std::vector<std::string>& warnings) const;

 private:
  /// The asset score that the policy's own gate asks for; 0 where it has none.
  double own_gate() const;
  /// The rows that pass it. Where none does and the gate may be relaxed, all of them.
  std::vector<std::size_t> admitted(const scoring::PoolLog& log);

  const TargetPolicy& target_;
  // Selections by what became of them.
  std::int64_t pools_ = 0;
  std::int64_t unscored_ = 0;
  std::int64_t nothing_passed_ = 0;
  std::int64_t relaxed_ = 0;
  std::int64_t detection_unknown_ = 0;
  std::int64_t gate_unknown_ = 0;
  std::int64_t stricter_ = 0;
};

}  // namespace adgenome::app
