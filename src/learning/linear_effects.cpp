#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <adgenome/learning/linear_effects.hpp>
#include <adgenome/stats/distributions.hpp>
#include <algorithm>
#include <cmath>

namespace adgenome::learning {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kTaus[] = {0.01, 0.03, 0.1, 0.3};
constexpr double kKappas[] = {0.0, 0.05, 0.1, 0.2};
constexpr double kLeastVariance = 0.02;
constexpr double kWeightFloor = 0.1;
constexpr double kTail = 0.025;

/// Moments about the means: sum (x - mean)(x - mean)' and its like.
struct Centred {
  MatrixXd xx;
  VectorXd xy;
  double yy = 0;
};

Centred centre(const LinearSums& sums) {
  const auto k = static_cast<Index>(sums.x.size());
  Centred centred{.xx = MatrixXd(k, k), .xy = VectorXd(k)};
  for (Index i = 0; i < k; ++i) {
    const auto a = static_cast<std::size_t>(i);
    for (Index j = 0; j < k; ++j) {
      const auto b = static_cast<std::size_t>(j);
      centred.xx(i, j) = sums.product(a, b) - sums.x[a] * sums.x[b] / sums.n;
    }
    centred.xy(i) = sums.xy[a] - sums.x[a] * sums.y / sums.n;
  }
  centred.yy = std::max(0.0, sums.yy - sums.y * sums.y / sums.n);
  return centred;
}

/// A normal distribution that counts by its weight.
struct Normal {
  double weight;
  double mean;
  double deviation;
};

double mixture_cdf(std::span<const Normal> mixture, double value) {
  double sum = 0;
  for (const Normal& each : mixture) {
    sum += each.weight * stats::normal_cdf((value - each.mean) / each.deviation);
  }
  return sum;
}

/// The value under which the mixture has probability p.
double mixture_quantile(std::span<const Normal> mixture, double p) {
  double low = mixture.front().mean;
  double high = low;
  for (const Normal& each : mixture) {
    low = std::min(low, each.mean - 9 * each.deviation);
    high = std::max(high, each.mean + 9 * each.deviation);
  }
  // Bisection down to neighbouring doubles: monotone and without a failure case.
  for (double middle = low + (high - low) / 2; middle > low && middle < high;
       middle = low + (high - low) / 2) {
    (mixture_cdf(mixture, middle) < p ? low : high) = middle;
  }
  return low;
}

/// The distribution of a linear combination of the effects.
std::vector<Normal> along(const Effects& effects, std::span<const double> direction) {
  const std::size_t k = direction.size();
  std::vector<Normal> mixture;
  for (const EffectModel& model : effects.models) {
    double mean = 0;
    double variance = 0;
    for (std::size_t i = 0; i < k; ++i) {
      mean += direction[i] * model.mean[i];
      for (std::size_t j = 0; j < k; ++j) {
        variance += direction[i] * direction[j] * model.covariance[i * k + j];
      }
    }
    mixture.push_back({.weight = model.weight, .mean = mean, .deviation = std::sqrt(variance)});
  }
  return mixture;
}

}  // namespace

LinearSums::LinearSums(std::size_t scorers)
    : x(scorers), xx(scorers * (scorers + 1) / 2), xy(scorers) {}

void LinearSums::fold(const Snapshot& snapshot, Fold fold) {
  const double weight = fold == Fold::kAdd ? snapshot.weight : -snapshot.weight;
  snapshots += fold == Fold::kAdd ? 1 : -1;
  n += weight;
  y += weight * snapshot.reward;
  yy += weight * snapshot.reward * snapshot.reward;
  double* products = xx.data();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double weighted = weight * snapshot.scores[i];
    x[i] += weighted;
    xy[i] += weighted * snapshot.reward;
    for (std::size_t j = 0; j <= i; ++j) *products++ += weighted * snapshot.scores[j];
  }
}

LinearSums LinearSums::only(std::span<const std::size_t> scorers) const {
  LinearSums part(scorers.size());
  part.snapshots = snapshots;
  part.n = n;
  part.y = y;
  part.yy = yy;
  double* products = part.xx.data();
  for (std::size_t i = 0; i < scorers.size(); ++i) {
    part.x[i] = x[scorers[i]];
    part.xy[i] = xy[scorers[i]];
    for (std::size_t j = 0; j <= i; ++j) *products++ = product(scorers[i], scorers[j]);
  }
  return part;
}

double discount(core::Time then, core::Time now, double half_life_weeks) {
  return std::exp2(-core::days_between(then, now) / 7 / half_life_weeks);
}

