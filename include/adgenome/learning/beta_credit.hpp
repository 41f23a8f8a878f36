#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::learning {

/// A selection item whose reward is known. `weights_used` and `scores` are parallel: first the
/// learned scorers in the learner's order, then others that took part in the selection.
struct Snapshot {
  std::vector<double> weights_used;
  std::vector<double> scores;
  double reward = 0;  ///< in [0, 1]
  double weight = 1;  ///< what the reward counts; above 0
};

/// What is believed of one scorer under method `beta`, from Beta(1, 1) on.
struct BetaPosterior {
  double alpha = 1;
  double beta = 1;
  std::int64_t observations = 0;  ///< snapshots that credited it

  double mean() const { return alpha / (alpha + beta); }
};

/// Whether a snapshot is learned, or taken back because its reward has changed since.
enum class Fold { kAdd, kRemove };

/// Credit by contribution (the classic rule): the scorers' contributions are their shares of the
/// composite; those from the upper median on get full credit, the others 0.3; to alpha where the
/// reward is one half or more, else to beta. `posteriors` are the leading scorers of the snapshot.
///
/// False, and nothing changes, where all contributions are 0.
bool credit_by_contribution(std::span<BetaPosterior> posteriors, const Snapshot& snapshot,
                            Fold fold = Fold::kAdd);

}  // namespace adgenome::learning
