#include "additive_model.hpp"

namespace adgenome::learning {
namespace {

constexpr double kPenalty = 1;
constexpr double kTolerance = 1e-20;  // of squared lengths
constexpr int kMostSteps = 500;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

AdditiveModel::AdditiveModel(std::span<const RewardCell> cells, std::size_t elements)
    : cells_(cells), coefficients_(elements + 1) {}

double AdditiveModel::predict(const RewardCell& cell) const {
  double reward = coefficients_.back();
  for (const std::uint32_t element : cell.elements) reward += coefficients_[element];
  return reward;
}

void AdditiveModel::multiply(std::span<const double> run_weights, const std::vector<double>& vector,
                             std::vector<double>& product) const {
  for (std::size_t i = 0; i + 1 < vector.size(); ++i) product[i] = kPenalty * vector[i];
  product.back() = 0;
  for (const RewardCell& cell : cells_) {
    const double weight = run_weights[cell.run] * cell.weight;
    if (weight == 0) continue;
    double value = vector.back();
    for (const std::uint32_t element : cell.elements) value += vector[element];
    value *= weight;
    product.back() += value;
    for (const std::uint32_t element : cell.elements) product[element] += value;
  }
}

void AdditiveModel::fit(std::span<const double> run_weights) {
  const std::size_t n = coefficients_.size();
  std::vector<double> right(n);
  std::vector<double> diagonal(n, kPenalty);
  diagonal.back() = 0;
  for (const RewardCell& cell : cells_) {
    const double weight = run_weights[cell.run] * cell.weight;
    const double reward = run_weights[cell.run] * cell.reward;
    right.back() += reward;
    diagonal.back() += weight;
    for (const std::uint32_t element : cell.elements) {
      right[element] += reward;
      diagonal[element] += weight;
    }
  }
  if (!(diagonal.back() > 0)) return;
  std::vector<double> product(n);
  multiply(run_weights, coefficients_, product);
  std::vector<double> residual(n);
  std::vector<double> step(n);
  std::vector<double> scaled(n);
  for (std::size_t i = 0; i < n; ++i) {
    residual[i] = right[i] - product[i];
    scaled[i] = step[i] = residual[i] / diagonal[i];
  }
  double length = dot(residual, scaled);
  const double enough = kTolerance * dot(right, right);
  for (int i = 0; i < kMostSteps && dot(residual, residual) > enough; ++i) {
    multiply(run_weights, step, product);
    const double size = length / dot(step, product);
    for (std::size_t j = 0; j < n; ++j) {
      coefficients_[j] += size * step[j];
      residual[j] -= size * product[j];
      scaled[j] = residual[j] / diagonal[j];
    }
    const double next = dot(residual, scaled);
    const double turn = next / length;
    length = next;
    for (std::size_t j = 0; j < n; ++j) step[j] = scaled[j] + turn * step[j];
  }
}

}  // namespace adgenome::learning