std::optional<Effects> estimate_effects(const LinearSums& sums,
                                        std::span<const double> static_weights,
                                        std::span<const double> transferred) {
  if (sums.snapshots < 2 || !(sums.n > 1) || static_weights.empty()) return std::nullopt;
  const std::size_t scorers = static_weights.size();
  const auto k = static_cast<Index>(scorers);
  const Centred centred = centre(sums);
  const double variance = std::max(kLeastVariance, centred.yy / (sums.n - 1));
  const VectorXd given = Eigen::Map<const VectorXd>(static_weights.data(), k);
  std::vector<VectorXd> priors;
  if (transferred.empty()) {
    for (const double kappa : kKappas) priors.emplace_back(kappa * given / given.mean());
  } else {
    priors.emplace_back(Eigen::Map<const VectorXd>(transferred.data(), k));
  }

  Effects effects;
  std::vector<double> likelihoods;
  for (const double tau : kTaus) {
    const MatrixXd precision = centred.xx / variance + MatrixXd::Identity(k, k) / (tau * tau);
    const Eigen::LLT<MatrixXd> cholesky(precision);
    const MatrixXd covariance = cholesky.solve(MatrixXd::Identity(k, k));
    const double log_determinant =
        2 * cholesky.matrixLLT().diagonal().array().log().sum();  // of the precision
    for (const VectorXd& prior : priors) {
      const VectorXd gradient = (centred.xy - centred.xx * prior) / variance;
      const VectorXd shift = covariance * gradient;
      const double residual =
          centred.yy - 2 * prior.dot(centred.xy) + prior.dot(centred.xx * prior);
      likelihoods.push_back(-0.5 * (log_determinant + 2 * static_cast<double>(k) * std::log(tau) +
                                    residual / variance - gradient.dot(shift)));
      const VectorXd mean = prior + shift;
      effects.models.push_back({.mean = {mean.begin(), mean.end()},
                                .covariance = {covariance.data(), covariance.data() + k * k}});
    }
  }
  const double best = *std::max_element(likelihoods.begin(), likelihoods.end());
  double total = 0;
  for (double& likelihood : likelihoods) total += likelihood = std::exp(likelihood - best);

  effects.mean.assign(scorers, 0);
  for (std::size_t m = 0; m < effects.models.size(); ++m) {
    effects.models[m].weight = likelihoods[m] / total;
    for (std::size_t i = 0; i < scorers; ++i) {
      effects.mean[i] += effects.models[m].weight * effects.models[m].mean[i];
    }
  }
  return effects;
}

std::array<double, 2> effect_interval(const Effects& effects, std::size_t scorer) {
  std::vector<double> axis(effects.mean.size(), 0);
  axis[scorer] = 1;
  const std::vector<Normal> mixture = along(effects, axis);
  return {mixture_quantile(mixture, kTail), mixture_quantile(mixture, 1 - kTail)};
}

std::optional<Contrast> contrast(const Effects& effects, std::span<const double> direction) {
  if (std::all_of(direction.begin(), direction.end(), [](double each) { return each == 0; })) {
    return std::nullopt;
  }
  const std::vector<Normal> mixture = along(effects, direction);
  Contrast found{
      .interval = {mixture_quantile(mixture, kTail), mixture_quantile(mixture, 1 - kTail)}};
  for (const Normal& each : mixture) {
    found.mean += each.weight * each.mean;
    found.p_positive += each.weight * stats::normal_cdf(each.mean / each.deviation);
  }
  return found;
}

RewardModel::RewardModel(const LinearSums& sums, const Effects& effects)
    : intercept_(sums.y / sums.n), effects_(effects.mean) {
  for (std::size_t i = 0; i < effects_.size(); ++i) intercept_ -= effects_[i] * sums.x[i] / sums.n;
}

double RewardModel::operator()(std::span<const double> scores) const {
  double reward = intercept_;
  for (std::size_t i = 0; i < effects_.size(); ++i) reward += effects_[i] * scores[i];
  return std::clamp(reward, 0.0, 1.0);
}

std::vector<double> weights_from_effects(std::span<const double> effects,
                                         std::span<const double> static_weights) {
  double given = 0;
  double positive = 0;
  for (const double weight : static_weights) given += weight;
  for (const double effect : effects) positive += std::max(effect, 0.0);
  std::vector<double> weights(static_weights.begin(), static_weights.end());
  if (!(positive > 0)) return weights;
  const double shared = std::max(0.0, given - static_cast<double>(weights.size()) * kWeightFloor);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = kWeightFloor + shared * std::max(effects[i], 0.0) / positive;
  }
  return weights;
}

std::vector<CorrelatedPair> correlated_scorers(const LinearSums& sums, double threshold) {
  std::vector<CorrelatedPair> pairs;
  if (sums.snapshots < 3) return pairs;  // two points always lie on a line
  const auto moment = [&](std::size_t a, std::size_t b) {
    return sums.product(a, b) - sums.x[a] * sums.x[b] / sums.n;
  };
  // A constant score leaves rounding noise, not a spread.
  const auto spread = [&](std::size_t a) {
    const double squared = moment(a, a);
    return squared > 1e-12 * sums.product(a, a) ? squared : 0.0;
  };
  for (std::size_t a = 0; a < sums.x.size(); ++a) {
    for (std::size_t b = a + 1; b < sums.x.size(); ++b) {
      const double scale = std::sqrt(spread(a) * spread(b));
      if (scale > 0 && std::abs(moment(a, b)) > threshold * scale) {
        pairs.push_back({.first = a, .second = b, .correlation = moment(a, b) / scale});
      }
    }
  }
  return pairs;
}

}  // namespace adgenome::learning
