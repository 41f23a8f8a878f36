#pragma once

#include <adgenome/learning/weights.hpp>
#include <adgenome/scoring/pool_log.hpp>
#include <optional>
#include <span>
#include <vector>

namespace adgenome::app {

/// The linear reward model over logged selections, fitted crosswise: what it expects of a
/// selection it learned from the other folds, so that no reward predicts itself.
class LoggedModel {
 public:
  explicit LoggedModel(const learning::StaticWeights& static_weights);

  /// Adds a selection: the row that was drawn first and its reward, and the probability of each row
  /// to be drawn first by the target.
  void add(const scoring::PoolLog& log, std::size_t drawn, std::span<const double> target,
           double reward);

  struct Expected {
    double logged = 0;  ///< of what was drawn
    double target = 0;  ///< of the target over the whole pool
  };
  /// For each selection in the order in which they were added; nothing where too few are known.
  std::vector<std::optional<Expected>> expected() const;

 private:
  struct Selection {
    learning::Snapshot drawn;
    std::vector<double> target;  ///< mean scores that the target draws
  };

  std::vector<std::string> scorers_;
  std::vector<double> given_;
  std::vector<Selection> selections_;
  learning::LinearSums sums_;
};

}  // namespace adgenome::app
