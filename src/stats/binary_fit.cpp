#include <adgenome/stats/binary_fit.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace adgenome::stats {
namespace {

constexpr int kMostSteps = 100;
constexpr double kMostLogOdds = 500;  // further away the cases are parted: there is no maximum

// Solves a symmetric positive definite system in place (Cholesky); false where it is not one.
bool solve(std::vector<double>& matrix, std::vector<double>& right) {
  const std::size_t n = right.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i * n + k] * matrix[j * n + k];
      if (i == j) {
        if (!(sum > 1e-12)) return false;
        matrix[i * n + i] = std::sqrt(sum);
      } else {
        matrix[i * n + j] = sum / matrix[j * n + j];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= matrix[i * n + k] * right[k];
    right[i] /= matrix[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) right[i] -= matrix[k * n + i] * right[k];
    right[i] /= matrix[i * n + i];
  }
  return true;
}

// ln(1 + e^x) without overflow.
double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// The penalised likelihood of a logistic regression and a Newton step of it.
class Likelihood {
 public:
  Likelihood(std::span<const double> rows, std::size_t columns, std::span<const BinaryCase> cases,
             std::span<const double> offsets, double ridge)
      : rows_(rows), columns_(columns), cases_(cases), offsets_(offsets), ridge_(ridge) {}

  // `parameters` begin with the intercept.
  double log_odds(std::size_t row, const std::vector<double>& parameters) const {
    double sum = parameters[0] + (offsets_.empty() ? 0 : offsets_[row]);
    for (std::size_t j = 0; j < columns_; ++j) {
      sum += parameters[j + 1] * rows_[row * columns_ + j];
    }
    return sum;
  }

  double loss(const std::vector<double>& parameters) const {
    double sum = 0;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const double odds = log_odds(i, parameters);
      sum += cases_[i].weight * (softplus(odds) - (cases_[i].is_yes ? odds : 0));
    }
    for (std::size_t j = 1; j <= columns_; ++j) sum += ridge_ / 2 * parameters[j] * parameters[j];
    return sum;
  }

  // The step towards the maximum; empty where there is none.
  std::vector<double> step(const std::vector<double>& parameters) const {
    const std::size_t n = columns_ + 1;
    std::vector<double> gradient(n, 0);
    std::vector<double> curvature(n * n, 0);
    std::vector<double> x(n, 1);
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      for (std::size_t j = 0; j < columns_; ++j) x[j + 1] = rows_[i * columns_ + j];
      const double p = logistic(log_odds(i, parameters));
      const double slope = cases_[i].weight * ((cases_[i].is_yes ? 1 : 0) - p);
      const double bend = cases_[i].weight * p * (1 - p);
      for (std::size_t j = 0; j < n; ++j) {
        gradient[j] += slope * x[j];
        for (std::size_t k = 0; k <= j; ++k) curvature[j * n + k] += bend * x[j] * x[k];
      }
    }
    for (std::size_t j = 1; j < n; ++j) {
      gradient[j] -= ridge_ * parameters[j];
      curvature[j * n + j] += ridge_;
    }
    if (!solve(curvature, gradient)) return {};
    return gradient;
  }

 private:
  std::span<const double> rows_;
  std::size_t columns_;
  std::span<const BinaryCase> cases_;
  std::span<const double> offsets_;
  double ridge_;
};

bool are_all_alike(std::span<const BinaryCase> cases) {
  return std::all_of(cases.begin(), cases.end(),
                     [&](const BinaryCase& each) { return each.is_yes == cases[0].is_yes; });
}

}  // namespace

double logistic(double log_odds) {
  if (log_odds >= 0) return 1 / (1 + std::exp(-log_odds));
  const double odds = std::exp(log_odds);
  return odds / (1 + odds);
}

double IsotonicFit::at(double value) const {
  const auto above = std::upper_bound(x.begin(), x.end(), value);
  if (above == x.begin()) return y.front();
  if (above == x.end()) return y.back();
  const auto i = static_cast<std::size_t>(above - x.begin());
  const double share = (value - x[i - 1]) / (x[i] - x[i - 1]);
  return y[i - 1] + share * (y[i] - y[i - 1]);
}

IsotonicFit isotonic_fit(std::span<const double> x, std::span<const BinaryCase> cases) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  struct Block {
    double first = 0;
    double last = 0;
    double weight = 0;
    double yes = 0;
    double mean() const { return yes / weight; }
  };
  std::vector<Block> blocks;
  for (const std::size_t i : order) {
    const double yes = cases[i].is_yes ? cases[i].weight : 0;
    if (!blocks.empty() && blocks.back().first == x[i] && blocks.back().last == x[i]) {
      blocks.back().weight += cases[i].weight;
      blocks.back().yes += yes;
    } else {
      blocks.push_back({x[i], x[i], cases[i].weight, yes});
    }
  }
  std::vector<Block> pooled;
  for (const Block& block : blocks) {
    pooled.push_back(block);
    while (pooled.size() > 1 && pooled[pooled.size() - 2].mean() >= pooled.back().mean()) {
      const Block last = pooled.back();
      pooled.pop_back();
      pooled.back().last = last.last;
      pooled.back().weight += last.weight;
      pooled.back().yes += last.yes;
    }
  }
  IsotonicFit fit;
  for (const Block& block : pooled) {
    fit.x.push_back(block.first);
    fit.y.push_back(block.mean());
    if (block.last == block.first) continue;
    fit.x.push_back(block.last);
    fit.y.push_back(block.mean());
  }
  return fit;
}

double LogisticFit::log_odds(std::span<const double> x) const {
  double sum = intercept;
  for (std::size_t j = 0; j < coefficients.size(); ++j) sum += coefficients[j] * x[j];
  return sum;
}

double LogisticFit::at(std::span<const double> x) const {
  return logistic(log_odds(x));
}

std::optional<LogisticFit> logistic_fit(std::span<const double> rows, std::size_t columns,
                                        std::span<const BinaryCase> cases,
                                        std::span<const double> offsets, double ridge) {
  if (cases.empty() || are_all_alike(cases)) return std::nullopt;
  const Likelihood likelihood(rows, columns, cases, offsets, ridge);
  std::vector<double> parameters(columns + 1, 0);
  double loss = likelihood.loss(parameters);
  for (int step = 0; step < kMostSteps; ++step) {
    const std::vector<double> direction = likelihood.step(parameters);
    if (direction.empty()) return std::nullopt;
    double length = 1;
    std::vector<double> next = parameters;
    double next_loss = loss;
    // Half as far until it is no worse: a full step may overshoot far from the maximum.
    for (; length > 1e-10; length /= 2) {
      for (std::size_t j = 0; j < next.size(); ++j) {
        next[j] = parameters[j] + length * direction[j];
      }
      next_loss = likelihood.loss(next);
      if (next_loss <= loss) break;
    }
    double change = 0;
    for (std::size_t j = 0; j < next.size(); ++j) {
      change = std::max(change, std::abs(next[j] - parameters[j]));
    }
    parameters = next;
    loss = next_loss;
    for (const double parameter : parameters) {
      if (!(std::abs(parameter) < kMostLogOdds)) return std::nullopt;
    }
    if (change < 1e-12) break;
  }
  LogisticFit fit;
  fit.intercept = parameters[0];
  fit.coefficients.assign(parameters.begin() + 1, parameters.end());
  return fit;
}

}  // namespace adgenome::stats
