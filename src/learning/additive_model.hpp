#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace adgenome::learning {

/// Rewards of ads of one run with the same elements, summed.
struct RewardCell {
  std::vector<std::uint32_t> elements;
  std::size_t run = 0;
  double weight = 0;
  double reward = 0;  ///< weighted sum
};

/// Reward as a constant plus what each element adds, by ridge regression with penalty 1 on the
/// elements: preconditioned conjugate gradients on the normal equations, which are never written
/// down. Begins where the last fit ended.
class AdditiveModel {
 public:
  AdditiveModel(std::span<const RewardCell> cells, std::size_t elements);

  /// `run_weights` by run.
  void fit(std::span<const double> run_weights);
  double predict(const RewardCell& cell) const;

 private:
  void multiply(std::span<const double> run_weights, const std::vector<double>& vector,
                std::vector<double>& product) const;

  std::span<const RewardCell> cells_;
  std::vector<double> coefficients_;  ///< the constant last
};

}  // namespace adgenome::learning
